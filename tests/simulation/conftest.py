"""The server that is attacked, once for each engine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from types import SimpleNamespace

import aiohttp
import pytest
import pytest_asyncio

from server.access import people
from server.access.people import NewPerson
from server.store.engine import open_database
from server.store.migrate import migrate
from server.sync.admission import Gate
from server.sync.pipeline import Pipeline
from tests.server_fixtures import new_postgres
from tests.sync.world import World

from .server_process import ServerProcess
from .target import JSON, PASSWORD, ROLES, Target


@pytest_asyncio.fixture(scope="module", params=["sqlite", "postgres"], loop_scope="session")
async def target(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, gate: Gate
) -> AsyncIterator[Target]:
    data: Path = tmp_path_factory.mktemp("attacked")
    (data / "pictures").mkdir()
    url = await new_postgres(request.getfixturevalue("postgres_server")) if request.param == "postgres" else ""
    database = await open_database(SimpleNamespace(database_url=url, data=data))
    await migrate(database)
    world = await World(database, Pipeline(database, gate)).begin()
    for role in ROLES:
        await people.create_person(database, NewPerson(login=role, name=role, role=role, password=PASSWORD))
    target = Target(world, [ServerProcess(data, database_url=url, gate_workers="1") for _ in range(2 if url else 1)])
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        for process in target.processes:
            stack.callback(process.stop)
            await asyncio.to_thread(process.start)
        for role in ("", *ROLES):
            jar = aiohttp.CookieJar(unsafe=True)
            session = await stack.enter_async_context(aiohttp.ClientSession(cookie_jar=jar))
            if role:
                words = {"login": role, "password": PASSWORD}
                async with session.post(f"{target.url}/access/session", json=words, headers=JSON) as answer:
                    assert answer.status == 200, await answer.text()
            target.sessions[role] = session
        yield target
