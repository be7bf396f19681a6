from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from server.domain.decision import Decision

from .cases import FOLDER, case_files, difference_from, readable, run


def _worn(path: Path) -> pytest.param:
    rules = json.loads(path.read_text())["rules"]
    return pytest.param(path, id=path.stem, marks=[pytest.mark.rule(rule) for rule in rules])


@pytest.mark.parametrize("path", [_worn(path) for path in case_files("order")])
def test_case(path: Path) -> None:
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
    rest = {name: part for name, part in expected.items() if name != "posting_sets"}
    assert difference_from(rest, found) == []


def test_every_rule_has_a_case_and_every_case_names_rules_that_are_written_down() -> None:
    rules = Path(__file__).parents[2] / "server" / "domain" / "kinds" / "order" / "RULES.md"
    written = set(re.findall(r"\*\*(O\d+)\*\*", rules.read_text()))
    worn = {rule for path in case_files("order") for rule in json.loads(path.read_text())["rules"]}
    assert written == worn


def test_advice_cases_need_no_history() -> None:
    """The tablet advises on what it has: a case for it has no steps of headquarters."""
    for path in FOLDER.glob("*/*.json"):
        case = json.loads(path.read_text())
        assert not (case.get("advice") and case.get("then")), path
