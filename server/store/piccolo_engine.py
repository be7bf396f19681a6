"""Piccolo's engine for every table: it runs each query inside the transaction that the task is in.

Piccolo's own SQLite engine opens a connection and a thread for each query, its transactions nest by joining the outer
one, and tasks inherit them. Here a query outside a transaction is an error, on both engines, and so is one from a task that
only inherited it.
"""

from __future__ import annotations

from typing import Any, NoReturn

from piccolo.engine.base import BaseAtomic, BaseBatch, BaseTransaction, Engine
from piccolo.querystring import QueryString

from .transaction import current


class TransactionEngine(Engine[BaseTransaction]):
    """Which database it is, and how it wants its placeholders, the transaction says."""

    def __init__(self) -> None:
        self.log_queries = False
        self.log_responses = False
        self.query_id = 0

    @property
    def engine_type(self) -> str:  # type: ignore[override]
        return current().engine

    async def run_querystring(self, querystring: QueryString, in_pool: bool = True) -> list[dict[str, Any]]:
        transaction = current()
        sql, args = querystring.compile_string(engine_type=transaction.engine)
        return await transaction.native(sql, args)

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> list[dict[str, Any]]:
        return await current().native(ddl, ())

    async def get_version(self) -> float:
        return 0.0

    def get_version_sync(self) -> float:
        return 0.0

    async def prep_database(self) -> None:
        return None

    async def batch(self, query: Any, batch_size: int = 100, node: str | None = None) -> BaseBatch:
        _use_the_database()

    def transaction(self, *args: Any, **kwargs: Any) -> BaseTransaction:
        _use_the_database()

    def atomic(self) -> BaseAtomic:
        _use_the_database()


def _use_the_database() -> NoReturn:
    raise RuntimeError("open a transaction with database.transaction() or database.reading()")


ENGINE = TransactionEngine()
