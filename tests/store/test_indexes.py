"""Postings are many and only grow: who asks for some of them by their account finds them by an index, and promises are in none."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from server.store import hq_reads, hq_stock, ledger
from server.store.engine import Database
from server.store.transaction import Row, Transaction

Ask = Callable[[Any], Awaitable[Any]]
PLACE = ["warehouse:main", "in_transit"]
ASKED: list[tuple[str, Ask]] = [
    ("posting_movement_index", lambda tx: ledger.movements(tx, "stock", [("warehouse:main", "p1", 0)])),
    ("posting_movement_index", lambda tx: hq_stock.movements(tx, PLACE, "p1", None, 10)),
    ("posting_lot_index", lambda tx: ledger.movements(tx, "lot", [("warehouse:main", "p1", 0)])),
    ("posting_money_index", lambda tx: hq_reads.account_entries(tx, "receivable:d1", "EUR", 10)),
    ("posting_decision_index", lambda tx: ledger.standing(tx, ["d"])),
]


class Planned:
    """A transaction that answers every question with nothing, and keeps how the database would go about it."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx
        self.plan = ""

    def __getattr__(self, name: str) -> Any:
        return getattr(self.tx, name)

    async def rows(self, sql: str, *args: Any) -> list[Row]:
        explain = "EXPLAIN QUERY PLAN" if self.tx.engine == "sqlite" else "EXPLAIN"
        self.plan += str(await self.tx.rows(f"{explain} {sql}", *args))
        return []


@pytest.mark.parametrize(("index", "ask"), ASKED)
async def test_postings_are_found_by_an_index(database: Database, index: str, ask: Ask) -> None:
    async with database.transaction() as tx:
        if tx.engine == "postgres":  # which reads an empty table whole, if it may
            await tx.execute("SET LOCAL enable_seqscan = off")
        planned = Planned(tx)
        await ask(planned)
    assert index in planned.plan


async def test_no_index_but_that_of_decisions_takes_in_a_promise(database: Database) -> None:
    async with database.reading() as tx:
        if tx.engine == "sqlite":
            sql = "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'posting' AND sql NOT NULL"
        else:
            sql = "SELECT indexdef AS sql FROM pg_indexes WHERE tablename = 'posting' AND schemaname = current_schema()"
        whole = [row["sql"] for row in await tx.rows(sql) if "WHERE" not in row["sql"]]
    assert [sql for sql in whole if "posting_decision_index" not in sql and "pkey" not in sql] == []
