"""Headquarters works on what the field sends: counts, receipts, service, stock by place, thresholds, the closing of a period."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import expect

from tests.e2e.company import Company, headquarters
from tests.e2e.conftest import NewHeadquarters
from tests.e2e.field_entries import (
    DEALER,
    OIL_FILTER,
    OIL_SEAL,
    ago,
    counted,
    one_customer_twice,
    small_differences_only,
    tablet_of,
)

pytestmark = [pytest.mark.e2e]


async def test_a_large_count_is_reviewed_by_keyboard(company: Company, new_headquarters: NewHeadquarters) -> None:
    await small_differences_only(company)
    document = await counted(company, **{OIL_SEAL: "5000", OIL_FILTER: "4000"})
    hq = await new_headquarters(company)
    await hq.go("/hq/entries/stock_count?verdict=held")
    await expect(hq.find("hq-document-row")).to_have_count(1)
    keys = hq.page.keyboard
    await keys.press("j")
    await keys.press("Enter")
    await expect(hq.find("hq-count-row")).to_have_count(2)
    await expect(hq.find("hq-count-row").first).to_have_attribute("data-state", "held")
    # One product is to be counted again, the other is taken as it is.
    await hq.find("hq-count-row").nth(1).get_by_role("checkbox").check()
    await hq.find("hq-count").get_by_role("button", name=re.compile("recount of 1 product")).click()
    await hq.find("hq-field-note").fill("Please look in the cold room")
    await hq.confirm()
    await expect(hq.find("hq-count-row").filter(has_text="Counted again")).to_have_count(1)
    await keys.press("Escape")
    await hq.go(f"/hq/entries/stock_count/{document}")
    await expect(hq.find("hq-count-accept")).to_be_visible()
    await keys.press("a")
    await expect(hq.find("hq-confirm")).to_be_visible()
    await hq.confirm()
    await expect(hq.find("hq-count-row").filter(has_text="In the book")).to_have_count(2)


async def short_receipt(company: Company) -> str:
    """An order of the dealer left whole, and less of its first line came."""
    async with headquarters(company.url, company.sign_in("admin")) as ask:
        page = await ask("GET", f"/hq/orders?dealer={DEALER}&verdict=accepted")
        order = next(row["document"] for row in page["rows"] if not row.get("progress"))
        lines = (await ask("GET", f"/hq/documents/{order}"))["content"]["lines"]
        params = {"lines": {key: line["quantity"] for key, line in lines.items()}}
        ship = {"key": uuid.uuid4().hex, "kind": "order", "document": order, "name": "ship", "params": params}
        await ask("POST", "/hq/commands", ship)
        records = (await ask("GET", f"/hq/documents/{order}"))["records"]
    shipment = next(record["body"] for record in records if record["kind"] == "shipment")
    counted = {
        key: {
            "position": number, "line": key, "product": line["product"], "unit": line["unit"],
            "received": line["quantity"] if number else "0", "damaged": "0", "serials": [], "note": "",
        }
        for number, (key, line) in enumerate(shipment["lines"].items())
    }  # fmt: skip
    async with tablet_of(company, "dealer") as tablet:
        content = {
            "kind": "goods_receipt", "schema": 1, "number": tablet.next_number(), "dealer": DEALER,
            "shipment": shipment["id"], "stage": "confirmed", "created_at": ago(minutes=9), "received_at": ago(minutes=8),
            "received_by": "赵敏", "note": "", "lines": counted,
        }  # fmt: skip
        document = tablet.create("goods_receipt", f"dealer:{DEALER}", content)
        await tablet.sync()
        assert tablet.refused == []
    return document


async def test_what_is_missing_of_a_shipment_is_settled_line_by_line(
    company: Company, new_headquarters: NewHeadquarters
) -> None:
    document = await short_receipt(company)
    hq = await new_headquarters(company)
    await hq.go("/hq/entries/goods_receipt?needs=1")
    await hq.find("hq-document-row").first.get_by_role("link").click()
    await expect(hq.page).to_have_url(re.compile(document))
    await hq.find("hq-act-resolve").click()
    line = hq.find("hq-form-line")
    await expect(line).to_have_count(1)
    await expect(line).to_contain_text("Missing")
    await expect(line.get_by_role("option", name="Leave as it is")).to_have_count(0)
    await line.get_by_role("combobox").select_option("credit")
    await hq.find("hq-field-note").fill("Lost by the carrier")
    await hq.confirm()
    await expect(hq.find("hq-act-resolve")).to_have_count(0)
    await expect(hq.find("hq-document").get_by_test_id("hq-verdict")).to_have_attribute("data-verdict", "closed")


async def test_from_a_number_in_stock_to_the_entry_behind_it(
    company: Company, new_headquarters: NewHeadquarters
) -> None:
    await counted(company, **{OIL_SEAL: "12"})
    hq = await new_headquarters(company)
    await hq.go("/hq/places")
    await hq.find("hq-place-row").filter(has_text="农丰").get_by_role("link").first.click()
    await hq.find("hq-line-row").filter(has_text="12").get_by_role("link").first.click()
    moved = hq.find("hq-movement-row")
    await expect(moved.first).to_contain_text("Stock count")
    await expect(moved.first).to_contain_text("12")
    await moved.first.get_by_role("link").click()
    await expect(hq.find("hq-document")).to_contain_text("Stock count")


async def test_a_request_is_opened_assigned_paused_and_closed_on_the_board(
    company: Company, new_headquarters: NewHeadquarters
) -> None:
    hq, other = await new_headquarters(company, "service"), await new_headquarters(company)
    await other.go("/hq/board")
    await expect(other.find("hq-request-card").first).to_be_visible()
    before = await other.find("hq-request-card").count()
    await hq.go("/hq/board")
    await expect(hq.find("hq-request-card").first).to_be_visible()
    await hq.page.keyboard.press("n")
    await hq.find("hq-field-dealer").select_option(DEALER)
    await hq.find("hq-field-serial").fill("LY1104-230517")
    await hq.find("hq-field-fault").fill("Hydraulics do not lift")
    await hq.find("hq-field-urgency").select_option("down")
    await hq.confirm()
    await expect(hq.find("hq-document")).to_contain_text("Hydraulics do not lift")
    # Somebody else sees it without touching anything.
    await expect(other.find("hq-request-card")).to_have_count(before + 1)
    card = other.find("hq-request-card").filter(has_text="Hydraulics")
    await expect(card.get_by_test_id("hq-clock")).to_be_visible()
    await hq.find("hq-act-assign").click()
    await hq.find("hq-field-technician").select_option(index=1)
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
    await hq.find("hq-field-planned_on").fill(tomorrow)
    await hq.confirm()
    assigned = other.page.locator("[data-testid=hq-board-column][data-state=assigned]")
    await expect(assigned.get_by_test_id("hq-request-card").filter(has_text="Hydraulics")).to_contain_text("吴刚")
    await hq.find("hq-act-pause").click()
    await hq.find("hq-field-reason").select_option("parts")
    await hq.confirm()
    await expect(card).to_contain_text("The clock stands still")
    await hq.find("hq-act-resume").click()
    await hq.confirm()
    await hq.find("hq-act-close").click()
    await hq.confirm()
    await expect(other.find("hq-request-card")).to_have_count(before)


async def test_two_customers_with_one_number_become_one(company: Company, new_headquarters: NewHeadquarters) -> None:
    await one_customer_twice(company)
    hq = await new_headquarters(company)
    await hq.go("/hq/alike?kind=customer")
    group = hq.find("hq-duplicate-group").filter(has_text="13804510099")
    await expect(group).to_have_count(1)
    await group.get_by_test_id("hq-merge").first.click()
    await hq.confirm()
    await expect(group).to_have_count(0)


async def test_thresholds_and_the_closing_of_a_period(company: Company, new_headquarters: NewHeadquarters) -> None:
    await counted(company, **{OIL_SEAL: "12"})
    hq = await new_headquarters(company)
    await hq.go("/hq/thresholds")
    await hq.find("hq-policy-new").click()
    await hq.find("hq-policy-place").select_option(f"dealer:{DEALER}")
    await hq.find("hq-policy-product").fill("55-80-10")
    await hq.find("hq-policy-pick").first.click()
    await hq.find("hq-policy-low").fill("20")
    await hq.find("hq-policy-high").fill("10")
    await expect(hq.find("hq-policy-save")).to_be_disabled()
    await hq.find("hq-policy-high").fill("90")
    await hq.find("hq-policy-save").click()
    row = hq.find("hq-policy-row").filter(has_text="20")
    await expect(row).to_be_visible()
    await hq.go("/hq/places?level=low")
    await expect(hq.find("hq-line-row").filter(has_text="12")).to_be_visible()
    await hq.go("/hq/thresholds")
    await row.get_by_test_id("hq-policy-remove").click()
    await expect(row).to_have_count(0)
    await hq.find("hq-toast").get_by_role("button").first.click()
    await expect(row).to_have_count(1)

    await hq.go("/hq/closings")
    await hq.find("hq-period-day").fill((datetime.now(UTC) - timedelta(days=40)).date().isoformat())
    await expect(hq.find("hq-period-close")).to_be_disabled()
    await hq.find("hq-period-sure").check()
    await hq.find("hq-period-close").click()
    await expect(hq.find("hq-closing-row")).to_have_count(1)
    async with headquarters(company.url, company.sign_in("admin")) as ask:
        audit = await ask("GET", "/hq/audit")
    assert [row["what"] for row in audit["rows"]].count("period_closed") == 1
