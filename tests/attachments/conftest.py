"""The routes of attachments on each engine, two dealers' tablets, a technician, and somebody at headquarters."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from litestar import Litestar

from server.access import devices, people
from server.access.people import NewPerson
from server.access.routes import router as access_router
from server.attachments.routes import router
from server.attachments.upload import Uploads
from server.errors import EXCEPTION_HANDLERS, check_media_type
from server.settings import Settings
from server.store.engine import Database

from .sender import Sender

PASSWORD = "wide open fields"
MakeSender = Callable[..., Awaitable[Sender]]


@pytest.fixture
def uploads(database: Database, tmp_path: Path) -> Uploads:
    return Uploads(database, tmp_path / "attachments")


@pytest_asyncio.fixture(loop_scope="session")
async def http(database: Database, uploads: Uploads, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    app = Litestar(
        route_handlers=[access_router, router],
        exception_handlers=EXCEPTION_HANDLERS,
        before_request=check_media_type,
        openapi_config=None,
        logging_config=None,
        request_max_body_size=8 * 1024 * 1024,
    )
    app.state.database, app.state.uploads, app.state.settings = database, uploads, Settings(data=tmp_path)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="http://daybook.test", headers={"X-Daybook": "1"}
    ) as client:
        yield client


@pytest.fixture
def sender(http: httpx.AsyncClient, database: Database) -> MakeSender:
    """Enrols a device: of a dealer, or with the role technician."""

    async def make(dealer: str | None = "alfki", role: str = "owner", login: str = "") -> Sender:
        login = login or f"{role}-{dealer}"
        account = await people.create_person(
            database, NewPerson(login=login, name=login, role=role, dealer=dealer, password=PASSWORD)
        )
        enrolled = await devices.enrol_with_password(database, login, PASSWORD, "tablet", "192.0.2.1")
        scope = f"dealer:{dealer}" if dealer else f"technician:{account}"
        return Sender(http, enrolled.token, scope)

    return make


@pytest_asyncio.fixture(loop_scope="session")
async def alfki(sender: MakeSender) -> Sender:
    return await sender("alfki")


@pytest_asyncio.fixture(loop_scope="session")
async def berga(sender: MakeSender) -> Sender:
    return await sender("berga")


@pytest_asyncio.fixture(loop_scope="session")
async def headquarters(http: httpx.AsyncClient, database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that is signed in at headquarters."""
    await people.create_person(database, NewPerson(login="root", name="Root", role="sales", password=PASSWORD))
    async with httpx.AsyncClient(
        transport=http._transport, base_url="http://daybook.test", headers={"X-Daybook": "1"}
    ) as browser:
        answer = await browser.post("/access/session", json={"login": "root", "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        yield browser
