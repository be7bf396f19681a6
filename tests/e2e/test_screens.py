"""Every screen in both languages, all sizes, light and dark: nothing serious for axe, no key without words, nothing too small."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from server.demo.orders import name_of
from tests.e2e.company import Company
from tests.e2e.conftest import NewHeadquarters, NewTablet
from tests.e2e.pages.headquarters import HeadquartersApp
from tests.e2e.screens import Looker
from tests.e2e.shown import LANGUAGES
from tests.e2e.waiting import until
from tests.figures import tell

pytestmark = [pytest.mark.e2e]

TABLET_SCREENS = {
    "today": ("/", "order-row"),
    "orders": ("/orders", "order-row"),
    "order": (f"/orders/{name_of('two people')}", "competing-value"),
    "order-held": (f"/orders/{name_of('raised')}", "decision"),
    "order-shipped": (f"/orders/{name_of('done')}", "shipment"),
    "order-edit": (f"/orders/{name_of('draft')}/edit", "line-row"),
    "products": ("/products", "product-row"),
    "product": ("/products/oil-filter-jx0810", "order-product"),
    "service": ("/service", "request-row"),
    "attention": ("/attention", "need"),
    "account": ("/account", "account-invoice"),
    "more": ("/more", "sync-now"),
    "missing": ("/nowhere", "missing"),
}
"""Name -> address, and what is there once it shows what it has."""
HEADQUARTERS_SCREENS = {
    "orders": ("/hq/orders", "hq-order-row"),
    "order": (f"/hq/orders/{name_of('over the limit')}", "hq-decision"),
    "order-shipped": (f"/hq/orders/{name_of('done')}", "hq-shipments"),
    "competing": (f"/hq/orders/{name_of('two people')}", "hq-competing"),
    "attention": ("/hq/attention", "hq-attention-row"),
    "dealers": ("/hq/dealers", "hq-dealer-row"),
    "dealer": ("/hq/dealers/nongfeng", "hq-statement"),
    "stock": ("/hq/stock", "hq-stock-row"),
    "products": ("/hq/products", None),
    "people": ("/hq/people", "hq-new-person"),
    "audit": ("/hq/audit", None),
    "settings": ("/hq/settings", "hq-language-en"),
}


async def speak(page: Page, language: str) -> None:
    await page.evaluate("language => localStorage.setItem('daybook.language', language)", language)


async def test_every_screen_of_the_tablet(company: Company, new_tablet: NewTablet, tmp_path: Path) -> None:
    tablet = await new_tablet(company)
    looker = Looker(tablet.page, tmp_path / "screens", tablet=True)
    for language in LANGUAGES:
        await tablet.go("/enrol")
        await speak(tablet.page, language)
        await tablet.go("/enrol")
        await expect(tablet.find("enrol-submit")).to_be_visible()
        await looker.look("enrol", language)
    await tablet.enrol(await company.enrolment_link("dealer"))
    for language in LANGUAGES:
        await speak(tablet.page, language)
        for screen, (path, shows) in TABLET_SCREENS.items():
            await tablet.go(path)
            await expect(tablet.find(shows).filter(visible=True).first).to_be_visible()
            await pictures_are_there(tablet.page)
            await looker.look(screen, language)
        await tablet.go(f"/orders/{name_of('draft')}/edit")
        await tablet.find("add-product").click()
        await expect(tablet.find("product-row").first).to_be_visible()
        await pictures_are_there(tablet.page)
        await looker.look("picker", language)
        await tablet.go(f"/orders/{name_of('draft')}/edit")
        await tablet.lines.first.get_by_test_id("line-quantity").click()
        await looker.look("keypad", language)
        await tablet.go(f"/orders/{name_of('raised')}")
        await tablet.find("status-story").click()
        await looker.look("story", language)
    tell(f"screens of the tablet looked at: {looker.looked}")
    assert looker.faults == []


async def test_every_screen_of_headquarters(
    company: Company, new_headquarters: NewHeadquarters, tmp_path: Path
) -> None:
    hq = await new_headquarters(company)
    looker = Looker(hq.page, tmp_path / "screens", tablet=False)
    for language in LANGUAGES:
        await speak(hq.page, language)
        for screen, (path, shows) in HEADQUARTERS_SCREENS.items():
            await hq.go(path)
            there = hq.find(shows) if shows else hq.page.get_by_role("main").get_by_role("row").nth(1)
            await expect(there.first).to_be_visible()
            await pictures_are_there(hq.page)
            await looker.look(f"hq-{screen}", language)
        await open_palette(hq)
        await looker.look("hq-palette", language)
    await hq.page.keyboard.press("Escape")
    await hq.find("hq-sign-out").click()
    for language in LANGUAGES:
        await speak(hq.page, language)
        await hq.go("/hq/sign-in")
        await expect(hq.find("hq-sign-in")).to_be_visible()
        await looker.look("hq-sign-in", language)
    tell(f"screens of headquarters looked at: {looker.looked}")
    assert looker.faults == []


async def open_palette(hq: HeadquartersApp) -> None:
    await hq.go("/hq/orders")
    await expect(hq.find("hq-order-row").first).to_be_visible()
    await hq.page.keyboard.press("Control+k")
    await expect(hq.find("hq-palette")).to_be_focused()


async def pictures_are_there(page: Page) -> None:
    """Those in sight; nothing says that it is still being read."""
    await expect(page.locator("[aria-busy=true]")).to_have_count(0)
    loaded = "[...document.images].every((one) => one.complete || one.getBoundingClientRect().top > innerHeight)"
    await until(lambda: page.evaluate(loaded), bool)


async def test_the_checks_find_what_is_planted(browser: Browser, tmp_path: Path) -> None:
    page = await browser.new_page()
    await page.set_content(
        "<html lang=en><title>planted</title><main><h1>Planted</h1><img src=data:,><button style='width:20px'>x</button>"
        "<p style='color:#888;background:#fff'>shell.home.lost {count} undefined</p><div style='width:3000px'>wide</div></main>"
    )
    looker = Looker(page, tmp_path / "screens", tablet=True)
    await looker.look("planted", "en")
    await page.close()
    told = " ".join(looker.faults)
    for fault in (
        "image-alt",
        "color-contrast",
        "too small",
        "shell.home.lost",
        "{count}",
        "says undefined",
        "wider",
        "not in the list",
    ):
        assert fault in told
