"""Payments and stock receipts: written by headquarters, decided like any other kind."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from server.domain.decision import BalanceKey, Decision
from server.domain.facts import RecordKey
from server.domain.registry import KINDS

from .book import Book

DEALER = {"id": "alfki", "tier": "retail", "price_list": None, "credit_limit": 0, "currency": "CNY", "terms": "monthly"}
CHAI = {"id": "chai", "base_unit": "pcs", "units": [], "tax_bp": 0}
PAYMENT = {"dealer": "alfki", "amount": 5000, "currency": "CNY", "reference": "TT-1", "received_on": "2026-03-02"}


def receivable(book: Book) -> int:
    return book.balances.get(BalanceKey("money", "receivable:alfki", "CNY"), 0)


@pytest.fixture
def book() -> Book:
    return Book({RecordKey("dealer", "alfki"): DEALER, RecordKey("product", "chai"): CHAI}, 1_772_442_000_000)


@pytest.mark.rule("P3")
def test_a_payment_lessens_what_is_owed_and_is_published(book: Book) -> None:
    decision = book.create("p1", "payment", PAYMENT)
    assert isinstance(decision, Decision)
    assert decision.verdict == "closed"
    assert receivable(book) == -5000
    assert book.balances[BalanceKey("money", "bank", "CNY")] == 5000
    (record,) = decision.records
    assert (record.kind, record.key) == ("payment", "c1")
    assert record.body is not None
    assert record.body["document"] == "p1"
    assert record.body["amount"] == 5000
    assert book.entries["p1"].row["total"] == 5000


@pytest.mark.rule("P1")
@pytest.mark.rule("P2")
@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"dealer": "nobody"}, ("unknown_dealer", {"dealer": "nobody"})),
        ({"currency": "EUR"}, ("currency_differs", {"currency": "EUR", "expected": "CNY"})),
    ],
)
def test_a_payment_that_cannot_be_booked_is_refused(book: Book, change: dict[str, Any], refusal: Any) -> None:
    assert book.create("p1", "payment", PAYMENT | change) == refusal
    assert book.balances == {}


@pytest.mark.rule("P4")
def test_a_wrong_payment_is_taken_back_once(book: Book) -> None:
    book.create("p1", "payment", PAYMENT)
    decision = book.command("p1", "reverse", {"reason": "typed twice"})
    assert isinstance(decision, Decision)
    assert decision.verdict == "withdrawn"
    assert receivable(book) == 0
    assert decision.records[0].body is None
    assert book.command("p1", "reverse", {"reason": "again"}) == ("already_reversed", {})


@pytest.mark.parametrize("change", [{"amount": 0}, {"amount": -1}, {"received_on": "2026-13-01"}, {"what": 1}])
def test_a_payment_has_a_form(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        KINDS["payment"].document.model_validate(PAYMENT | change)


@pytest.mark.rule("R2")
def test_a_receipt_fills_the_warehouse(book: Book) -> None:
    decision = book.create("r1", "stock_receipt", {"lines": {"chai": "12.5"}, "reference": "GR-1"})
    assert isinstance(decision, Decision)
    assert decision.verdict == "closed"
    assert book.balances == {
        BalanceKey("stock", "supplier", "chai"): -12_500,
        BalanceKey("stock", "warehouse:main", "chai"): 12_500,
    }


@pytest.mark.rule("R1")
def test_a_receipt_of_an_unknown_product_is_refused(book: Book) -> None:
    lines = {"chai": "1", "choi": "1"}
    assert book.create("r1", "stock_receipt", {"lines": lines}) == ("unknown_product", {"product": "choi"})


@pytest.mark.rule("R1")
def test_a_product_that_is_gone_later_is_left_out_by_name(book: Book) -> None:
    decision = book.push("r1", {"kind": "stock_receipt", "lines": {"chai": "1", "choi": "1", "none": "0"}})
    assert decision.verdict == "in_part"
    assert [reason.line for reason in decision.reasons] == ["choi", "none"]
    assert {posting.item for posting in decision.posting_sets["receipt"]} == {"chai"}


@pytest.mark.rule("R3")
def test_a_wrong_receipt_is_taken_back_once(book: Book) -> None:
    book.create("r1", "stock_receipt", {"lines": {"chai": "2"}})
    decision = book.command("r1", "reverse", {"reason": "counted twice"})
    assert isinstance(decision, Decision)
    assert not any(book.balances.values())
    assert book.command("r1", "reverse", {"reason": "again"}) == ("already_reversed", {})
