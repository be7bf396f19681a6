"""The demo's headquarters and dealers: a real server on a fresh copy of the demo's data, reached over a connection to cut."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import msgspec

from server.demo.fill import SIGN_INS, SignIn
from tests.e2e.connection import Connection
from tests.simulation.server_process import ServerProcess, free_port

Ask = Callable[..., Awaitable[Any]]


class Company:
    """`url` is headquarters' own address, `tablet_url` the one over the connection."""

    def __init__(self, data: Path, pwa: Path, **settings: str) -> None:
        self.data = data
        port = free_port()
        self.connection = Connection(port)
        self._make = lambda public: ServerProcess(
            data, port=port, demo="true", pwa=str(pwa), public_url=public, currency="CNY", **settings
        )
        self.url = f"http://localhost:{port}"
        self.tablet_url = ""
        self._server: ServerProcess | None = None

    async def start(self) -> None:
        await self.connection.open()
        self.tablet_url = f"http://localhost:{self.connection.port}"
        self._server = self._make(self.tablet_url)
        await asyncio.to_thread(self._server.start)

    async def restart(self) -> None:
        """The server alone, as after an update of it."""
        assert self._server is not None
        await asyncio.to_thread(self._server.stop)
        await asyncio.to_thread(self._server.start)

    async def stop(self) -> None:
        await self.connection.cut()
        if self._server:
            await asyncio.to_thread(self._server.stop)

    def sign_in(self, login: str) -> SignIn:
        """Name and password of one of the demo's people that have one."""
        path = self.data / "secrets" / SIGN_INS
        return next(one for one in msgspec.json.decode(path.read_bytes(), type=list[SignIn]) if one.login == login)

    async def enrolment_link(self, login: str) -> str:
        """Lets a new device of that person in; by an administrator without a screen, for tests that are not about it."""
        async with headquarters(self.url, self.sign_in("admin")) as ask:
            people = await ask("GET", "/hq/people")
            account = next(each["account"] for each in people if each["login"] == login)
            return (await ask("POST", "/access/enrolments", {"account": account}))["link"]


@asynccontextmanager
async def headquarters(url: str, who: SignIn) -> AsyncIterator[Ask]:
    """Somebody signed in at headquarters' HTTP interface. AssertionError with the server's words for anything but success."""
    jar, headers = aiohttp.CookieJar(unsafe=True), {"X-Daybook": "1"}
    async with aiohttp.ClientSession(url, cookie_jar=jar, headers=headers) as session:

        async def ask(method: str, path: str, body: Any = None) -> Any:
            async with session.request(method, path, json=body) as answer:
                text = await answer.text()
                assert answer.status < 300, f"{method} {path}: {answer.status} {text}"
                return msgspec.json.decode(text) if text else None

        await ask("POST", "/access/session", {"login": who.login, "password": who.password})
        yield ask


def copy_of(template: Path, folder: Path) -> Path:
    """A company's data folder as the template's, without its logs."""
    shutil.copytree(template, folder, ignore=shutil.ignore_patterns("*.log", "*.log.*"))
    return folder
