# ruff: noqa: PT012 - a block that fails is what these are about
"""Transactions: whole or not at all, one writer at a time, never nested, never inherited."""

from __future__ import annotations

import asyncio

import pytest

from server.store.engine import Database
from server.store.tables import Meta, Scope
from server.store.transaction import Conflict, StoreError


async def scopes(database: Database) -> dict[str, int]:
    async with database.reading() as tx:
        return {row["name"]: row["seq"] for row in await tx.rows("SELECT name, seq FROM scope")}


async def test_commit_and_rollback(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.execute("INSERT INTO scope (name, seq) VALUES (?, ?)", "kept", 1)
    with pytest.raises(ZeroDivisionError):
        async with database.transaction() as tx:
            await tx.execute("INSERT INTO scope (name, seq) VALUES (?, ?)", "lost", 1)
            raise ZeroDivisionError
    assert await scopes(database) == {"kept": 1}


async def test_tables_work_in_the_same_transaction(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.transaction() as tx:
            await Scope.insert(Scope(name="by the table", seq=5))
            assert (await tx.row("SELECT seq FROM scope")) == {"seq": 5}
            await tx.execute("UPDATE scope SET seq = 6")
            assert await Scope.select(Scope.seq).first() == {"seq": 6}
            raise ZeroDivisionError
    assert await scopes(database) == {}


async def test_tables_need_a_transaction(database: Database) -> None:
    with pytest.raises(RuntimeError):
        await Meta.select()


async def test_transactions_do_not_nest(database: Database) -> None:
    async with database.transaction():
        with pytest.raises(RuntimeError):
            async with database.transaction():
                pass


async def test_a_task_does_not_inherit_the_transaction(database: Database) -> None:
    async def child(tx) -> None:
        with pytest.raises(RuntimeError):
            await tx.rows("SELECT 1 AS one")
        with pytest.raises(RuntimeError):
            await Meta.select()
        async with database.reading() as own:
            assert await own.rows("SELECT 1 AS one") == [{"one": 1}]

    async with database.transaction() as tx:
        await asyncio.create_task(child(tx))
        await tx.execute("INSERT INTO scope (name, seq) VALUES ('after', 1)")
    assert await scopes(database) == {"after": 1}


async def test_a_transaction_ends(database: Database) -> None:
    async with database.reading() as tx:
        pass
    with pytest.raises(RuntimeError):
        await tx.rows("SELECT 1 AS one")


async def test_reading_cannot_write(database: Database) -> None:
    with pytest.raises(StoreError):
        async with database.reading() as tx:
            await tx.execute("INSERT INTO scope (name, seq) VALUES ('x', 1)")
    assert await scopes(database) == {}


async def test_a_reader_keeps_its_snapshot(database: Database) -> None:
    async with database.reading() as tx:
        assert await tx.rows("SELECT name FROM scope") == []
        await asyncio.create_task(_write(database, "late"))
        assert await tx.rows("SELECT name FROM scope") == []
    assert await scopes(database) == {"late": 1}


async def _write(database: Database, name: str) -> None:
    async with database.transaction() as tx:
        await tx.execute("INSERT INTO scope (name, seq) VALUES (?, 1)", name)


async def test_a_hundred_writers_read_then_write(database: Database) -> None:
    await _write(database, "counter")

    async def one() -> None:
        async with database.transaction() as tx:
            row = await tx.row(f"SELECT seq FROM scope WHERE name = 'counter' {tx.for_update}")
            await asyncio.sleep(0)
            await tx.execute("UPDATE scope SET seq = ? WHERE name = 'counter'", row["seq"] + 1)

    await asyncio.gather(*(one() for _ in range(100)))
    assert await scopes(database) == {"counter": 101}


async def test_a_unique_index_is_a_conflict(database: Database) -> None:
    await _write(database, "once")
    with pytest.raises(Conflict):
        await _write(database, "once")
    await _write(database, "still writable")
    assert set(await scopes(database)) == {"once", "still writable"}


async def test_a_cancelled_writer_leaves_nothing(database: Database) -> None:
    begun = asyncio.Event()

    async def slow() -> None:
        async with database.transaction() as tx:
            await tx.execute("INSERT INTO scope (name, seq) VALUES ('cancelled', 1)")
            begun.set()
            await asyncio.sleep(30)

    task = asyncio.create_task(slow())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await _write(database, "next")
    assert await scopes(database) == {"next": 1}


async def test_lists_as_tables(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.insert("scope", ["name", "seq"], [("a", 1), ("b", 2), ("c'?", 3)])
        wanted, args = tx.listed("name text, seq bigint", [("b", 2), ("c'?", 3), ("a", 9)])
        sql = f"SELECT s.name FROM {wanted} AS w JOIN scope s ON s.name = w.name AND s.seq = w.seq ORDER BY s.name"
        assert [row["name"] for row in await tx.rows(sql, *args)] == ["b", "c'?"]
        nothing, args = tx.listed("name text, hash bytea", [])
        assert await tx.rows(f"SELECT s.* FROM {nothing} AS w JOIN scope s ON s.name = w.name", *args) == []
        some, args = tx.listed("name text, hash bytea", [("a", b"\x00\xff"), ("b", b"")])
        rows = await tx.rows(f"SELECT w.name, w.hash FROM {some} AS w ORDER BY w.name", *args)
        assert rows == [{"name": "a", "hash": b"\x00\xff"}, {"name": "b", "hash": b""}]
        assert tx.statements == 4


async def test_moves_are_told_after_the_commit_only(database: Database) -> None:
    heard: list[dict[str, int]] = []
    stop = database.listen(lambda moves: heard.append(dict(moves)))
    with pytest.raises(ZeroDivisionError):
        async with database.transaction() as tx:
            database.notify(tx, {"a": 1})
            raise ZeroDivisionError
    async with database.transaction() as tx:
        database.notify(tx, {"a": 2})
        database.notify(tx, {"a": 1, "b": 7})
        assert heard == []
    assert heard == [{"a": 2, "b": 7}]
    stop()


SCOPES = ("name", "seq")


async def test_what_is_inserted_soon_is_seen_by_the_next_statement(database: Database) -> None:
    rows = [(f"scope {number}", number) for number in range(1_234)]
    async with database.transaction() as tx:
        await tx.insert("scope", SCOPES, rows, soon=True)
        await tx.insert("scope", SCOPES, [("one", 1)], soon=True)
        assert await tx.row("SELECT COUNT(*) AS n FROM scope") == {"n": 1_235}
        await tx.insert("scope", SCOPES, [("last", 1)], soon=True)
    assert len(await scopes(database)) == 1_236


@pytest.mark.parametrize("then", ["a statement", "the commit"])
async def test_what_goes_wrong_in_it_is_raised_later(database: Database, then: str) -> None:
    with pytest.raises(Conflict):
        async with database.transaction() as tx:
            await tx.insert("scope", SCOPES, [("lost", 1)], soon=True)
            await tx.insert("scope", SCOPES, [("twice", 1), ("twice", 2)], soon=True)
            if then == "a statement":
                await tx.rows("SELECT 1 AS one")
                pytest.fail("nothing was raised")
    assert await scopes(database) == {}
    async with database.transaction() as tx:
        await tx.execute("INSERT INTO scope (name, seq) VALUES ('after', 1)")
    assert await scopes(database) == {"after": 1}


async def test_it_is_rolled_back_with_the_rest(database: Database) -> None:
    with pytest.raises((ZeroDivisionError, Conflict)):  # PostgreSQL raises the second at once
        async with database.transaction() as tx:
            await tx.insert("scope", SCOPES, [("lost", 1), ("lost", 2)], soon=True)
            raise ZeroDivisionError
    assert await scopes(database) == {}


async def test_rows_that_are_there_are_written_over(database: Database) -> None:
    clause = "ON CONFLICT (name) DO UPDATE SET seq = scope.seq + excluded.seq"
    async with database.transaction() as tx:
        await tx.insert("scope", SCOPES, [(f"s{number}", number) for number in range(60)], clause)
        await tx.insert("scope", SCOPES, [("s1", 1), ("s59", 1), ("new", 7)], clause)
    found = await scopes(database)
    assert (found["s1"], found["s59"], found["s2"], found["new"]) == (2, 60, 2, 7)
