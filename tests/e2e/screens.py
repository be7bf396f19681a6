"""Looking at a screen: in every size, light and dark, by axe, by a ruler, and by people who read the README."""

from __future__ import annotations

import os
import zlib
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.async_api import Page, expect

from tests.e2e.built_app import ROOT
from tests.e2e.shown import LANGUAGES, NAMES, PICTURES, SIZES

ON_TABLET = ("tablet", "landscape", "phone")
AT_DESK = ("desktop", "tablet", "landscape", "phone")
AXE = (ROOT / "pwa" / "node_modules" / "axe-core" / "axe.min.js").read_text()
CHECKS = (Path(__file__).parent / "screen_checks.js").read_text()
DARK = "dark"
WANTED = os.environ.get("DAYBOOK_SCREENS", "")
"""`docs`: the pictures that the documents show are taken anew. A folder: all pictures go there, to be looked at."""
STILL = "*, *::before, *::after { animation: none !important; transition: none !important; caret-color: transparent !important }"
SETTLED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""Panes that depend on the size are laid out anew."""


class Looker:
    """Collects what is wrong with the screens that it is shown."""

    def __init__(self, page: Page, folder: Path, *, tablet: bool) -> None:
        self._page, self._tablet = page, tablet
        self._sizes = ON_TABLET if tablet else AT_DESK
        self._folder = ROOT / "docs" / "screens" if WANTED == "docs" else Path(WANTED or folder)
        self._folder.mkdir(parents=True, exist_ok=True)
        self.faults: list[str] = []
        self.looked = 0

    async def look(self, screen: str, language: str) -> None:
        """The screen as it stands, in its first size and in one other way: another size, or dark; the two languages in different
        ways. All ways with `DAYBOOK_LONG=1`, and when pictures are taken."""
        if screen not in NAMES:
            self.faults.append(f"{screen}: not in the list of screens")
        first, *others = self._sizes
        ways = [*others, DARK]
        if not (WANTED or os.environ.get("DAYBOOK_LONG")):
            ways = [ways[(zlib.crc32(screen.encode()) + LANGUAGES.index(language)) % len(ways)]]
        for size in [first, *(way for way in ways if way != DARK)]:
            await self._fit(size)
            await self._look(f"{screen}.{language}.{size}", touch=self._tablet)
        await self._fit(first)
        if DARK in ways:
            await self._page.emulate_media(color_scheme="dark")
            await self._look(f"{screen}.{language}.{first}-dark", touch=False)
            await self._page.emulate_media(color_scheme="light")

    async def _fit(self, size: str) -> None:
        await self._page.set_viewport_size(SIZES[size])
        await self._page.evaluate(SETTLED)

    async def _look(self, name: str, *, touch: bool) -> None:
        await self._page.add_style_tag(content=STILL)
        if not await self._page.evaluate("'axe' in window"):
            await self._page.evaluate(AXE)
        found = await self._page.evaluate(CHECKS, {"touch": touch, "enhanced": self._tablet})
        self.faults += [f"{name}: {fault}" for fault in found]
        self.looked += 1
        if name in PICTURES or WANTED not in ("", "docs"):
            (self._folder / f"{name}.webp").write_bytes(await self._picture())

    async def _picture(self) -> bytes:
        """As lossless WebP of 256 colours: a third of what a lossy one takes, and the letters stay sharp."""
        await expect(self._page.locator("[data-syncing=true]")).to_have_count(0)
        taken = Image.open(BytesIO(await self._page.screenshot())).convert("RGB")
        few = taken.quantize(256, Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE)
        kept = BytesIO()
        few.convert("RGB").save(kept, "webp", lossless=True)
        return kept.getvalue()
