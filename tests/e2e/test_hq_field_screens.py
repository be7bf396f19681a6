"""Headquarters' screens for what the field sends, as test_screens looks at the others."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from playwright.async_api import expect

from server.demo.orders import name_of
from tests.e2e.company import Company, headquarters
from tests.e2e.conftest import NewHeadquarters
from tests.e2e.field_entries import DEALER, OIL_FILTER, OIL_SEAL, counted, one_customer_twice, small_differences_only
from tests.e2e.pages.headquarters import HeadquartersApp
from tests.e2e.screens import Looker
from tests.e2e.shown import LANGUAGES
from tests.figures import tell

pytestmark = [pytest.mark.e2e]

SCREENS = {
    "counts": ("/hq/entries/stock_count", "hq-document-row"),
    "places": ("/hq/places", "hq-place-row"),
    "stock-lines": (f"/hq/places?location=dealer:{DEALER}", "hq-line-row"),
    "movements": (f"/hq/movements?location=dealer:{DEALER}&product={OIL_FILTER}", "hq-movement-row"),
    "board": ("/hq/board", "hq-request-card"),
    "requests": ("/hq/entries/service_request", "hq-document-row"),
    "request-entry": (f"/hq/entries/service_request/{name_of('request/down')}", "hq-content"),
    "visits": ("/hq/entries/service_visit", "hq-document-row"),
    "visit": (f"/hq/entries/service_visit/{name_of('visit/filters/1')}", "hq-content"),
    "machines": ("/hq/entries/machine", "hq-document-row"),
    "machine": (f"/hq/entries/machine/{name_of('machine/tractor-1')}", "hq-content"),
    "customers": ("/hq/entries/customer", "hq-document-row"),
    "customer": (f"/hq/entries/customer/{name_of('customer/shuangcheng')}", "hq-content"),
    "payments": ("/hq/entries/payment", "hq-document-row"),
    "arrivals": ("/hq/entries/stock_receipt", "hq-document-row"),
    "thresholds": ("/hq/thresholds", "hq-policy-row"),
    "closings": ("/hq/closings", "hq-period-day"),
    "duplicates": ("/hq/alike?kind=customer", "hq-duplicate-group"),
}
"""Name -> address, and what is there once it shows what it has."""


async def test_every_screen_of_field_work(company: Company, new_headquarters: NewHeadquarters, tmp_path: Path) -> None:
    await small_differences_only(company)
    document = await counted(company, **{OIL_SEAL: "5000", OIL_FILTER: "3"})
    await one_customer_twice(company)
    async with headquarters(company.url, company.sign_in("admin")) as ask:
        place = f"dealer:{DEALER}"
        await ask("PUT", "/hq/policies", {"location": place, "product": OIL_SEAL, "low": "20", "high": "90"})
        board = await ask("GET", "/hq/service")
        # Written at headquarters, by its server: no name leads to them.
        payment, arrival = [
            (await ask("GET", f"/hq/documents?kind={kind}"))["rows"][0]["document"]
            for kind in ("payment", "stock_receipt")
        ]
    request = next(row["document"] for row in board["rows"] if row["state"] == "waiting")
    screens = SCREENS | {
        "payment": (f"/hq/entries/payment/{payment}", "hq-content"),
        "arrival": (f"/hq/entries/stock_receipt/{arrival}", "hq-content"),
        "count": (f"/hq/entries/stock_count/{document}", "hq-count-row"),
        "request": (f"/hq/board/{request}", "hq-content"),
    }
    hq = await new_headquarters(company)
    looker = Looker(hq.page, tmp_path / "screens", tablet=False)
    for language in LANGUAGES:
        await hq.page.evaluate("language => localStorage.setItem('daybook.language', language)", language)
        for screen, (path, shows) in screens.items():
            await see(hq, path, shows)
            await looker.look(f"hq-{screen}", language)
    tell(f"screens of field work looked at: {looker.looked}")
    assert looker.faults == []


async def see(hq: HeadquartersApp, path: str, shows: str) -> None:
    """On a narrow screen what is open covers the list."""
    await hq.page.set_viewport_size({"width": 1440, "height": 900})
    began = time.monotonic()
    await hq.go(path)
    await expect(hq.find(shows).first).to_be_visible()
    await expect(hq.page.locator("[aria-busy=true]")).to_have_count(0)
    tell(f"{path.partition('?')[0]} shown after {time.monotonic() - began:.1f} s")
