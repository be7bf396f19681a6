"""A change that headquarters does not take: told by name, kept, and in nobody's way."""

from __future__ import annotations

import base64
import time

import pytest
from playwright.async_api import expect

from server.demo.document_writer import DocumentWriter
from server.sync.verify import change_hash
from tests.e2e.company import Company
from tests.e2e.conftest import NewHeadquarters, NewTablet
from tests.e2e.pages.tablet import TabletApp

pytestmark = [pytest.mark.e2e]

CHUNKS = """async ({ document }) => {
  const database = await new Promise((resolve) => (indexedDB.open('daybook').onsuccess = (event) => resolve(event.target.result)))
  const all = await new Promise((resolve) => (database.transaction('changes').objectStore('changes').getAll().onsuccess = (event) => resolve(event.target.result)))
  database.close()
  return all.filter((each) => each.document === document).map((each) => btoa(String.fromCharCode(...each.chunk)))
}"""
SLIP_IN = """async ({ document, hash, chunk, made_at }) => {
  const database = await new Promise((resolve) => (indexedDB.open('daybook').onsuccess = (event) => resolve(event.target.result)))
  const bytes = Uint8Array.from(atob(chunk), (letter) => letter.charCodeAt(0))
  const transaction = database.transaction('changes', 'readwrite')
  transaction.objectStore('changes').add({ hash, document, chunk: bytes, made_at, state: 'waiting' })
  await new Promise((resolve) => (transaction.oncomplete = resolve))
  database.close()
}"""


@pytest.mark.rule("SY4")
async def test_a_refused_change_needs_attention_and_the_others_go_on(
    company: Company, new_tablet: NewTablet, new_headquarters: NewHeadquarters
) -> None:
    tablet = await new_tablet(company, locale="en")
    await tablet.enrol(await company.enrolment_link("staff"))
    await tablet.lose_signal()
    numbers = []
    for product in ("v-belt-b1750", "grease-gun-900"):
        document = await tablet.begin_order()
        await tablet.add_line(product, product, "2")
        await tablet.submit()
        numbers.append(await tablet.number(document))
        if product == "v-belt-b1750":
            await slip_in_a_discount(tablet, document)

    await tablet.find_signal()
    await tablet.find("place-today").click()
    await tablet.expect_all_sent()
    need = tablet.page.locator("[data-testid=need][data-kind=notTaken]")
    await expect(need).to_have_count(1)
    await expect(need).to_contain_text(numbers[0])

    hq = await new_headquarters(company)
    for number in numbers:
        await expect(hq.row(number)).to_be_visible()
    await hq.go("/hq/attention")
    await expect(hq.find("hq-attention-quarantine")).to_contain_text("周杰")

    await need.get_by_test_id("put-away").click()
    await expect(need).to_have_count(0)


async def slip_in_a_discount(tablet: TabletApp, document: str) -> None:
    """A change that the screens do not offer to staff: an app that was tampered with would send it."""
    chunks = [base64.b64decode(one) for one in await tablet.page.evaluate(CHUNKS, {"document": document})]
    device = next(each["value"]["device"] for each in await tablet.stored("meta") if each["name"] == "identity")
    writer = DocumentWriter(device, chunks)
    line = next(iter(writer.content()["lines"]))
    chunk = writer.write({f"lines/{line}/discount_bp": 500})
    assert chunk is not None
    crafted = {"document": document, "hash": change_hash(chunk).hex(), "chunk": base64.b64encode(chunk).decode()}
    await tablet.page.evaluate(SLIP_IN, crafted | {"made_at": time.time_ns() // 1_000_000})
