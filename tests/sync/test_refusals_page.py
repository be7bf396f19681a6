"""docs/refusals.md lists every code, once, with the meaning that the server gives it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from server.settings import Settings
from server.sync.refusals import REFUSALS, RETRY
from server.sync.scope import SCOPE_REFUSALS

ROOT = Path(__file__).resolve().parents[2]


def rows() -> list[tuple[str, str, str]]:
    page = (ROOT / "docs" / "refusals.md").read_text(encoding="utf-8")
    return re.findall(r"^\| `([a-z0-9_]+)` \| (.+?) \| (final|retry) \|$", page, re.MULTILINE)


@pytest.mark.rule("SY4")
def test_every_code_is_on_the_page() -> None:
    known = {**SCOPE_REFUSALS, **REFUSALS}
    expected = [(code, meaning, "retry" if code in RETRY else "final") for code, meaning in known.items()]
    assert sorted(rows()) == sorted(expected)


@pytest.mark.rule("SY4")
def test_every_code_is_raised_somewhere() -> None:
    sources = [path for path in (ROOT / "server" / "sync").glob("*.py") if path.name != "refusals.py"]
    said = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    assert [code for code in REFUSALS if f'"{code}"' not in said] == []
    raised = set(re.findall(r'(?:Refusal|WorkerDied)\(\s*"([a-z0-9_]+)"', said))
    assert raised <= {*REFUSALS, *SCOPE_REFUSALS}


def test_the_settings_that_the_page_names_exist() -> None:
    page = (ROOT / "docs" / "refusals.md").read_text(encoding="utf-8")
    for name in re.findall(r"DAYBOOK_([A-Z_]+)", page):
        assert name.lower() in Settings.model_fields
