"""The dealer's app on a tablet."""

from __future__ import annotations

import re
from typing import Any

from playwright.async_api import Locator, Page, expect

from tests.e2e.chromium import Device
from tests.e2e.connection import Connection

IN_DATABASE = """async ({ table, key }) => {
  const database = await new Promise((resolve, reject) => {
    const asked = indexedDB.open('daybook')
    asked.onsuccess = () => resolve(asked.result)
    asked.onerror = () => reject(asked.error)
  })
  try {
    return await new Promise((resolve, reject) => {
      const store = database.transaction(table).objectStore(table)
      const asked = key === null ? store.getAll() : store.get(key)
      asked.onsuccess = () => resolve(asked.result ?? null)
      asked.onerror = () => reject(asked.error)
    })
  } finally {
    database.close()
  }
}"""


class TabletApp:
    """Taps as a person does; the connection is cut for every part of the browser at once."""

    def __init__(self, device: Device, connection: Connection, url: str) -> None:
        self.device, self.connection, self.url = device, connection, url

    @property
    def page(self) -> Page:
        return self.device.page

    def find(self, name: str) -> Locator:
        return self.page.get_by_test_id(name)

    # the device and its network

    async def enrol(self, link: str, name: str = "Tablet") -> None:
        """By headquarters' link, until the tablet has the data and the app to work alone."""
        await self.page.goto(link)
        await self.find("device-name").fill(name)
        await self.find("enrol-submit").click()
        await expect(self.find("place-today")).to_be_visible()
        # The line promises it: nothing else is waited for.
        await self.expect_all_sent()

    async def expect_all_sent(self) -> None:
        line = self.find("sync-line")
        await expect(line).to_have_attribute("data-pending", "0")
        await expect(line).to_have_attribute("data-online", "true")
        await expect(self.page.locator("[data-testid=sync-line] .figures")).to_contain_text("·")

    async def lose_signal(self) -> None:
        await self.connection.cut()
        await self.device.context.set_offline(True)
        await expect(self.find("sync-line")).to_have_attribute("data-online", "false")

    async def find_signal(self) -> None:
        await self.connection.open()
        await self.device.context.set_offline(False)

    async def restart(self, *, offline: bool, path: str = "/") -> None:
        """Opens the app anew; the browser has been closed or killed."""
        page = await self.device.start(offline=offline)
        await page.goto(self.url + path)
        if offline:
            # What the new page knows of the network is what it was told since it is there.
            await self.device.context.set_offline(False)
            await self.device.context.set_offline(True)
            await page.wait_for_function("!navigator.onLine")

    async def go(self, path: str) -> None:
        await self.page.goto(self.url + path)

    async def stored(self, table: str, key: Any = None) -> Any:
        """What the local store holds: one entry, or all of a table."""
        return await self.page.evaluate(IN_DATABASE, {"table": table, "key": key})

    # orders

    async def begin_order(self) -> str:
        """A new draft; answers its id."""
        await self.find("place-today").click()
        await self.find("new-order").click()
        await self.page.wait_for_url(re.compile(r"/orders/[0-9a-f]{32}/edit$"))
        return self.page.url.split("/")[-2]

    async def pick(self, searched: str, product: str) -> None:
        """Finds a product and opens the keypad for it."""
        way_in = self.find("add-product").or_(self.find("product-search")).filter(visible=True)
        await way_in.first.click()
        await self.find("product-search").fill(searched)
        await self.page.locator(f"[data-testid=product-row][data-product='{product}']").click()

    async def type_quantity(self, quantity: str) -> None:
        for digit in quantity:
            await self.find("keypad-point" if digit == "." else f"keypad-{digit}").click()
        await expect(self.find("keypad-figure")).to_contain_text(quantity)

    async def add_line(self, searched: str, product: str, quantity: str, *, more: bool = False) -> None:
        """`more`: goes on to the next product, as with a list in hand."""
        await self.pick(searched, product)
        await self.type_quantity(quantity)
        await self.find("keypad-next" if more else "keypad-done").click()
        await expect(self.find("keypad-done")).to_be_hidden()

    @property
    def lines(self) -> Locator:
        return self.find("line-row")

    def line(self, product: str) -> Locator:
        return self.page.locator(f"[data-testid=line-row][data-product='{product}']")

    async def set_quantity(self, product: str, quantity: str) -> None:
        await self.line(product).get_by_test_id("line-quantity").click()
        await self.type_quantity(quantity)
        await self.find("keypad-done").click()
        await expect(self.line(product).get_by_test_id("line-quantity")).to_contain_text(quantity)

    async def submit(self) -> None:
        await self.find("submit-order").click()
        await expect(self.find("status-story")).to_be_visible()

    async def expect_status(self, status: str) -> None:
        await expect(self.find("status-story").get_by_test_id("status-badge")).to_have_attribute("data-status", status)

    async def number(self, document: str) -> str:
        return (await self.stored("rows", document))["fields"]["number"]
