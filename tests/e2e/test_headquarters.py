"""Headquarters works an order through to the money, and the dealer's tablet tells each step."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.e2e.company import Company
from tests.e2e.conftest import NewHeadquarters, NewTablet

pytestmark = [pytest.mark.e2e]

KNIVES, OIL_SEALS = "knife-section-std", "oil-seal-55-80-10"


async def test_shipped_in_part_delivered_invoiced_and_paid_is_seen_on_the_tablet(
    company: Company, new_tablet: NewTablet, new_headquarters: NewHeadquarters
) -> None:
    tablet, hq = await new_tablet(company), await new_headquarters(company)
    await tablet.enrol(await hq.enrolment_link("nongfeng", "赵敏"))
    document = await tablet.begin_order()
    await tablet.add_line("gedaopian", KNIVES, "40")
    await tablet.add_line("油封", OIL_SEALS, "25")
    await tablet.submit()
    await tablet.expect_status("accepted")
    number = await tablet.number(document)

    await hq.go("/hq/orders")
    await hq.open(number)
    await hq.find("hq-ship").click()
    await hq.page.get_by_label(re.compile("Knife section")).fill("30")
    await hq.find("hq-carrier").fill("SF Express")
    await hq.find("hq-tracking").fill("SF88001")
    await hq.confirm()
    await expect(tablet.find("shipment")).to_have_count(1)
    await expect(tablet.find("shipment")).to_contain_text("SF88001")
    await expect(tablet.line(KNIVES)).to_contain_text("30")

    await hq.find("hq-deliver").click()
    await hq.confirm()
    await expect(tablet.find("shipment")).to_contain_text(re.compile("送达|签收|收货"))

    await hq.find("hq-ship").click()
    await hq.confirm()
    await expect(tablet.find("shipment")).to_have_count(2)
    await hq.find("hq-deliver").click()
    await hq.confirm()

    await hq.find("hq-invoice").click()
    await hq.confirm()
    await expect(tablet.find("invoice")).to_have_count(1)
    await tablet.expect_status("closed")
    total = await tablet.find("invoice").locator("strong").last.inner_text()

    await hq.find("hq-payment").click()
    await hq.find("hq-payment-amount").fill("123.45")
    await hq.confirm()
    await tablet.find("place-more").click()
    await tablet.find("place-account").click()
    await expect(tablet.find("account-invoice").filter(has_text=number)).to_contain_text(total.strip())
    await expect(tablet.page.get_by_text("¥123.45")).to_be_visible()

    await hq.go("/hq/dealers/nongfeng")
    await expect(hq.find("hq-statement")).to_contain_text("123.45")


async def test_the_hold_queue_is_worked_by_keyboard_alone(company: Company, new_headquarters: NewHeadquarters) -> None:
    hq = await new_headquarters(company)
    await hq.go("/hq/attention")
    waiting = hq.find("hq-attention-held").get_by_test_id("hq-attention-row")
    await expect(waiting.first).to_be_visible()
    held = await waiting.count()
    await hq.go("/hq/orders?verdict=held")
    rows = hq.find("hq-order-row")
    await expect(rows).to_have_count(held)
    second = await rows.nth(1).get_attribute("data-document")

    keys = hq.page.keyboard
    for key in ("j", "j", "j", "k", "Enter"):
        await keys.press(key)
    await hq.page.wait_for_url(re.compile(rf"/hq/orders/{second}"))
    await expect(hq.find("hq-decision")).to_be_visible()
    await keys.press("a")
    await expect(hq.find("hq-confirm")).to_be_visible()
    await keys.type("Agreed by telephone")
    await keys.press("Enter")
    await expect(hq.find("hq-detail").locator("[data-code=approved]").first).to_contain_text("Agreed by telephone")
    await expect(hq.find("hq-confirm")).to_have_count(0)
    await keys.press("Escape")
    await expect(hq.find("hq-detail")).to_have_count(0)
    await expect(rows).to_have_count(held - 1)

    await keys.press("Control+k")
    await expect(hq.find("hq-palette")).to_be_focused()
    await keys.press("Escape")
    await expect(hq.find("hq-palette")).to_have_count(0)
