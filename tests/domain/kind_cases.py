"""The cases of one kind as tests: each rule is shown by the cases that name it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from server.domain.decision import Decision

from .cases import case_files, difference_from, readable, run

KINDS = Path(__file__).parents[2] / "server" / "domain" / "kinds"


def cases(kind: str, *rules: str) -> Callable[[Any], Any]:
    """Once for every case of the kind that names one of the rules; the test wears them."""
    paths = [path for path in case_files(kind) if set(rules) & set(_case(path)["rules"])]
    assert len(paths) >= len(rules), f"{rules} of {kind} are shown by {len(paths)} cases"
    return pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in paths])


def show(path: Path) -> None:
    """Runs a case, or fails by naming what came out otherwise."""
    book, case, answer = run(path)
    expected = case["expect"]
    if "refused" in expected:
        assert not isinstance(answer, Decision), f"not refused but {answer}"
        assert {"code": answer[0], "params": answer[1]} == {"params": {}, **expected["refused"]}
        return
    assert isinstance(answer, Decision), f"refused: {answer}"
    found = readable(answer, book)
    if "posting_sets" in expected:
        sets = {name: sorted(legs) for name, legs in expected["posting_sets"].items()}
        assert found["posting_sets"] == sets
    if expected.get("records") == {}:
        assert found["records"] == {}
    rest = {name: part for name, part in expected.items() if name != "posting_sets"}
    assert difference_from(rest, found) == []


def unshown(kind: str) -> set[str]:
    """Rules of the kind that no case names, and rules that cases name and the kind has not."""
    written = set(re.findall(r"\*\*([A-Z]+\d+)\*\*", (KINDS / kind / "RULES.md").read_text(encoding="utf-8")))
    return written ^ {rule for path in case_files(kind) for rule in _case(path)["rules"]}


def _case(path: Path) -> dict[str, Any]:
    case: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return case
