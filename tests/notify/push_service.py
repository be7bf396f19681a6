"""A push service on this machine that answers as it is told, and browsers that subscribed to it."""

from __future__ import annotations

import base64
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import http_ece
import msgspec
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def base64url(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


class PushBrowser:
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

    def browser(self, name: str = "one") -> PushBrowser:
        return PushBrowser(f"{self.url}/push/{name}")


@asynccontextmanager
async def push_service() -> AsyncIterator[PushService]:
    """A running one, on a free port of loopback."""
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
