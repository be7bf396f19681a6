"""Push senders on a real database, and people whose browsers subscribed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from server.access import people
from server.access.people import NewPerson
from server.notify.routes import endpoint_hash
from server.notify.sender import PushSender
from server.settings import Settings
from server.store import push
from server.store.engine import Database
from tests.notify.push_service import PushBrowser, PushService, push_service


@pytest_asyncio.fixture(loop_scope="session")
async def service() -> AsyncIterator[PushService]:
    async with push_service() as running:
        yield running


@pytest.fixture
def settings(tmp_path: Path, service: PushService) -> Settings:
    return Settings(data=tmp_path, push_services=[service.url], push_contact="mailto:push@daybook.test")


@pytest_asyncio.fixture(loop_scope="session")
async def sender(database: Database, settings: Settings) -> AsyncIterator[PushSender]:
    """A sender that is not running: tests work jobs off one round at a time."""
    sender = PushSender(database, settings)
    yield sender
    await sender.stop()


@pytest.fixture
def subscribed(database: Database, service: PushService) -> Callable[..., Any]:
    """Makes a person of a role whose browser subscribed; answers the browser."""

    async def make(login: str, role: str = "owner", dealer: str | None = None, device: str = "") -> PushBrowser:
        dealer = dealer or ("alfki" if role in ("owner", "staff") else None)
        account = await people.create_person(database, NewPerson(login=login, name=login, role=role, dealer=dealer))
        browser = service.browser(login)
        async with database.transaction() as tx:
            row = {"endpoint": browser.endpoint, "endpoint_hash": endpoint_hash(browser.endpoint), **browser.keys}
            await push.subscribe(tx, {**row, "device": device, "account": account, "created_at": 1}, 20)
        return browser

    return make
