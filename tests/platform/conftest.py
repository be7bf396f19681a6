"""An application with an empty database of its own and a small built app."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from server.app import Daybook, create_app
from server.precompress import precompress
from server.settings import Settings

SCRIPT = "export const words = " + repr(["offline"] * 400) + "\n"


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a build leaves: a front page, a hashed script, wasm, a service worker, a manifest."""
    folder = tmp_path_factory.mktemp("dist")
    (folder / "assets").mkdir()
    (folder / "index.html").write_text("<!doctype html><title>Daybook</title>" + "<p>front</p>" * 100)
    (folder / "assets" / "index-abc123.js").write_text(SCRIPT)
    (folder / "assets" / "automerge-abc123.wasm").write_bytes(b"\0asm" + b"\1\0\0\0" * 500)
    (folder / "sw.js").write_text("self.addEventListener('push', () => {})\n")
    (folder / "manifest.webmanifest").write_text("{}")
    (folder / ".daybook").write_text("a build's mark")
    precompress(folder)
    return folder


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def app(tmp_path_factory: pytest.TempPathFactory, built: Path) -> AsyncIterator[Daybook]:
    settings = Settings(data=tmp_path_factory.mktemp("data"), pwa=built, demo=False, gate_workers=1)
    made = create_app(settings)
    up, down = asyncio.Event(), asyncio.Event()

    async def live() -> None:  # opened and closed in one task, as a server does
        async with made.lifespan():
            up.set()
            await down.wait()

    task = asyncio.create_task(live())
    await asyncio.wait({task, asyncio.ensure_future(up.wait())}, return_when=asyncio.FIRST_COMPLETED)
    yield made
    down.set()
    await task


@pytest_asyncio.fixture(loop_scope="session")
async def web(app: Daybook) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://daybook.test") as client:
        client.headers["accept-encoding"] = "identity"
        yield client
