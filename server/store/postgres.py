"""PostgreSQL: a pool of connections; wake-ups between server processes over one connection that comes back by itself."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any

import asyncpg

from .engine import Database
from .postgres_wakeups import Wakeups
from .transaction import Busy, Conflict, Row, StoreError, Transaction, column_list

POOL_SIZE = 20
_QUOTED_OR_MARK = re.compile(r"'[^']*'|\"[^\"]*\"|\?")


@lru_cache(maxsize=1024)
def numbered(sql: str) -> str:
    """`?` as `$1`, `$2`, …; what stands in quotes stays."""
    count = 0

    def number(match: re.Match[str]) -> str:
        nonlocal count
        if match.group() != "?":
            return match.group()
        count += 1
        return f"${count}"

    return _QUOTED_OR_MARK.sub(number, sql)


class PostgresTransaction(Transaction):
    engine = "postgres"

    def __init__(self, connection: Any, writes: bool) -> None:
        super().__init__(writes)
        self._connection = connection

    def translate(self, sql: str) -> str:
        return numbered(sql)

    @property
    def for_update(self) -> str:
        return "FOR UPDATE"

    def listed(self, columns: str, rows: Sequence[Sequence[Any]]) -> tuple[str, list[Any]]:
        pairs = column_list(columns)
        arrays = ", ".join(f"?::{kind}[]" for _, kind in pairs)
        names = ", ".join(name for name, _ in pairs)
        args: list[Any] = [[row[number] for row in rows] for number in range(len(pairs))]
        return f"(SELECT * FROM unnest({arrays}) AS listed({names}))", args

    async def _rows(self, sql: str, args: Sequence[Any]) -> list[Row]:
        with _told_apart():
            return [dict(record) for record in await self._connection.fetch(sql, *args)]

    async def _execute(self, sql: str, args: Sequence[Any]) -> int:
        with _told_apart():
            status: str = await self._connection.execute(sql, *args)
        last = status.rpartition(" ")[2]
        return int(last) if last.isdigit() else 0

    async def _many(self, sql: str, rows: list[Sequence[Any]]) -> None:
        with _told_apart():
            await self._connection.executemany(sql, rows)

    async def _insert(
        self, table: str, columns: Sequence[str], rows: list[Sequence[Any]], on_conflict: str, soon: bool
    ) -> None:
        if on_conflict:
            marks = ", ".join(f"${number}" for number, _ in enumerate(columns, 1))
            await self._many(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks}) {on_conflict}", rows)
            return
        with _told_apart():
            await self._connection.copy_records_to_table(table, records=rows, columns=list(columns))


class _told_apart:
    """asyncpg's errors as the store's own."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _: Any, error: BaseException | None, __: Any) -> None:
        if isinstance(error, asyncpg.UniqueViolationError):
            raise Conflict(str(error)) from error
        if isinstance(
            error, asyncpg.DeadlockDetectedError | asyncpg.SerializationError | asyncpg.LockNotAvailableError
        ):
            raise Busy(str(error)) from error
        if isinstance(error, asyncpg.PostgresError | asyncpg.InterfaceError | ConnectionError):
            raise StoreError(str(error)) from error


class PostgresDatabase(Database):
    """Any number of server processes on one database."""

    engine = "postgres"

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self._pool: Any = None
        self._wakeups = Wakeups(url, super()._tell)

    async def open(self) -> None:
        self._pool = await asyncpg.create_pool(
            self.url, min_size=1, max_size=POOL_SIZE, command_timeout=120, server_settings={"timezone": "UTC"}
        )
        await self._wakeups.start()

    async def close(self) -> None:
        await super().close()
        await self._wakeups.stop()
        try:
            await asyncio.wait_for(self._pool.close(), 10)
        except TimeoutError:
            self._pool.terminate()

    def _tell(self, moves: Any) -> None:
        super()._tell(moves)
        self._wakeups.send(moves)

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[Transaction]:
        async with self._pool.acquire() as connection:
            with _told_apart():
                async with connection.transaction():
                    yield PostgresTransaction(connection, writes=True)

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[Transaction]:
        async with self._pool.acquire() as connection:
            with _told_apart():
                async with connection.transaction(isolation="repeatable_read", readonly=True):
                    yield PostgresTransaction(connection, writes=False)
