"""Reorder proposals, by the cases that the tablet runs, too."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from server.domain.quantity import format_quantity, parse_quantity
from server.domain.reorder import grain_of, propose

from .cases import FOLDER

CASES = sorted((FOLDER / "reorder").glob("*.json"))


@pytest.mark.parametrize("path", CASES, ids=[path.stem for path in CASES])
def test_cases(path: Path) -> None:
    case = json.loads(path.read_text(encoding="utf-8"))
    amounts = [parse_quantity(case[name]) for name in ("on_hand", "reserved", "ordered")]
    made = propose(*amounts, case["policy"], case["product"])
    assert {"projected": format_quantity(made.projected), "quantity": format_quantity(made.quantity)} == case["expect"]


def test_a_proposal_that_is_taken_is_not_made_again() -> None:
    policy = {"reorder_level": "10", "reorder_quantity": None, "on_order": "0"}
    for on_hand in range(-5_000, 12_000, 250):
        for product in ({"step": "1"}, {"step": "0.5"}, {"step": "1", "pack": "7"}):
            made = propose(on_hand, 0, 0, policy, product)
            assert made.quantity % grain_of(product) == 0
            again = propose(on_hand, 0, made.quantity, policy, product)
            assert again.quantity == 0
