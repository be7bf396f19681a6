"""A server with only the routes of access, on each engine, and people to sign in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
import pytest_asyncio
from litestar import Litestar

from server.access import people
from server.access.people import NewPerson
from server.access.routes import router
from server.errors import EXCEPTION_HANDLERS, check_media_type
from server.settings import Settings
from server.store.engine import Database, open_database

PASSWORD = "wide open fields"


async def open_again(database: Database) -> Database:
    """A second database object on the same data, as another server process has."""
    if database.engine == "postgres":
        return await open_database(SimpleNamespace(database_url=database.url, data=None))
    async with database.reading() as tx:
        file = (await tx.rows("PRAGMA database_list"))[0]["file"]
    return await open_database(SimpleNamespace(database_url="", data=Path(file).parent))


@pytest.fixture
def app(database: Database, tmp_path: Path) -> Litestar:
    app = Litestar(
        route_handlers=[router],
        exception_handlers=EXCEPTION_HANDLERS,
        before_request=check_media_type,
        openapi_config=None,
        logging_config=None,
    )
    app.state.database = database
    app.state.settings = Settings(data=tmp_path)
    return app


@pytest.fixture
def browser(app: Litestar) -> Callable[..., httpx.AsyncClient]:
    """Makes a browser: a client with its own cookies, from an address."""

    def make(address: str = "192.0.2.1", **headers: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=app, client=(address, 40_000))
        return httpx.AsyncClient(
            transport=transport, base_url="http://daybook.test", headers={"X-Daybook": "1", **headers}
        )

    return make


@pytest_asyncio.fixture(loop_scope="session")
async def somebody(database: Database) -> Callable[..., object]:
    """Makes an account; answers its id."""

    async def make(login: str, role: str = "sales", **more: str) -> str:
        dealer = more.pop("dealer", "alfki" if role in ("owner", "staff") else None)
        person = NewPerson(
            login=login, name=more.pop("name", login.title()), role=role, dealer=dealer, password=PASSWORD
        )
        return await people.create_person(database, person)

    return make


@pytest_asyncio.fixture(loop_scope="session")
async def administrator(
    somebody: Callable[..., object], browser: Callable[..., httpx.AsyncClient]
) -> AsyncIterator[httpx.AsyncClient]:
    """A signed-in administrator's browser."""
    await somebody("root", "administrator")  # type: ignore[misc]
    async with browser() as client:
        answer = await client.post("/access/session", json={"login": "root", "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        yield client
