"""Goods at the dealer, without signal from a cold start: a shipment that is not whole, a machine sold, and taken back."""

from __future__ import annotations

import json
import re
import secrets
import sqlite3
from pathlib import Path

import pytest
from playwright.async_api import expect

from server.demo.catalogue import ITEMS
from tests.e2e.company import Company, headquarters
from tests.e2e.conftest import NewHeadquarters, NewTablet
from tests.e2e.pages.headquarters import HeadquartersApp
from tests.e2e.pages.tablet import TabletApp
from tests.e2e.screens import Looker
from tests.e2e.shown import LANGUAGES
from tests.e2e.waiting import until

pytestmark = [pytest.mark.e2e]

MACHINE, SHORT, DAMAGED = "grease-gun-900", "oil-filter-jx0810", "fuel-filter-cx0706"
NAMES = {item.id: item.en for item in ITEMS}
SERIAL = "GG900-0042"
LISTS = {"receipts": "goods_receipt", "sales": "sale", "returns": "goods_return"}
"""Screen of the tablet and of headquarters -> kind."""


async def ordered(tablet: TabletApp) -> str:
    document = await tablet.begin_order()
    for product, quantity in ((MACHINE, "2"), (SHORT, "5"), (DAMAGED, "3")):
        await tablet.add_line(NAMES[product], product, quantity)
    await tablet.submit()
    await tablet.expect_all_sent()
    return document


async def shipped(company: Company, document: str) -> str:
    """Headquarters sends all of it; answers the shipment's number."""
    async with headquarters(company.url, company.sign_in("admin")) as ask:

        async def act(name: str, **params: object) -> None:
            body = {"kind": "order", "document": document, "name": name, "params": params, "key": secrets.token_hex(8)}
            await ask("POST", "/hq/commands", body)

        order = rows(company.data, "SELECT content, verdict FROM document WHERE id = ?", document)[0]
        if order[1] not in ("accepted", "in_part"):
            await act("approve", accept_prices=True)
        lines = rows(
            company.data,
            "SELECT json_group_object(key, json_extract(value, '$.quantity')) FROM json_each(?, '$.lines')",
            order[0],
        )
        await act("ship", lines=json.loads(str(lines[0][0])), carrier="SF")
    return str(
        rows(
            company.data,
            "SELECT json_extract(body, '$.number') FROM record WHERE kind = 'shipment' AND json_extract(body, '$.document') = ?",
            document,
        )[0][0]
    )


def rows(data: Path, sql: str, *args: object) -> list[tuple[object, ...]]:
    book = sqlite3.connect(f"file:{data / 'daybook.sqlite'}?mode=ro", uri=True)
    try:
        return book.execute(sql, args).fetchall()
    finally:
        book.close()


def stock(data: Path, account: str, product: str) -> int:
    found = rows(
        data, "SELECT amount FROM balance WHERE ledger = 'stock' AND account = ? AND item = ?", account, product
    )
    return int(str(found[0][0])) // 1000 if found else 0


async def receive(tablet: TabletApp, number: str, looker: Looker) -> None:
    await tablet.find("today-receive").click()
    await tablet.page.locator(f"[data-testid=shipment-row][data-number='{number}']").click()
    await tablet.find("all-received").click()
    short = tablet.page.locator(f"[data-testid=receipt-line][data-product='{SHORT}']")
    await short.get_by_test_id("count-received").click()
    await tablet.type_quantity("4")
    await tablet.find("keypad-done").click()
    await expect(short.get_by_test_id("line-short")).to_be_visible()
    damaged = tablet.page.locator(f"[data-testid=receipt-line][data-product='{DAMAGED}']")
    await damaged.get_by_test_id("count-damaged").click()
    await tablet.type_quantity("1")
    await tablet.find("keypad-done").click()
    await expect(damaged.get_by_test_id("count-received")).to_contain_text("2")
    await look(tablet, looker, "receipt")
    await tablet.find("confirm-receipt").click()
    await expect(tablet.find("entry-status").get_by_test_id("status-badge")).to_have_attribute("data-status", "local")


async def sell(tablet: TabletApp, looker: Looker) -> None:
    await tablet.find("place-today").click()
    await tablet.find("today-sell").click()
    await tablet.page.wait_for_url(re.compile(r"/sales/[0-9a-f]{32}/edit$"))
    await tablet.pick(NAMES[MACHINE], MACHINE)
    await tablet.type_quantity("1")
    await tablet.find("keypad-done").click()
    await tablet.find("serial").fill(SERIAL)
    await tablet.find("serial").press("Enter")
    await expect(tablet.find("line-serial")).to_contain_text(SERIAL)
    await tablet.find("customer-name").fill("Li Wei")
    await until(lambda: tablet.stored("rows"), lambda found: any(row["fields"]["title"] == "Li Wei" for row in found))
    await look(tablet, looker, "sale-edit")
    await tablet.find("finish-sale").click()
    await expect(tablet.find("sale-receipt")).to_contain_text(SERIAL)
    await look(tablet, looker, "sale")


