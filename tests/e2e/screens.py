"""Looking at a screen: in every size, light and dark, by axe, by a ruler, and by people who read the README."""

from __future__ import annotations

import base64
import os
import zlib
from pathlib import Path

from playwright.async_api import Page

from tests.e2e.built_app import ROOT
from tests.e2e.chromium import DESKTOP, PHONE, TABLET, TABLET_LANDSCAPE

LANGUAGES = ("zh-CN", "en")
SIZES = {"tablet": TABLET, "landscape": TABLET_LANDSCAPE, "phone": PHONE, "desktop": DESKTOP}
AXE = (ROOT / "pwa" / "node_modules" / "axe-core" / "axe.min.js").read_text()
CHECKS = (Path(__file__).parent / "screen_checks.js").read_text()
QUALITY = 82
DARK = "dark"
WANTED = os.environ.get("DAYBOOK_SCREENS", "")
"""`docs`: the pictures that the documents show are taken anew. A folder: all pictures go there, to be looked at."""
STILL = "*, *::before, *::after { animation: none !important; transition: none !important; caret-color: transparent !important }"

SHOWN = {
    *(f"{name}.zh-CN.tablet" for name in ("enrol", "today", "orders", "order", "order-edit", "keypad", "products", "product", "attention", "account", "more")),
    *(f"{name}.en.tablet" for name in ("today", "orders", "order", "order-edit", "products", "account")),
    *("today.en.landscape", "orders.zh-CN.landscape", "order-edit.en.landscape", "products.zh-CN.landscape"),
    *("today.zh-CN.phone", "order-edit.en.phone", "today.zh-CN.tablet-dark", "order.en.tablet-dark"),
    *(f"{name}.zh-CN.tablet" for name in ("receipt", "sale", "return")),
    *("receipt.en.tablet", "sale-edit.en.tablet", "return.en.landscape"),
    *(f"service-{name}.zh-CN.tablet" for name in ("today", "visit", "machine", "request")),
    *(f"service-{name}.en.tablet" for name in ("today", "visit", "machine")),
    *(f"hq-{name}.en.desktop" for name in ("sign-in", "orders", "order", "attention", "dealers", "dealer", "stock", "products", "people", "audit", "settings", "palette")),
    *(f"hq-{name}.zh-CN.desktop" for name in ("orders", "order", "attention", "dealer")),
    *(f"hq-{name}.en.desktop" for name in ("count", "places", "stock-lines", "movements", "board", "request", "thresholds", "closings", "duplicates")),
    *(f"hq-{name}.zh-CN.desktop" for name in ("count", "board", "stock-lines")),
    *("hq-board.en.desktop-dark", "hq-count.en.landscape", "hq-board.zh-CN.phone"),
    *("hq-order.zh-CN.landscape", "hq-orders.en.phone", "hq-order.en.desktop-dark"),
}  # fmt: skip
"""The pictures of the documents: `<screen>.<language>.<size>`."""


class Looker:
    """Collects what is wrong with the screens that it is shown."""

    def __init__(self, page: Page, folder: Path, sizes: tuple[str, ...], *, tablet: bool) -> None:
        self._page, self._sizes, self._tablet = page, sizes, tablet
        self._folder = ROOT / "docs" / "screens" if WANTED == "docs" else Path(WANTED or folder)
        self._folder.mkdir(parents=True, exist_ok=True)
        self.faults: list[str] = []
        self.looked = 0

    async def look(self, screen: str, language: str) -> None:
        """The screen as it stands, in its first size and in one other way: another size, or dark; the two languages in different
        ways. All ways with `DAYBOOK_LONG=1`, and when pictures are taken."""
        first, *others = self._sizes
        ways = [*others, DARK]
        if not (WANTED or os.environ.get("DAYBOOK_LONG")):
            ways = [ways[(zlib.crc32(screen.encode()) + LANGUAGES.index(language)) % len(ways)]]
        for size in [first, *(way for way in ways if way != DARK)]:
            await self._page.set_viewport_size(SIZES[size])
            await self._look(f"{screen}.{language}.{size}", touch=self._tablet)
        await self._page.set_viewport_size(SIZES[first])
        if DARK in ways:
            await self._page.emulate_media(color_scheme="dark")
            await self._look(f"{screen}.{language}.{first}-dark", touch=False)
            await self._page.emulate_media(color_scheme="light")

    async def _look(self, name: str, *, touch: bool) -> None:
        await self._page.add_style_tag(content=STILL)
        if not await self._page.evaluate("'axe' in window"):
            await self._page.evaluate(AXE)
        found = await self._page.evaluate(CHECKS, {"touch": touch, "enhanced": self._tablet})
        self.faults += [f"{name}: {fault}" for fault in found]
        self.looked += 1
        if name in SHOWN or WANTED not in ("", "docs"):
            (self._folder / f"{name}.webp").write_bytes(await self._picture())

    async def _picture(self) -> bytes:
        """As WebP, a third of a PNG's size; asked of the browser itself, since Playwright makes none."""
        session = await self._page.context.new_cdp_session(self._page)
        taken = await session.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
        await session.detach()
        return base64.b64decode(taken["data"])
