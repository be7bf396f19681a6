"""The rules of a stock count, each shown by its cases in `schemas/cases/stock_count`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from server.domain.decision import Decision
from server.domain.facts import Clock
from server.domain.registry import KINDS

from .cases import FOLDER, case_files, difference_from, patched, readable, run

RULES = Path(__file__).parents[2] / "server" / "domain" / "kinds" / "stock_count" / "RULES.md"
BASE = json.loads((FOLDER / "stock_count" / "base.json").read_text(encoding="utf-8"))
DEVICE, OTHER = "a" * 16, "b" * 16


def named(path: Path) -> list[str]:
    rules: list[str] = json.loads(path.read_text(encoding="utf-8"))["rules"]
    return rules


def cases(rule: str) -> Any:
    paths = [pytest.param(path, id=path.stem) for path in case_files("stock_count") if rule in named(path)]
    assert len(paths) >= 2, f"{rule} is shown by {len(paths)} cases"
    return pytest.mark.parametrize("path", paths)


def show(path: Path) -> None:
    book, case, answer = run(path)
    expected = case["expect"]
    if "refused" in expected:
        assert not isinstance(answer, Decision), f"not refused but {answer}"
        assert {"code": answer[0], "params": answer[1]} == {"params": {}, **expected["refused"]}
        return
    assert isinstance(answer, Decision), f"refused: {answer}"
    # What arrived since may have changed it.
    decision = book.entries["d1"].decision
    assert decision is not None
    found = readable(decision, book)
    if "posting_sets" in expected:
        sets = {name: sorted(legs) for name, legs in expected["posting_sets"].items()}
        assert found["posting_sets"] == sets
    rest = {name: part for name, part in expected.items() if name != "posting_sets"}
    assert difference_from(rest, found) == []


@pytest.mark.rule("C1")
@cases("C1")
def test_tallies_sum_up(path: Path) -> None:
    show(path)


@pytest.mark.rule("C2")
@cases("C2")
def test_open_and_cancelled(path: Path) -> None:
    show(path)


@pytest.mark.rule("C3")
@cases("C3")
def test_when_it_was_counted(path: Path) -> None:
    show(path)


@pytest.mark.rule("C4")
@cases("C4")
def test_an_observation(path: Path) -> None:
    show(path)


@pytest.mark.rule("C5")
@cases("C5")
def test_what_is_not_known_or_not_counted(path: Path) -> None:
    show(path)


@pytest.mark.rule("C6")
@cases("C6")
def test_large_differences(path: Path) -> None:
    show(path)


@pytest.mark.rule("C7")
@cases("C7")
def test_accept(path: Path) -> None:
    show(path)


@pytest.mark.rule("C8")
@cases("C8")
def test_recount(path: Path) -> None:
    show(path)


@pytest.mark.rule("C9")
@cases("C9")
def test_closed_periods(path: Path) -> None:
    show(path)


@pytest.mark.rule("C10")
@cases("C10")
def test_batches_and_serial_numbers(path: Path) -> None:
    show(path)


def test_every_rule_has_a_case_and_every_case_names_rules_that_are_written_down() -> None:
    written = set(re.findall(r"\*\*(C\d+)\*\*", RULES.read_text(encoding="utf-8")))
    assert written == {rule for path in case_files("stock_count") for rule in named(path)}


@pytest.mark.rule("C3")
def test_each_device_has_its_own_clock() -> None:
    """One tablet's clock is a day slow: its tally belongs to today all the same, and the other one's is not moved."""
    book, _, _ = run(FOLDER / "stock_count" / "less-than-the-book.json")
    tally = BASE["document"]["tallies"][f"{DEVICE}.1"]
    content = patched(
        BASE["document"],
        {
            "tallies": {
                f"{DEVICE}.1": {**tally, "product": "tofu"},
                f"{OTHER}.1": {**tally, "counted_at": "2026-03-01T08:00:00Z"},
            }
        },
    )
    clocks = {DEVICE: Clock(0, book.now), OTHER: Clock(86_400_000, book.now)}
    decision = book.push("d1", content, clocks=clocks)
    assert {each["at"] for each in decision.figures["differences"].values()} == {1_772_438_400_000}


@pytest.mark.rule("C8")
def test_a_new_count_answers_for_the_one_that_was_asked_about() -> None:
    book, _, _ = run(FOLDER / "stock_count" / "recount-asked.json")
    tally = BASE["document"]["tallies"][f"{DEVICE}.1"] | {"quantity": "9", "counted_at": "2026-03-02T08:50:00Z"}
    again = patched(BASE["document"], {"number": "T-2", "answers": "T-1", "tallies": {f"{DEVICE}.1": tally}})
    made = book.push("d2", again)
    assert made.verdict == "closed"
    assert [(record.kind, record.key) for record in made.records] == [("stock_recount", "dealer:alfki/T-1/d2")]
    first = book.entries["d1"].decision
    assert first is not None
    assert first.verdict == "closed"
    assert [reason.code for reason in first.reasons] == ["recount_answered"]
    assert first.posting_sets == {}
    assert made.figures["differences"]["chai"]["book"] == "10"


@pytest.mark.rule("C6")
def test_a_van_is_weighed_by_the_list_that_the_policy_names() -> None:
    book, _, _ = run(FOLDER / "stock_count" / "open.json")
    book.records = {
        key: body | {"price_list": "retail@3"} if key.kind == "count_policy" else body
        for key, body in book.records.items()
    }
    tallies = {f"{DEVICE}.1": {"quantity": "50"}}
    decision = book.push(
        "d2", patched(BASE["document"], {"number": "T-2", "location": "van:tech-1", "tallies": tallies})
    )
    assert decision.verdict == "held"
    assert decision.figures["differences"]["chai"]["value"] == 50_000
    assert KINDS["stock_count"].scope(KINDS["stock_count"].document.model_validate(book.entries["d2"].content)) == (
        "technician:tech-1"
    )


@pytest.mark.parametrize(
    "change",
    [
        {"location": "warehouse:main"},
        {"location": "dealer:a:b:c"},
        {"stage": "done"},
        {"tallies": {f"{DEVICE}.1": {"quantity": "-1"}}},
        {"tallies": {f"{DEVICE}.1": {"quantity": "1e3"}}},
        {"tallies": {f"{DEVICE}.1": {"counted_at": "2026-03-02T08:00:00"}}},
        {"tallies": {f"{DEVICE}.1": {"batch": "a\u0007"}}},
        {"tallies": {"a/b": {"product": "chai", "quantity": "1", "counted_at": "2026-03-02T08:00:00Z"}}},
    ],
)
def test_hostile_content_never_reaches_a_rule(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        KINDS["stock_count"].document.model_validate(patched(BASE["document"], change))


@pytest.mark.rule("C1")
def test_nobody_may_replace_what_all_have_counted() -> None:
    for patterns in KINDS["stock_count"].writable.values():
        assert "tallies" not in patterns
        assert "tallies/*" not in patterns
        assert "tallies/**" not in patterns
