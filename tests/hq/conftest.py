"""Headquarters' routes over a real pipeline, and people who signed in there."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from litestar import Litestar

from server.access import people
from server.access.people import NewPerson
from server.access.routes import router as access_router
from server.errors import EXCEPTION_HANDLERS, check_media_type
from server.hq.routes import router as hq_router
from server.reports.dealer_account import router as account_router
from server.settings import Settings
from server.store.engine import Database
from server.sync.pipeline import Pipeline
from tests.sync.world import World

PASSWORD = "wide open fields"
SignIn = Callable[..., Awaitable[httpx.AsyncClient]]


class Desk:
    """Somebody at headquarters with a browser."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def get(self, path: str, **query: Any) -> Any:
        answer = await self.client.get(path, params=query)
        assert answer.status_code == 200, answer.text
        assert answer.headers["cache-control"] == "no-store"
        return answer.json()

    async def command(self, document: str | None, name: str, kind: str = "order", key: str = "", **params: Any) -> Any:
        body = {"key": key or secrets.token_hex(8), "kind": kind, "document": document, "name": name, "params": params}
        return await self.client.post("/hq/commands", json=body)

    async def done(self, document: str | None, name: str, kind: str = "order", **params: Any) -> Any:
        answer = await self.command(document, name, kind, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest_asyncio.fixture(loop_scope="session")
async def world(database: Database, pipeline: Pipeline) -> World:
    return await World(database, pipeline).begin()


@pytest.fixture
def app(world: World, tmp_path: Path) -> Litestar:
    app = Litestar(
        route_handlers=[access_router, hq_router, account_router],
        exception_handlers=EXCEPTION_HANDLERS,
        before_request=check_media_type,
        openapi_config=None,
        logging_config=None,
    )
    app.state.database, app.state.pipeline = world.database, world.pipeline
    app.state.settings = Settings(data=tmp_path)
    return app


@pytest_asyncio.fixture(loop_scope="session")
async def sign_in(app: Litestar, database: Database):
    """Makes a person of a role and a browser where that person signed in."""
    async with AsyncExitStack() as open_until_the_end:

        async def make(role: str = "sales", name: str = "") -> Desk:
            login = name or f"{role}-{secrets.token_hex(3)}"
            person = NewPerson(login=login, name=login.title(), role=role, password=PASSWORD)
            await people.create_person(database, person)
            client = httpx.AsyncClient(
                transport=httpx.ASGITransport(app=app), base_url="http://daybook.test", headers={"X-Daybook": "1"}
            )
            await open_until_the_end.enter_async_context(client)
            answer = await client.post("/access/session", json={"login": login, "password": PASSWORD})
            assert answer.status_code == 200, answer.text
            return Desk(client)

        yield make


@pytest_asyncio.fixture(loop_scope="session")
async def desk(sign_in) -> Desk:
    return await sign_in("administrator", "boss")
