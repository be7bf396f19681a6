"""No screen is forgotten: every route has a screen, every screen its pictures, and the page shows them all."""

from __future__ import annotations

import re

from server.domain.registry import KINDS
from tests.e2e.built_app import ROOT
from tests.e2e.gallery import PAGE, page
from tests.e2e.shown import PARTS, PICTURES

ROUTERS = [ROOT / "pwa" / "src" / name for name in ("shell/router.ts", "hq/routes.ts")]
SHELLS = 2
"""What stands around the screens has a component and no name."""
ROUTES = {screen.route or screen.name for part in PARTS for screen in part.screens}


def test_every_route_has_a_screen() -> None:
    text = "".join(file.read_text(encoding="utf-8") for file in ROUTERS)
    named = re.findall(r"path: '([^']*)',\s*name: '([\w-]+)',\s*component:", text)
    assert len(named) == text.count("component:") - SHELLS, "a route that this pattern does not find"
    assert {name for _, name in named} == {route.partition("/")[0] for route in ROUTES}
    both = {name for path, name in named if path.endswith("/:document?")} - {"hq-documents"}
    assert both
    assert {f"{name}/document" for name in both} <= ROUTES, "a list alone, without the one that is open"


def test_every_kind_has_a_list_and_a_page_at_headquarters() -> None:
    shown = {route.removeprefix("hq-documents/") for route in ROUTES if route.startswith("hq-documents/")}
    assert shown == {each for kind in KINDS if kind != "order" for each in (kind, f"{kind}/document")}


def test_the_pictures_of_the_documents_are_all_taken() -> None:
    assert {path.name.removesuffix(".webp") for path in PAGE.parent.glob("*.webp")} == PICTURES


def test_the_page_shows_every_picture() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text == page(), "run `python -m tests.e2e.gallery`"
    assert {name.removesuffix(".webp") for name in re.findall(r'(?:src="|\]\()([^")]+\.webp)', text)} == PICTURES
