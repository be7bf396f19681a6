"""A new version of the app while somebody is in the middle of an order."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import NewCompany, NewTablet

pytestmark = [pytest.mark.e2e]

UPDATE = "navigator.serviceWorker.getRegistration().then((registration) => registration.update()).then(() => true)"


async def test_an_update_of_the_app_waits_for_the_person_and_discards_nothing(
    new_company: NewCompany, new_tablet: NewTablet, pwa: Path, tmp_path: Path
) -> None:
    app = Path(shutil.copytree(pwa, tmp_path / "app"))
    company = await new_company(app)
    tablet = await new_tablet(company)
    await tablet.enrol(await company.enrolment_link("dealer"))
    document = await tablet.begin_order()
    await tablet.add_line("黄油枪", "grease-gun-900", "7")

    publish_a_new_version(app)
    await company.restart()
    await tablet.page.evaluate("window.before = true")
    await tablet.page.evaluate(UPDATE)
    await expect(tablet.find("update")).to_be_visible()
    await tablet.add_line("B1750", "v-belt-b1750", "5")
    assert await tablet.page.evaluate("window.before"), "the page loads anew only when the person says so"

    await tablet.find("order-note").fill("please call first")
    async with tablet.page.expect_event("load"):
        await tablet.find("update-now").click()
    assert not await tablet.page.evaluate("window.before")
    await expect(tablet.find("update")).to_have_count(0)
    assert tablet.page.url.endswith(f"/orders/{document}/edit")
    await expect(tablet.lines).to_have_count(2)
    await expect(tablet.line("grease-gun-900")).to_contain_text("7")
    await expect(tablet.line("v-belt-b1750")).to_contain_text("5")
    await expect(tablet.find("order-note")).to_have_value("please call first")


def publish_a_new_version(app: Path) -> None:
    """Another service worker, and so another version to the browser; what was compressed of the old one is gone."""
    worker = app / "sw.js"
    worker.write_text(worker.read_text() + "\n// the next version\n")
    for suffix in (".br", ".gz"):
        worker.with_name(worker.name + suffix).unlink(missing_ok=True)
