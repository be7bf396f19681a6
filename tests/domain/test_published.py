"""A published order decision leaves out what the device reads in the document (decision note 20)."""

from __future__ import annotations

from typing import Any

import pytest

from server.domain.decision import Decision
from server.domain.kinds.order.document import Order
from server.domain.kinds.order.published import published_figures

PLAIN = {"state": "open", "price": 1000, "net": 2250, "tax": 40, "allocated": "2.5"}
SUMS = {"total": 2290, "net": 2250, "tax": 40}


def order(*lines: str) -> Order:
    one = {"position": 1, "product": "chai", "quantity": "2.50", "unit": "pcs", "price": 1000, "discount_bp": 1000}
    content = {
        "kind": "order", "schema": 1, "number": "a-1", "dealer": "alfki", "currency": "CNY",
        "created_at": "2026-01-01T00:00:00Z", "lines": dict.fromkeys(lines, one),
    }  # fmt: skip
    return Order.model_validate(content)


def test_a_plain_line_is_left_out() -> None:
    decision = Decision("accepted", figures=SUMS | {"lines": {"a": PLAIN}})
    assert published_figures(order("a"), decision) == {"total": 2290, "tax": 40, "lines": {}}


@pytest.mark.parametrize(
    "more",
    [{"state": "held"}, {"price": 999}, {"net": 2500}, {"allocated": "1"}, {"shipped": "1"}, {"invoiced": "0"},
     {"captured": 1000, "expected": None}],
)  # fmt: skip
def test_what_differs_is_told_whole(more: dict[str, Any]) -> None:
    decision = Decision("accepted", figures=SUMS | {"lines": {"a": PLAIN | more, "b": PLAIN}})
    assert published_figures(order("a", "b"), decision)["lines"] == {"a": PLAIN | more}


def test_a_line_that_is_promised_nothing_is_told() -> None:
    undecided = {key: value for key, value in PLAIN.items() if key != "allocated"}
    decision = Decision("held", figures=SUMS | {"lines": {"a": undecided}})
    assert published_figures(order("a"), decision)["lines"] == {"a": undecided}


def test_lines_that_only_one_of_them_knows() -> None:
    decision = Decision("accepted", figures=SUMS | {"lines": {"a": PLAIN, "gone": PLAIN}})
    assert published_figures(order("a", "new"), decision)["lines"] == {"gone": PLAIN, "new": None}


def test_what_the_document_or_a_reason_says_is_left_out() -> None:
    figures = {"total": 9, "net": 9, "tax": 0, "price_list": "retail@2", "credit": {"order": 9}, "lines": {}}
    told = {"total": 9, "price_list": "retail@2", "lines": {}}
    assert published_figures(order(), Decision("accepted", figures=figures)) == told
    named = order().model_copy(update={"price_list": "retail@2"})
    assert published_figures(named, Decision("accepted", figures=figures)) == {"total": 9, "lines": {}}


def test_without_lines_nothing_is_changed() -> None:
    assert published_figures(order("a"), Decision("held")) == {}
