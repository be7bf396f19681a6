"""The app can be put on a home screen, starts small and answers a finger at once."""

from __future__ import annotations

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.e2e.built_app import ROOT
from tests.e2e.company import Company
from tests.e2e.conftest import NewTablet
from tests.figures import tell

pytestmark = [pytest.mark.e2e]

LIMIT_KB = 250
TAP_TO_PAINT = """(button) => new Promise((resolve) => {
  const quantity = button.closest('[data-testid=line-row]').querySelector('[data-testid=line-quantity]')
  const before = quantity.textContent
  const began = performance.now()
  const watch = () => quantity.textContent === before ? requestAnimationFrame(watch) : setTimeout(() => resolve(performance.now() - began))
  button.click()
  requestAnimationFrame(watch)
})"""


async def test_the_app_can_be_installed(company: Company, new_tablet: NewTablet) -> None:
    tablet = await new_tablet(company)
    await tablet.go("/enrol")
    await tablet.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    session = await tablet.device.context.new_cdp_session(tablet.page)
    answer = await session.send("Page.getInstallabilityErrors")
    assert answer["installabilityErrors"] == []
    manifest = json.loads((await session.send("Page.getAppManifest"))["data"])
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in manifest["icons"]}


def test_the_first_screen_needs_little_javascript(pwa: Path, tmp_path: Path) -> None:
    node = shutil.which("node", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    assert node, "the app is built with node"
    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "pwa" / "scripts" / "size.mjs", tmp_path / "scripts")
    (tmp_path / "dist").symlink_to(pwa)
    done = subprocess.run([node, "scripts/size.mjs"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    found = re.search(r"([\d.]+) kB gz +initial JavaScript", done.stdout)
    assert found is not None, done.stdout
    tell(f"initial JavaScript: {found.group(1)} kB gz (limit {LIMIT_KB} kB)")
    assert float(found.group(1)) <= LIMIT_KB


async def test_a_tap_answers_from_the_local_store(company: Company, new_tablet: NewTablet) -> None:
    """The figure depends on the machine, so it is told, not judged; that each tap counts is judged."""
    tablet = await new_tablet(company)
    await tablet.enrol(await company.enrolment_link("dealer"))
    await tablet.begin_order()
    await tablet.add_line("黄油枪", "grease-gun-900", "1")
    more = tablet.line("grease-gun-900").get_by_test_id("line-more")
    took = [await more.evaluate(TAP_TO_PAINT) for _ in range(12)]
    await expect(tablet.line("grease-gun-900").get_by_test_id("line-quantity")).to_contain_text("13")
    tell(
        f"a tap on + until the new quantity is painted: median {statistics.median(took):.0f} ms, worst {max(took):.0f} ms"
    )