async def take_back(tablet: TabletApp, looker: Looker) -> None:
    await tablet.find("take-back").click()
    await tablet.find("choose-line").click()
    await tablet.find("condition-damaged").click()
    await look(tablet, looker, "return")
    await tablet.find("finish-return").click()
    await expect(tablet.find("finish-return")).to_have_count(0)


async def look(tablet: TabletApp, looker: Looker, screen: str) -> None:
    for language in LANGUAGES:
        await tablet.page.evaluate("language => localStorage.setItem('daybook.language', language)", language)
        await tablet.page.reload()
        await tablet.page.locator(".goods__scroll .card").first.wait_for()
        await looker.look(screen, language)


async def look_at_lists(tablet: TabletApp, looker: Looker) -> None:
    for language in LANGUAGES:
        await tablet.page.evaluate("language => localStorage.setItem('daybook.language', language)", language)
        for screen in LISTS:
            await tablet.go(f"/{screen}")
            await expect(tablet.find("entry-row").first).to_be_visible()
            await looker.look(screen, language)


async def look_at_headquarters(hq: HeadquartersApp, looker: Looker, written: dict[str, str]) -> None:
    """`written`: kind -> a document of it."""
    for language in LANGUAGES:
        await hq.page.evaluate("language => localStorage.setItem('daybook.language', language)", language)
        for screen, kind in LISTS.items():
            await hq.go(f"/hq/entries/{kind}")
            await expect(hq.find("hq-document-row").first).to_be_visible()
            await looker.look(f"hq-{screen}", language)
            await hq.go(f"/hq/entries/{kind}/{written[kind]}")
            await expect(hq.find("hq-content")).to_be_visible()
            await looker.look(f"hq-{screen.removesuffix('s')}", language)


@pytest.mark.rule("G3")
@pytest.mark.rule("S5")
@pytest.mark.rule("T5")
async def test_a_shipment_is_received_a_machine_sold_and_taken_back_without_signal(
    company: Company, new_tablet: NewTablet, new_headquarters: NewHeadquarters, tmp_path: Path
) -> None:
    tablet = await new_tablet(company, locale="en")
    await tablet.enrol(await company.enrolment_link("staff"))
    document = await ordered(tablet)
    dealer = str(
        rows(company.data, "SELECT json_extract(content, '$.dealer') FROM document WHERE id = ?", document)[0][0]
    )
    own, place = f"dealer:{dealer}", f"dealer:{dealer}:damaged"
    before = {product: stock(company.data, own, product) for product in (MACHINE, SHORT, DAMAGED)}
    number = await shipped(company, document)
    await until(
        lambda: tablet.stored("records"),
        lambda found: any(r["kind"] == "shipment" and r["body"]["number"] == number for r in found),
    )

    await tablet.lose_signal()
    await tablet.device.close()
    await tablet.restart(offline=True)
    looker = Looker(tablet.page, tmp_path / "screens", tablet=True)
    await receive(tablet, number, looker)
    await sell(tablet, looker)
    await take_back(tablet, looker)

    await tablet.find_signal()
    await tablet.expect_all_sent()
    kinds = rows(
        company.data,
        "SELECT kind, verdict, COUNT(*) FROM document WHERE kind IN ('goods_receipt', 'sale', 'goods_return') AND received_at > 0 GROUP BY kind, verdict ORDER BY kind",
    )
    assert kinds == [("goods_receipt", "in_part", 1), ("goods_return", "closed", 1), ("sale", "closed", 1)]
    after = {product: stock(company.data, own, product) - before[product] for product in before}
    assert after == {MACHINE: 1, SHORT: 4, DAMAGED: 2}
    assert [stock(company.data, place, product) for product in (MACHINE, DAMAGED)] == [1, 1]
    assert stock(company.data, f"customer:{dealer}", MACHINE) == 0
    assert rows(
        company.data,
        "SELECT amount FROM balance WHERE ledger = 'lot' AND account = ? AND item = ?",
        place,
        f"{MACHINE}#{SERIAL}",
    ) == [(1000,)]

    await look_at_lists(tablet, looker)
    written = dict(rows(company.data, "SELECT kind, id FROM document WHERE received_at > 0"))
    hq = await new_headquarters(company)
    seen = Looker(hq.page, tmp_path / "screens", tablet=False)
    await look_at_headquarters(hq, seen, {str(kind): str(document) for kind, document in written.items()})
    assert looker.faults + seen.faults == []
