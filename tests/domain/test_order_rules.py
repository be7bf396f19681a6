"""The rules of an order, each shown by its cases in `schemas/cases/order`, in both outcomes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from server.domain.decision import Decision

from .cases import FOLDER, case_files, difference_from, readable, run

RULES = Path(__file__).parents[2] / "server" / "domain" / "kinds" / "order" / "RULES.md"


def named(path: Path) -> list[str]:
    rules: list[str] = json.loads(path.read_text(encoding="utf-8"))["rules"]
    return rules


def cases(rule: str) -> Callable[[Callable[[Path], None]], Callable[[Path], None]]:
    """Once for every case that names the rule."""
    paths = [pytest.param(path, id=path.stem) for path in case_files("order") if rule in named(path)]
    assert len(paths) >= 2, f"{rule} is shown by {len(paths)} cases"
    return pytest.mark.parametrize("path", paths)


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
    rest = {name: part for name, part in expected.items() if name != "posting_sets"}
    assert difference_from(rest, found) == []


@pytest.mark.rule("O1")
@cases("O1")
def test_a_draft_is_not_decided(path: Path) -> None:
    show(path)


@pytest.mark.rule("O2")
@cases("O2")
def test_unknown_and_withdrawn_products(path: Path) -> None:
    show(path)


@pytest.mark.rule("O3")
@cases("O3")
def test_quantity_and_unit(path: Path) -> None:
    show(path)


@pytest.mark.rule("O4")
@cases("O4")
def test_when_it_was_taken(path: Path) -> None:
    show(path)


@pytest.mark.rule("O5")
@cases("O5")
def test_the_price_is_frozen_at_capture(path: Path) -> None:
    show(path)


@pytest.mark.rule("O6")
@cases("O6")
def test_a_captured_price_that_is_not_the_lists(path: Path) -> None:
    show(path)


@pytest.mark.rule("O7")
@cases("O7")
def test_tier_and_breaks(path: Path) -> None:
    show(path)


@pytest.mark.rule("O8")
@cases("O8")
def test_discount(path: Path) -> None:
    show(path)


@pytest.mark.rule("O9")
@cases("O9")
def test_who_the_dealer_is(path: Path) -> None:
    show(path)


@pytest.mark.rule("O10")
@cases("O10")
def test_credit(path: Path) -> None:
    show(path)


@pytest.mark.rule("O11")
@cases("O11")
def test_prepayment(path: Path) -> None:
    show(path)


@pytest.mark.rule("O12")
@cases("O12")
def test_totals_and_tax(path: Path) -> None:
    show(path)


@pytest.mark.rule("O13")
@cases("O13")
def test_commitment(path: Path) -> None:
    show(path)


@pytest.mark.rule("O14")
@cases("O14")
def test_allocation_by_arrival(path: Path) -> None:
    show(path)


@pytest.mark.rule("O15")
@cases("O15")
def test_a_promise_is_not_taken_back_silently(path: Path) -> None:
    show(path)


@pytest.mark.rule("O16")
@cases("O16")
def test_withdrawal_gives_back(path: Path) -> None:
    show(path)


@pytest.mark.rule("O17")
@cases("O17")
def test_an_edit_before_shipping(path: Path) -> None:
    show(path)


@pytest.mark.rule("O18")
@cases("O18")
def test_an_edit_after_shipping(path: Path) -> None:
    show(path)


@pytest.mark.rule("O19")
@cases("O19")
def test_approve_and_reject(path: Path) -> None:
    show(path)


@pytest.mark.rule("O20")
@cases("O20")
def test_ship_and_deliver(path: Path) -> None:
    show(path)


@pytest.mark.rule("O23")
@cases("O23")
def test_the_dealers_receipt_is_nearer_to_the_goods(path: Path) -> None:
    show(path)


@pytest.mark.rule("O21")
@cases("O21")
def test_invoice_and_close(path: Path) -> None:
    show(path)


@pytest.mark.rule("O22")
@cases("O22")
def test_waits(path: Path) -> None:
    show(path)


def test_every_rule_has_a_case_and_every_case_names_rules_that_are_written_down() -> None:
    written = set(re.findall(r"\*\*(O\d+)\*\*", RULES.read_text(encoding="utf-8")))
    assert written == {rule for path in case_files("order") for rule in named(path)}


def test_advice_cases_need_no_history() -> None:
    """The tablet advises on what it has: a case for it has no steps of headquarters."""
    for path in FOLDER.glob("*/*.json"):
        case = json.loads(path.read_text(encoding="utf-8"))
        assert not (case.get("advice") and case.get("then")), path
