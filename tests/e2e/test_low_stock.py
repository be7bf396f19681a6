"""The technician takes a part from the dealer's shelf; the shelf runs low, and the dealer, whose app is closed, is told."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from server.demo.catalogue import ITEMS
from tests.e2e.company import headquarters
from tests.e2e.conftest import NewCompany, NewTablet
from tests.e2e.pages.tablet import TabletApp
from tests.e2e.pushes import enrolled, expect_notification, leave_the_app, pushed
from tests.e2e.service_worker import deliver_push
from tests.e2e.test_service import PART, find_machine, sign
from tests.notify.push_service import push_service

pytestmark = [pytest.mark.e2e]

NAME = next(item.zh for item in ITEMS if item.id == PART)
TAKEN = 2


async def visit_with_a_part_from_the_shelf(tablet: TabletApp) -> None:
    await find_machine(tablet)
    await tablet.find("log-visit").click()
    await tablet.page.wait_for_url(re.compile(r"/visits/[0-9a-f]{32}$"))
    for step in ("travel_at", "arrived_at", "started_at"):
        await tablet.find(f"note-{step}").click()
    await tablet.find("diagnosis").fill("滤清器堵塞")
    await tablet.find("action").fill("更换滤清器")
    await tablet.find("check-leaks-ok").click()
    await tablet.find("add-part").click()
    await tablet.find("product-search").fill("JX0810")
    await tablet.page.locator(f"[data-testid=product-row][data-product='{PART}']").click()
    await tablet.type_quantity(str(TAKEN))
    await tablet.find("keypad-done").click()
    row = tablet.page.locator(f"[data-testid=part-row][data-product='{PART}']")
    await row.get_by_text("经销商库").first.click()
    await expect(row.locator("input[type=radio]:checked")).to_have_value(re.compile("^dealer:"))
    await tablet.find("outcome-fixed").click()
    await sign(tablet)
    await tablet.find("submit-visit").click()
    await expect(tablet.find("machine-detail")).to_be_visible()


async def test_the_dealer_is_told_that_the_shelf_runs_low(new_company: NewCompany, new_tablet: NewTablet) -> None:
    async with push_service() as pushes:
        company = await new_company(push_services=pushes.url)
        dealer, technician = await new_tablet(company), await new_tablet(company)
        subscription = await enrolled(dealer, await company.enrolment_link("dealer"), pushes)
        async with headquarters(company.url, company.sign_in("admin")) as ask:
            shelf = (await dealer.stored("records", ["stock_on_hand", f"dealer:nongfeng/{PART}"]))["body"]
            there = int(shelf["on_hand"])
            threshold = {"location": "dealer:nongfeng", "product": PART, "low": str(there - 1)}
            await ask("PUT", "/hq/policies", threshold)
        await leave_the_app(dealer)

        await technician.enrol(await company.enrolment_link("technician"))
        await technician.lose_signal()
        await visit_with_a_part_from_the_shelf(technician)
        assert not [body for _, _, body in pushes.received if subscription.open(body)["code"] == "stock_low"]
        await technician.find_signal()
        await technician.expect_all_sent()

        message = await pushed(pushes, subscription, lambda told: told["code"] == "stock_low")
        await deliver_push(dealer.page, dealer.url, message)
        await expect_notification(dealer, NAME, str(there - TAKEN))

        # What it leads to, and what the app says by itself, without the network again.
        await dealer.go("/stock")
        await dealer.find("stock-search").fill(NAME)
        row = dealer.page.locator(f"[data-testid=stock-row][data-product='{PART}']")
        await expect(row.get_by_test_id("on-hand")).to_contain_text(str(there - TAKEN))
        await dealer.go("/attention")
        news = dealer.find("need").filter(has_text=NAME)
        await expect(news).to_be_visible()
        await news.locator(".need__open").click()
        await dealer.page.wait_for_url(re.compile("/stock$"))
