"""A push service on this machine that answers as it is told, and browsers that subscribed to it."""

from __future__ import annotations

import base64
import os
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any

import http_ece
import msgspec
import pytest
import pytest_asyncio
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from server.access import people
from server.access.people import NewPerson
from server.notify.routes import endpoint_hash
from server.notify.sender import PushSender
from server.settings import Settings
from server.store import push
from server.store.engine import Database


def base64url(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


class Browser:
    """What a browser keeps of a subscription: the private key that messages are opened with."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self._private = ec.generate_private_key(ec.SECP256R1())
        self._auth = os.urandom(16)

    @property
    def keys(self) -> dict[str, str]:
        point = self._private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"p256dh": base64url(point), "auth": base64url(self._auth)}

    def open(self, message: bytes) -> Any:
        plain = http_ece.decrypt(message, private_key=self._private, auth_secret=self._auth, version="aes128gcm")
        return msgspec.json.decode(plain)


class PushService:
    """`answers` are given in turn, then 201. An answer is a status, or a status with headers."""

    def __init__(self) -> None:
        self.received: list[tuple[str, Mapping[str, str], bytes]] = []
        self.answers: list[int | tuple[int, dict[str, str]]] = []
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        self.received.append((request.path, request.headers.copy(), await request.read()))
        answer = self.answers.pop(0) if self.answers else 201
        status, headers = answer if isinstance(answer, tuple) else (answer, {})
        return web.Response(status=status, headers=headers, text="as told")

    def browser(self, name: str = "one") -> Browser:
        return Browser(f"{self.url}/push/{name}")


@pytest_asyncio.fixture(loop_scope="session")
async def service() -> AsyncIterator[PushService]:
    service = PushService()
    app = web.Application()
    app.router.add_post("/{path:.*}", service.take)
    app.router.add_get("/{path:.*}", service.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    service.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield service
    await runner.cleanup()


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

    async def make(login: str, role: str = "owner", dealer: str | None = None, device: str = "") -> Browser:
        dealer = dealer or ("alfki" if role in ("owner", "staff") else None)
        account = await people.create_person(database, NewPerson(login=login, name=login, role=role, dealer=dealer))
        browser = service.browser(login)
        async with database.transaction() as tx:
            row = {"endpoint": browser.endpoint, "endpoint_hash": endpoint_hash(browser.endpoint), **browser.keys}
            await push.subscribe(tx, {**row, "device": device, "account": account, "created_at": 1}, 20)
        return browser

    return make
