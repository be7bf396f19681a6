"""The rules of a goods receipt, each shown by its cases, and beside the order whose shipment it receives."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from server.domain.decision import BalanceKey, Decision
from server.domain.facts import RecordKey

from .book import Book
from .kind_cases import cases, show, unshown

RECEIPT: dict[str, Any] = {
    "kind": "goods_receipt", "schema": 1, "number": "T2-1", "dealer": "alfki", "shipment": "T1-1-S1", "stage": "confirmed",
    "created_at": "2026-03-02T08:00:00Z", "received_at": "2026-03-02T08:00:00Z",
    "lines": {"a": {"line": "l1", "product": "chai", "unit": "pcs", "received": "10"}},
}  # fmt: skip
ORDER: dict[str, Any] = {
    "kind": "order", "schema": 1, "number": "T1-1", "dealer": "alfki", "currency": "CNY", "stage": "submitted",
    "created_at": "2026-03-01T08:00:00Z", "price_list": "retail@1",
    "lines": {"l1": {"position": 1, "product": "chai", "quantity": "10", "unit": "pcs", "price": 100}},
}  # fmt: skip
RECORDS: dict[str, dict[str, Any]] = {
    "dealer/alfki": {"id": "alfki", "tier": "retail", "price_list": "retail@1", "currency": "CNY", "credit_limit": None},
    "product/chai": {"id": "chai", "base_unit": "pcs", "units": [], "tax_bp": 1300, "step": "1", "pack": None},
    "price_list/retail@1": {
        "id": "retail", "version": 1, "currency": "CNY", "tier": "retail", "valid_from": "2020-01-01", "valid_to": None,
    },
    "price/retail@1/chai": {"product": "chai", "list": "retail", "version": 1, "units": {"pcs": {"price": 100}}},
}  # fmt: skip


@pytest.fixture
def book() -> Book:
    book = Book({RecordKey(*key.split("/", 1)): body for key, body in RECORDS.items()}, 1_772_442_000_000)
    book.books.learn({BalanceKey("stock", "warehouse:main", "chai"): 100_000})
    return book


def stock(book: Book, account: str) -> int:
    return book.balances.get(BalanceKey("stock", account, "chai"), 0) // 1000


def shipped(book: Book) -> Decision:
    book.push("o1", ORDER)
    done = book.command("o1", "ship", {"lines": {"l1": "10"}})
    assert isinstance(done, Decision)
    return done


@pytest.mark.rule("G1")
@pytest.mark.rule("G2")
@pytest.mark.rule("G3")
@pytest.mark.rule("G4")
@cases("goods_receipt", "G1", "G2", "G3", "G4")
def test_what_was_counted(path: Path) -> None:
    show(path)


@pytest.mark.rule("G5")
@pytest.mark.rule("G6")
@cases("goods_receipt", "G5", "G6")
def test_when_and_against_what(path: Path) -> None:
    show(path)


@pytest.mark.rule("G7")
@pytest.mark.rule("G8")
@pytest.mark.rule("G9")
@cases("goods_receipt", "G7", "G8", "G9")
def test_what_headquarters_settles(path: Path) -> None:
    show(path)


@pytest.mark.rule("G10")
@pytest.mark.rule("G11")
@cases("goods_receipt", "G10", "G11")
def test_two_receipts(path: Path) -> None:
    show(path)


def test_every_rule_has_a_case() -> None:
    assert unshown("goods_receipt") == set()


@pytest.mark.rule("G5")
@pytest.mark.rule("O23")
def test_a_receipt_before_its_shipment_is_decided_when_it_is_known(book: Book) -> None:
    assert book.push("r1", RECEIPT).verdict == "held"
    shipped(book)
    assert book.entries["r1"].decision.verdict == "closed"  # type: ignore[union-attr]
    assert (stock(book, "transit:alfki"), stock(book, "dealer:alfki")) == (0, 10)
    codes = [reason.code for reason in book.entries["o1"].decision.reasons]  # type: ignore[union-attr]
    assert "delivered" in codes
    assert book.command("o1", "deliver", {"shipment": "c1"}) == (
        "already_received",
        {"shipment": "T1-1-S1", "receipt": "T2-1"},
    )


@pytest.mark.rule("O23")
def test_a_receipt_takes_over_from_a_recorded_delivery(book: Book) -> None:
    shipped(book)
    book.command("o1", "deliver", {"shipment": "c1"})
    assert stock(book, "dealer:alfki") == 10
    few = RECEIPT | {"lines": {"a": RECEIPT["lines"]["a"] | {"received": "7"}}}
    decision = book.push("r1", few)
    assert (stock(book, "transit:alfki"), stock(book, "dealer:alfki")) == (3, 7)
    assert decision.costs == {"receipt": {"chai": 700}}
    standing = book.books.standing_of("o1")
    assert not any(name.startswith("delivery:") for name in standing)
    # A receipt that is made a draft again gives the delivery back.
    book.push("r1", few | {"stage": "draft"})
    assert (stock(book, "transit:alfki"), stock(book, "dealer:alfki")) == (0, 10)


@pytest.mark.rule("G10")
@pytest.mark.parametrize("order", list(itertools.permutations(("early", "late", "ship"))))
def test_two_receipts_in_any_order_of_arrival_move_the_goods_once(book: Book, order: tuple[str, ...]) -> None:
    late = RECEIPT | {"number": "T3-1", "received_at": "2026-03-02T08:30:00Z"}
    early = RECEIPT | {"lines": {"a": RECEIPT["lines"]["a"] | {"received": "9"}}}
    for step in order:
        shipped(book) if step == "ship" else book.push(f"r-{step}", early if step == "early" else late)
    assert (stock(book, "transit:alfki"), stock(book, "dealer:alfki")) == (1, 9)
    verdicts = {name: entry.decision.verdict for name, entry in book.entries.items() if entry.decision}
    assert (verdicts["r-early"], verdicts["r-late"]) == ("in_part", "held")
    assert book.published[RecordKey("receipt", "alfki/T1-1/c1")]["number"] == "T2-1"


@pytest.mark.rule("G7")
def test_what_is_sent_again_is_received_like_any_other(book: Book) -> None:
    shipped(book)
    book.push("r1", RECEIPT | {"lines": {"a": RECEIPT["lines"]["a"] | {"received": "7"}}})
    book.command("r1", "resolve", {"lines": {"l1": "resend"}})
    assert (stock(book, "transit:alfki"), stock(book, "loss:transit"), stock(book, "warehouse:main")) == (3, 3, 87)
    again = RECEIPT | {
        "number": "T2-2",
        "shipment": "T1-1-S1-R1",
        "lines": {"a": RECEIPT["lines"]["a"] | {"received": "3"}},
    }
    assert book.push("r2", again).verdict == "closed"
    assert (stock(book, "transit:alfki"), stock(book, "dealer:alfki")) == (0, 10)


def test_serial_numbers_and_batches_are_booked_beside_the_goods(book: Book) -> None:
    shipped(book)
    line = RECEIPT["lines"]["a"] | {"received": "1", "damaged": "1", "serials": ["A/1", "A/2"]}
    other = RECEIPT["lines"]["a"] | {"received": "8", "batch": "L7"}
    book.push("r1", RECEIPT | {"lines": {"a": line, "b": other}})
    lots = {key.account: n for key, n in book.balances.items() if key.ledger == "lot" and key.item == "chai#A/1" and n}
    assert lots == {"dealer:alfki": 1000, "transit:alfki": -1000}
    assert book.balances[BalanceKey("lot", "dealer:alfki:damaged", "chai#A/2")] == 1000
    assert book.balances[BalanceKey("lot", "dealer:alfki", "chai#L7")] == 8000
