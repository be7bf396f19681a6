# ruff: noqa: PT012 - a block that fails is what these are about
"""What the writer remembers of balances and records is what a query would have said, on both engines."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from server.store import ledger, records
from server.store.engine import Database
from server.store.migrate import migrate
from server.store.remembered import MOST, Remembered
from server.store.sqlite import SQLiteDatabase
from server.store.transaction import Transaction

KEY = ("stock", "warehouse", "p1")
NAME = ("product", "p1")


@pytest_asyncio.fixture(loop_scope="session")
async def file(tmp_path: Path) -> AsyncIterator[SQLiteDatabase]:
    """A file that only this test opens: PostgreSQL remembers nothing."""
    database = SQLiteDatabase(tmp_path / "daybook.sqlite")
    await database.open()
    await migrate(database)
    yield database
    await database.close()


async def seen(tx: Transaction) -> tuple[int | None, dict[str, Any]]:
    """The balance and the record as the store's functions tell them."""
    amounts = await ledger.balances(tx, [KEY, ("stock", "nowhere", "p1")])
    rows = await records.newest(tx, [NAME, ("product", "none")])
    return amounts.get(KEY), {row["key"]: (row["version"], row["body"]) for row in rows}


async def write(database: Database, amount: int, body: str) -> None:
    async with database.transaction() as tx:
        await ledger.add_to_balances(tx, {KEY: amount})
        await records.write(tx, [(*NAME, "catalog", 1, body)])


async def test_it_says_what_was_written(database: Database) -> None:
    async with database.transaction() as tx:
        assert await seen(tx) == (None, {})
        await ledger.add_to_balances(tx, {KEY: 3})
        await records.write(tx, [(*NAME, "catalog", 1, "a")])
        assert await seen(tx) == (3, {"p1": (1, "a")})
    await write(database, 4, "b")
    async with database.transaction() as tx:
        assert await seen(tx) == (7, {"p1": (2, "b")})
    async with database.reading() as tx:
        assert await seen(tx) == (7, {"p1": (2, "b")})


async def test_what_was_rolled_back_is_forgotten(database: Database) -> None:
    await write(database, 3, "a")
    with pytest.raises(ZeroDivisionError):
        async with database.transaction() as tx:
            await seen(tx)
            await ledger.add_to_balances(tx, {KEY: 100})
            await records.write(tx, [(*NAME, "catalog", 1, "lost")])
            raise ZeroDivisionError
    async with database.transaction() as tx:
        assert await seen(tx) == (3, {"p1": (1, "a")})


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("UPDATE balance SET amount = 50", (50, {"p1": (1, "a")})),
        ('DELETE FROM "record"', (3, {})),
        ("INSERT INTO record (kind, key, scope, seq, version, body) VALUES ('product', 'none', '', 1, 9, 'z')", None),
    ],
)
async def test_a_statement_of_another_kind_is_seen(database: Database, sql: str, expected: Any) -> None:
    await write(database, 3, "a")
    async with database.transaction() as tx:
        await seen(tx)
        await tx.execute(sql)
        assert await seen(tx) == (expected or (3, {"p1": (1, "a"), "none": (9, "z")}))


async def test_another_process_is_seen(file: SQLiteDatabase) -> None:
    await write(file, 3, "a")
    async with file.transaction() as tx:
        await seen(tx)
    with closing(sqlite3.connect(file.path)) as other, other:
        other.execute("UPDATE balance SET amount = 8")
        other.execute("UPDATE record SET version = 4, body = 'other'")
    async with file.transaction() as tx:
        assert await seen(tx) == (8, {"p1": (4, "other")})


async def test_it_is_asked_once(file: SQLiteDatabase) -> None:
    await write(file, 3, "a")
    async with file.transaction() as tx:
        await seen(tx)
        before = tx.statements
        await seen(tx)
        assert tx.statements == before
    async with file.transaction() as tx:
        await seen(tx)
        assert tx.statements == 0


def test_it_does_not_grow_without_end() -> None:
    remembered = Remembered()
    remembered.begin(1)
    remembered.balances = {("stock", "a", str(number)): 1 for number in range(MOST + 1)}
    remembered.begin(1)
    assert not remembered.balances
