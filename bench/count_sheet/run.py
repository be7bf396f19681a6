"""The count sheet with 5,000 products in a real Chromium whose processor is slowed down four times.

    python -m bench.count_sheet.run [--products 5000] [--counted 2000] [--slow 4] [--scans 100]      # from the project's root

Prints: frame times while the list is scrolled; from a scanner's last key to the sum on the screen; from a tally's way to the documents
worker to its commit in IndexedDB, with strict durability; and until the page has heard of that; and the floor: a worker's commit of
one small row in a database of its own, with strict durability. A part of the sheet was counted by
another tablet before. The browser slows the page's thread alone, not its workers.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
from pathlib import Path
from typing import Any

import aiohttp
from playwright.async_api import async_playwright, expect

from server.commands.serving import serving
from server.demo.catalogue import barcode
from server.demo.fill import SignIn
from server.demo.tablet import Tablet
from server.settings import Settings
from server.sync.masters import RecordPut
from tests.e2e.built_app import copy_of_the_build
from tests.e2e.chromium import Device, find_chromium
from tests.e2e.company import headquarters
from tests.e2e.connection import Connection
from tests.e2e.pages.tablet import TabletApp
from tests.e2e.scanner import wedge
from tests.simulation.network import PASSWORD, Network
from tests.simulation.server_process import ServerProcess, free_port

AIM_FRAME, AIM_SCAN, AIM_DURABLE = 50, 100, 50
TALLIES_OF_A_CHANGE = 500
WATCH_WRITES = """() => {
  window.writes = []
  window.posts = []
  const post = Worker.prototype.postMessage
  Worker.prototype.postMessage = function (message, ...rest) {
    if (message?.name === 'write') {
      const began = performance.now()
      window.posts.push(performance.timeOrigin + began)
      const done = ({ data }) => {
        if (data.call !== message.call) return
        this.removeEventListener('message', done)
        window.writes.push(performance.now() - began)
      }
      this.addEventListener('message', done)
    }
    return post.call(this, message, ...rest)
  }
}"""
WATCH_COMMITS = """() => {
  self.commits = []
  const add = IDBObjectStore.prototype.add
  IDBObjectStore.prototype.add = function (...what) {
    if (this.name === 'changes') {
      this.transaction.addEventListener('complete', () => self.commits.push(performance.timeOrigin + performance.now()))
    }
    return add.apply(this, what)
  }
}"""
FLOOR = """(times) => new Promise((resolve, reject) => {
  const opening = indexedDB.open('floor', 1)
  opening.onupgradeneeded = () => opening.result.createObjectStore('rows', { autoIncrement: true })
  opening.onerror = () => reject(opening.error)
  opening.onsuccess = () => {
    const took = []
    const step = () => {
      if (took.length === times) return resolve(took)
      const began = performance.now()
      const transaction = opening.result.transaction('rows', 'readwrite', { durability: 'strict' })
      transaction.objectStore('rows').add({ text: 'x'.repeat(300) })
      transaction.oncomplete = () => { took.push(performance.now() - began); setTimeout(step, 100) }
    }
    step()
  }
})"""
SCAN = """({ product, wanted }) => new Promise((resolve) => {
  let began = 0
  addEventListener('keydown', () => (began = performance.now()), true)
  const last = `[data-testid=count-last][data-product="${product}"] strong`
  const look = () => {
    if (!document.querySelector(last)?.textContent.trim().startsWith(wanted)) return requestAnimationFrame(look)
    resolve(performance.now() - began)
  }
  look()
})"""
SCROLL = """(seconds) => new Promise((resolve) => {
  const list = document.querySelector('.count__list')
  const frames = []
  let last = performance.now()
  const end = last + seconds * 1000
  const step = (now) => {
    frames.push(now - last)
    last = now
    list.scrollTop += 160
    if (list.scrollTop + list.clientHeight >= list.scrollHeight - 2) list.scrollTop = 0
    if (now < end) requestAnimationFrame(step)
    else resolve(frames.slice(2))
  }
  requestAnimationFrame(step)
})"""


def p95(values: list[float]) -> float:
    return sorted(values)[max(0, round(len(values) * 0.95) - 1)]


def told(name: str, values: list[float], aim: int) -> str:
    return f"{name:<46} median {statistics.median(values):6.1f} ms   p95 {p95(values):6.1f} ms   aim {aim} ms   n {len(values)}"


async def fill(data: Path, products: int) -> None:
    await Network.create(data, dealers=1, products=products)
    puts = [
        RecordPut(
            "catalog",
            "product",
            f"p{number}",
            {
                "id": f"p{number}", "base_unit": "pcs", "units": [], "barcodes": [barcode(number + 1)],
                "name": {"zh": f"农机配件 {number} 号轴承", "en": f"Spare part {number}, bearing"},
            },
        )
        for number in range(products)
    ]  # fmt: skip
    async with serving(Settings(data=data, demo=False)) as (app, _):
        for start in range(0, len(puts), 500):
            await app.state.pipeline.put_records("", puts[start : start + 500])


async def counted_before(url: str, counted: int) -> str:
    """A count that another tablet has begun and is half through with; its id."""
    async with aiohttp.ClientSession() as session:
        tablet = await Tablet.enrol(session, url, user="owner.d0", password=PASSWORD)
        await tablet.sync()
        content: dict[str, Any] = {
            "kind": "stock_count", "schema": 1, "number": tablet.next_number(), "location": "dealer:d0", "stage": "open",
            "extent": "whole", "blind": False, "complete": False, "created_at": "2026-11-01T08:00:00Z", "answers": None,
            "note": "", "products": {}, "tallies": {},
        }  # fmt: skip
        document = tablet.create("stock_count", "dealer:d0", content)
        for start in range(0, counted, TALLIES_OF_A_CHANGE):
            tallies = {
                f"tallies/{tablet.device}.{number}": {
                    "product": f"p{number * 2}", "quantity": str(number % 40), "place": "", "batch": "", "serial": "",
                    "by": "Li", "counted_at": "2026-11-01T08:05:00Z",
                }
                for number in range(start, min(start + TALLIES_OF_A_CHANGE, counted))
            }  # fmt: skip
            tablet.edit(document, tallies)
        await tablet.sync()
        return document


async def measure(app: TabletApp, document: str, slow: float, times: int) -> list[str]:
    page = app.page
    await page.add_init_script(f"({WATCH_WRITES})()")
    await app.go(f"/stock/counts/{document}")
    await expect(app.find("count-row").first).to_be_visible()
    await expect(app.find("count-progress")).not_to_have_attribute("data-done", "0")
    session = await page.context.new_cdp_session(page)
    await session.send("Emulation.setCPUThrottlingRate", {"rate": slow})
    await page.wait_for_timeout(3_000)
    for worker in page.workers:
        await worker.evaluate(WATCH_COMMITS)
    frames = await page.evaluate(SCROLL, 6)
    scans = []
    floor = await page.workers[0].evaluate(FLOOR, 30)
    for number in range(1, times + 1):
        product = 2 * (number % 10) + 1
        wanted = f"{(number - 1) // 10 + 1} "
        seen = asyncio.ensure_future(page.evaluate(SCAN, {"product": f"p{product}", "wanted": wanted}))
        await page.wait_for_timeout(150)
        await wedge(page, barcode(product + 1))
        scans.append(float(await seen))
    await page.wait_for_timeout(1_000)
    writes: list[float] = await page.evaluate("() => window.writes")
    posts: list[float] = await page.evaluate("() => window.posts")
    commits = sorted([at for worker in page.workers for at in await worker.evaluate("() => self.commits ?? []")])
    durable = [after[0] - post for post in posts if (after := [at for at in commits if at >= post])]
    return [
        told("frames while scrolling", frames, AIM_FRAME),
        told("scanner's last key to the sum on the screen", scans, AIM_SCAN),
        told("posted to committed by the worker (durable)", durable, AIM_DURABLE),
        told("the same, until the page has heard of it", writes, AIM_DURABLE),
        told("floor: one small row, durable", floor, AIM_DURABLE),
    ]


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--products", type=int, default=5_000)
    parser.add_argument("--counted", type=int, default=2_000)
    parser.add_argument("--slow", type=float, default=4)
    parser.add_argument("--scans", type=int, default=100)
    asked = parser.parse_args()
    expect.set_options(timeout=60_000)
    chromium = find_chromium()
    if not chromium:
        raise SystemExit("no Chromium or Chrome: install one or name it in DAYBOOK_CHROMIUM")
    with tempfile.TemporaryDirectory(prefix="daybook-count") as folder:
        data = Path(folder) / "data"
        data.mkdir()
        pwa = copy_of_the_build(Path(folder) / "dist")
        await fill(data, asked.products)
        port = free_port()
        connection = Connection(port)
        await connection.open()
        url = f"http://localhost:{connection.port}"
        server = ServerProcess(data, port=port, pwa=str(pwa), public_url=url)
        await asyncio.to_thread(server.start)
        try:
            document = await counted_before(server.url, asked.counted)
            async with (
                headquarters(server.url, SignIn("hq", PASSWORD, "hq", "administrator")) as ask,
                async_playwright() as playwright,
            ):
                people = await ask("GET", "/hq/people")
                account = next(each["account"] for each in people if each["login"] == "owner.d0")
                link = (await ask("POST", "/access/enrolments", {"account": account}))["link"]
                device = Device(playwright, chromium, Path(folder) / "tablet", locale="en")
                await device.start()
                app = TabletApp(device, connection, url)
                await app.enrol(link)
                await app.lose_signal()
                print(f"{asked.products} products, {asked.counted} counted elsewhere, page slowed {asked.slow:g} times")
                for line in await measure(app, document, asked.slow, asked.scans):
                    print(line)
                await device.close()
        finally:
            await asyncio.to_thread(server.stop)
            await connection.cut()


if __name__ == "__main__":
    asyncio.run(main())
