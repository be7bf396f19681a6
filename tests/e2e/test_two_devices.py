"""Two people change one order at once, each without signal."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.e2e.company import Company
from tests.e2e.conftest import NewHeadquarters, NewTablet
from tests.e2e.pages.tablet import TabletApp
from tests.e2e.waiting import until

pytestmark = [pytest.mark.e2e]

DISPUTED, ADDED_BY_OWNER, ADDED_BY_STAFF = "bearing-6205-2rs", "v-belt-b1750", "grease-gun-900"


@pytest.mark.rule("SY3")
async def test_edits_of_two_devices_are_merged_and_a_competing_value_is_chosen(
    company: Company, new_tablet: NewTablet, new_headquarters: NewHeadquarters
) -> None:
    owner, staff = await new_tablet(company), await new_tablet(company, locale="en")
    await owner.enrol(await company.enrolment_link("dealer"), "Owner's")
    await staff.enrol(await company.enrolment_link("staff"), "Staff's")

    document = await owner.begin_order()
    await owner.add_line("6205", DISPUTED, "10")
    await owner.submit()
    await owner.expect_status("accepted")
    number = await owner.number(document)

    for tablet in (owner, staff):
        await tablet.go(f"/orders/{document}")
        await expect(tablet.line(DISPUTED)).to_be_visible()
        await tablet.lose_signal()
        await tablet.find("edit-order").click()
    await owner.set_quantity(DISPUTED, "12")
    await owner.add_line("B1750", ADDED_BY_OWNER, "3")
    await staff.set_quantity(DISPUTED, "18")
    await staff.add_line("grease gun", ADDED_BY_STAFF, "2")
    for tablet in (owner, staff):
        await tablet.find("done-editing").click()
        await tablet.expect_status("local")
    for tablet in (owner, staff):
        await tablet.find_signal()

    for tablet in (owner, staff):
        await expect(tablet.lines).to_have_count(3)
        offered = tablet.find("competing-value")
        await expect(offered).to_have_count(1)
        texts = await offered.get_by_test_id("choose-value").all_inner_texts()
        assert {leading_number(text) for text in texts} == {"12", "18"}
    both = [await until(lambda tablet=tablet: row_of(tablet, document), bool) for tablet in (owner, staff)]
    assert both[0] == both[1], "the same value stands on both until somebody chooses"
    for tablet in (owner, staff):
        await tablet.find("place-today").click()
        competing = tablet.page.locator("[data-testid=need][data-kind=competing]").filter(has_text=number)
        await competing.get_by_role("button").first.click()
        await expect(tablet.find("competing-value")).to_be_visible()
    third = await new_tablet(company)
    await third.enrol(await company.enrolment_link("dealer"), "Never opened it")
    told = third.page.locator("[data-testid=need][data-kind=competing]").filter(has_text=number)
    await expect(told).to_be_visible()
    await third.find("place-orders").click()
    listed = third.page.locator(f"[data-testid=order-row][data-document='{document}']")
    await expect(listed.get_by_test_id("order-competing")).to_be_visible()
    await third.find("place-today").click()
    hq = await new_headquarters(company, "sales")
    await hq.open(number)
    await expect(hq.find("hq-competing")).to_contain_text("12")
    await expect(hq.find("hq-competing")).to_contain_text("18")

    await staff.find("competing-value").get_by_role("button", name="Take 12").click()
    for tablet in (owner, staff):
        await expect(tablet.find("competing-value")).to_have_count(0)
        await expect(tablet.line(DISPUTED)).to_contain_text("12")
        await tablet.expect_all_sent()
    await expect(hq.find("hq-competing")).to_have_count(0)
    await expect(told).to_have_count(0)
    line = hq.find("hq-lines").get_by_role("row").filter(has_text=re.compile("6205"))
    await expect(line).to_contain_text("12")
    mine, theirs = [await until(lambda tablet=tablet: row_of(tablet, document), bool) for tablet in (owner, staff)]
    assert mine == theirs


@pytest.mark.rule("O17")
async def test_a_tablet_that_never_opened_a_draft_says_that_values_compete(
    company: Company, new_tablet: NewTablet
) -> None:
    owner, staff = await new_tablet(company), await new_tablet(company, locale="en")
    await owner.enrol(await company.enrolment_link("dealer"), "Owner's")
    await staff.enrol(await company.enrolment_link("staff"), "Staff's")
    document = await owner.begin_order()
    await owner.add_line("6205", DISPUTED, "10")
    await owner.expect_all_sent()
    await staff.find("place-orders").click()
    listed = staff.page.locator(f"[data-testid=order-row][data-document='{document}']")
    await listed.filter(has_text="1 line").click()
    for tablet in (owner, staff):
        await expect(tablet.line(DISPUTED)).to_be_visible()
    for tablet, quantity in ((owner, "12"), (staff, "18")):
        await tablet.lose_signal()
        await tablet.set_quantity(DISPUTED, quantity)
    for tablet in (owner, staff):
        await tablet.find_signal()
    for tablet in (owner, staff):
        await expect(tablet.find("competing-value")).to_be_visible()
        await tablet.expect_all_sent()

    third = await new_tablet(company)
    await third.enrol(await company.enrolment_link("dealer"), "Never opened it")
    told = third.page.locator("[data-testid=need][data-kind=competing]").filter(has_text=await owner.number(document))
    await expect(told).to_be_visible()
    await third.find("place-orders").click()
    listed = third.page.locator(f"[data-testid=order-row][data-document='{document}']")
    await expect(listed.get_by_test_id("order-competing")).to_be_visible()
    await third.find("place-today").click()
    await told.get_by_role("button").first.click()
    await third.find("competing-value").get_by_test_id("choose-value").first.click()
    await expect(third.find("competing-value")).to_have_count(0)
    await third.find("edit-order").click()
    await expect(third.line(DISPUTED)).to_be_visible()
    await third.find("place-today").click()
    await expect(told).to_have_count(0)


def leading_number(text: str) -> str:
    found = re.match(r"\s*(\d+)", text)
    return found.group(1) if found else text


async def row_of(tablet: TabletApp, document: str) -> dict[str, object] | None:
    """What the list of that tablet knows of the order, once it has been decided."""
    row = await tablet.stored("rows", document)
    return row["fields"] | {"verdict": row["verdict"]} if row["status"] == "decided" else None
