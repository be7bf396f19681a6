"""Real browsers. A device keeps its profile over restarts and over being killed."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
from pathlib import Path
from typing import Any

import psutil
from playwright.async_api import BrowserContext, Page, Playwright
from playwright.async_api import Error as PlaywrightError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-default-browser-check",
    "--no-first-run",
)
WAIT_MS = 20_000
"""For what must come; nothing waits so long that works."""

TABLET = {"width": 800, "height": 1280}
TABLET_LANDSCAPE = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}


def find_chromium() -> str | None:
    given = os.environ.get("DAYBOOK_CHROMIUM")
    return given or next(filter(None, map(shutil.which, NAMES)), None)


def launch_options(executable: str) -> dict[str, Any]:
    return {"executable_path": executable, "headless": True, "args": list(ARGUMENTS)}


class Device:
    """One person's browser. `camera`: a film that its camera shows. `faults`: what its pages threw and nobody caught."""

    def __init__(
        self, playwright: Playwright, executable: str, profile: Path, *, camera: Path | None = None, **options: Any
    ) -> None:
        self._playwright, self._profile = playwright, profile
        self._launch = launch_options(executable)
        if camera:
            shown = ("--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={camera}")
            self._launch["args"] += shown
        self._options = {"viewport": TABLET, "has_touch": True, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
        self._options |= {"permissions": ["notifications"], **options}
        self._context: BrowserContext | None = None
        self.faults: list[str] = []

    @property
    def context(self) -> BrowserContext:
        assert self._context is not None, "the browser is not running"
        return self._context

    @property
    def page(self) -> Page:
        """The tab that the app is in."""
        return self.context.pages[0]

    async def start(self, *, offline: bool = False) -> Page:
        self._context = await self._playwright.chromium.launch_persistent_context(
            self._profile, **self._launch, **self._options
        )
        self._context.set_default_timeout(WAIT_MS)
        self._context.on("page", self._watch)
        for page in self._context.pages:
            self._watch(page)
        if offline:
            await self._context.set_offline(True)
        return self.page

    async def close(self) -> None:
        """As a person closes it."""
        if self._context is not None:
            with contextlib.suppress(PlaywrightError):  # it may be dead already
                await self._context.close()
            self._context = None

    async def kill(self) -> None:
        """As an empty battery ends it: no process of it gets to say a word."""
        family = self._processes()
        assert family, "no process of this browser is running"
        for process in family:
            _kill(process)
        await asyncio.to_thread(psutil.wait_procs, family, 20)
        await self.close()

    def _processes(self) -> list[psutil.Process]:
        named = f"--user-data-dir={self._profile}"
        heads = [each for each in psutil.process_iter(["cmdline"]) if named in (each.info["cmdline"] or [])]
        return [process for head in heads for process in (head, *head.children(recursive=True))]

    def _watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))


def _kill(process: psutil.Process) -> None:
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return
