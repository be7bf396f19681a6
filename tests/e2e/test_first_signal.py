"""The signal is lost right after the first sign-in, or a part of the app never came: what is said, and what works."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.e2e.company import Company
from tests.e2e.conftest import NewCompany, NewTablet

pytestmark = [pytest.mark.e2e]


async def test_an_order_can_be_written_as_soon_as_the_line_says_that_all_is_kept(
    company: Company, new_tablet: NewTablet
) -> None:
    tablet = await new_tablet(company)
    await tablet.enrol(await company.enrolment_link("dealer"))
    await expect(tablet.find("sync-line")).to_have_attribute("data-app", "kept")
    await tablet.lose_signal()
    document = await tablet.begin_order()
    await tablet.add_line("黄油枪", "grease-gun-900", "4")
    await tablet.device.kill()
    await tablet.restart(offline=True, path=f"/orders/{document}/edit")
    await expect(tablet.line("grease-gun-900")).to_contain_text("4")


async def test_an_order_that_cannot_be_begun_is_told(
    pwa: Path, tmp_path: Path, new_company: NewCompany, new_tablet: NewTablet
) -> None:
    """The writing part of the app is missing, and no service worker can bring it."""
    app = tmp_path / "part"
    shutil.copytree(pwa, app)
    (app / "sw.js").unlink()
    parts = list(app.rglob("*automerge*.wasm"))
    assert parts
    for part in parts:
        part.unlink()
    company = await new_company(app)
    tablet = await new_tablet(company, locale="en")
    await tablet.enrol(await company.enrolment_link("dealer"))
    await expect(tablet.find("sync-line")).to_have_attribute("data-app", "cannot")
    await expect(tablet.find("sync-line")).to_contain_text("at this address the app needs signal to open")
    before = await tablet.stored("documents")
    await tablet.find("new-order").click()
    await expect(tablet.find("undo-bar")).to_contain_text("The order was not begun")
    await expect(tablet.find("undo-bar")).to_contain_text("What you wrote before is kept")
    assert await tablet.stored("documents") == before
