"""From empty to exactly `tables.py`, on both engines, however often and however many at once."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

from server.store.engine import Database, open_database
from server.store.migrate import epoch, migrate, new_epoch
from server.store.tables import TABLES
from server.store.transaction import Conflict
from tests.server_fixtures import new_postgres


async def columns_of(database: Database, table: str) -> dict[str, tuple[str, bool]]:
    """Column -> its type and whether it may be null, as the database says."""
    async with database.reading() as tx:
        if tx.engine == "sqlite":
            rows = await tx.rows(f'PRAGMA table_info("{table}")')
            return {row["name"]: (row["type"], not row["notnull"]) for row in rows}
        rows = await tx.rows(
            "SELECT column_name, data_type, is_nullable FROM information_schema.columns WHERE table_name = ?"
            " AND table_schema = current_schema()",
            table,
        )
        return {row["column_name"]: (row["data_type"], row["is_nullable"] == "YES") for row in rows}


async def test_migrating_from_empty_gives_the_tables(database: Database, postgres_server: str, tmp_path) -> None:
    url = "" if database.engine == "sqlite" else await new_postgres(postgres_server)
    straight = await open_database(SimpleNamespace(database_url=url, data=tmp_path))
    try:
        async with straight.transaction():
            for table in TABLES:
                await table.create_table()
        for table in TABLES:
            name = table._meta.tablename
            assert await columns_of(database, name) == await columns_of(straight, name), name
    finally:
        await straight.close()
    async with database.reading() as tx:
        if tx.engine == "sqlite":
            found = await tx.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        else:
            found = await tx.rows("SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()")
    assert {row["name"] for row in found} == {table._meta.tablename for table in TABLES} | {"migration"}


async def test_a_second_start_changes_nothing(database: Database) -> None:
    async with database.reading() as tx:
        before = await epoch(tx)
    assert await asyncio.gather(migrate(database), migrate(database)) == [[], []]
    async with database.reading() as tx:
        assert await epoch(tx) == before


@pytest.mark.rule("SY6")
async def test_a_new_epoch_is_another(database: Database) -> None:
    async with database.transaction() as tx:
        before = await epoch(tx)
        after = await new_epoch(tx)
        assert after != before
        assert await epoch(tx) == after


async def test_unique_pairs_are_unique(database: Database) -> None:
    columns = ["kind", "key", "scope", "seq", "version"]
    with pytest.raises(Conflict):
        async with database.transaction() as tx:
            await tx.insert("record", columns, [("product", "a", "catalog", 1, 1), ("product", "a", "hq", 2, 1)])
    async with database.transaction() as tx:
        await tx.insert("record", columns, [("product", "a", "catalog", 1, 1), ("product", "b", "catalog", 1, 1)])
