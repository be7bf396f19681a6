"""Browsers, the built app, and a demo company for each test."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Playwright, async_playwright, expect

from tests.e2e.built_app import copy_of_the_build
from tests.e2e.chromium import DESKTOP, WAIT_MS, Device, find_chromium, launch_options
from tests.e2e.company import Company, copy_of
from tests.e2e.pages.headquarters import HeadquartersApp
from tests.e2e.pages.tablet import TabletApp

expect.set_options(timeout=WAIT_MS)

NewCompany = Callable[..., Awaitable[Company]]
NewTablet = Callable[..., Awaitable[TabletApp]]
NewHeadquarters = Callable[..., Awaitable[HeadquartersApp]]


@pytest.fixture(scope="session")
def chromium_path() -> str:
    found = find_chromium()
    if not found:
        reason = "no Chromium or Chrome: install one or name it in DAYBOOK_CHROMIUM"
        if os.environ.get("CI", "").lower() in ("1", "true"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture(scope="session")
def pwa(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built app."""
    return copy_of_the_build(tmp_path_factory.mktemp("app") / "dist")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def playwright() -> AsyncIterator[Playwright]:
    async with async_playwright() as started:
        yield started


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(playwright: Playwright, chromium_path: str) -> AsyncIterator[Browser]:
    """Headquarters' browser. Every person in it has a context of their own."""
    started = await playwright.chromium.launch(**launch_options(chromium_path))
    yield started
    await started.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def demo_data(tmp_path_factory: pytest.TempPathFactory, pwa: Path) -> Path:
    """The demo's data as a first start makes it."""
    company = Company(tmp_path_factory.mktemp("demo"), pwa)
    await company.start()
    await company.stop()
    return company.data


@pytest_asyncio.fixture(loop_scope="session")
async def new_company(demo_data: Path, pwa: Path, tmp_path: Path) -> AsyncIterator[NewCompany]:
    """Starts a company. `app` is the built app that it serves; other words are settings of the server."""
    started: list[Company] = []

    async def make(app: Path = pwa, **settings: str) -> Company:
        company = Company(copy_of(demo_data, tmp_path / f"company{len(started)}"), app, **settings)
        started.append(company)
        await company.start()
        return company

    yield make
    for company in started:
        await company.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def company(new_company: NewCompany) -> Company:
    return await new_company()


@pytest_asyncio.fixture(loop_scope="session")
async def new_tablet(playwright: Playwright, chromium_path: str, tmp_path: Path) -> AsyncIterator[NewTablet]:
    """Starts a tablet of somebody of that company. What its pages threw and nobody caught fails the test."""
    tablets: list[TabletApp] = []

    async def make(company: Company, **options: Any) -> TabletApp:
        device = Device(playwright, chromium_path, tmp_path / f"tablet{len(tablets)}", **options)
        await device.start()
        tablets.append(TabletApp(device, company.connection, company.tablet_url))
        return tablets[-1]

    yield make
    for tablet in tablets:
        await tablet.device.close()
    assert [fault for tablet in tablets for fault in tablet.device.faults] == []


@pytest_asyncio.fixture(loop_scope="session")
async def new_headquarters(browser: Browser) -> AsyncIterator[NewHeadquarters]:
    """Opens headquarters' screens in a browser of their own and signs somebody in by the form."""
    opened: list[HeadquartersApp] = []

    async def make(company: Company, login: str = "admin", **options: Any) -> HeadquartersApp:
        chosen: dict[str, Any] = {"viewport": DESKTOP, "locale": "en", "timezone_id": "Asia/Shanghai", **options}
        context = await browser.new_context(**chosen)
        context.set_default_timeout(WAIT_MS)
        app = HeadquartersApp(await context.new_page(), company.url)
        opened.append(app)
        await app.sign_in(company.sign_in(login))
        return app

    yield make
    for app in opened:
        await app.page.context.close()
    assert [fault for app in opened for fault in app.faults] == []
