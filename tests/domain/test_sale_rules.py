"""The rules of a sale, each shown by its cases, and beside the receipts and sales that came before or arrive after it."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from server.domain.decision import BalanceKey
from server.domain.facts import RecordKey

from .book import Book
from .kind_cases import cases, show, unshown

PUMP = {"id": "pump", "category": "machines", "base_unit": "pcs", "units": [], "tax_bp": 1300}
POLICY = {"id": "default", "months": 12}
NOW = 1_772_442_000_000


def sale(number: str, at: str, serial: str = "P1") -> dict[str, Any]:
    return {
        "kind": "sale", "schema": 1, "number": number, "dealer": "alfki", "currency": "CNY", "stage": "done",
        "created_at": at, "captured_at": at, "payments": {"p": {"method": "cash", "amount": 1130}},
        "lines": {"m": {"product": "pump", "quantity": "1", "unit": "pcs", "price": 1130, "serials": [serial]}},
    }  # fmt: skip


@pytest.fixture
def book() -> Book:
    return Book({RecordKey("product", "pump"): PUMP, RecordKey("warranty_policy", "default"): POLICY}, NOW)


def codes(book: Book, document: str) -> list[str]:
    decision = book.entries[document].decision
    assert decision is not None
    return [reason.code for reason in decision.reasons]


@pytest.mark.rule("S1")
@pytest.mark.rule("S2")
@pytest.mark.rule("S3")
@cases("sale", "S1", "S2", "S3")
def test_what_was_sold_when_and_from_where(path: Path) -> None:
    show(path)


@pytest.mark.rule("S4")
@pytest.mark.rule("S5")
@cases("sale", "S4", "S5")
def test_what_was_there(path: Path) -> None:
    show(path)


@pytest.mark.rule("S6")
@cases("sale", "S6")
def test_money(path: Path) -> None:
    show(path)


@pytest.mark.rule("S7")
@pytest.mark.rule("S8")
@cases("sale", "S7", "S8")
def test_warranty_and_cancelling(path: Path) -> None:
    show(path)


def test_every_rule_has_a_case() -> None:
    assert unshown("sale") == set()


@pytest.mark.rule("S5")
@pytest.mark.rule("S7")
@pytest.mark.parametrize("order", list(itertools.permutations(("first", "second"))))
def test_the_earlier_of_two_sales_of_a_machine_has_the_warranty_in_any_order(
    book: Book, order: tuple[str, ...]
) -> None:
    times = {"first": "2026-03-01T08:00:00Z", "second": "2026-03-02T08:00:00Z"}
    for name in order:
        book.push(name, sale(f"T-{name}", times[name]))
    assert "serial_sold_before" not in codes(book, "first")
    assert "serial_sold_before" in codes(book, "second")
    assert book.published[RecordKey("warranty", "alfki/P1")]["document"] == "first"
    # The first one was a mistake: now the second has it.
    book.push("first", sale("T-first", times["first"]) | {"stage": "cancelled"})
    assert "serial_sold_before" not in codes(book, "second")
    assert book.published[RecordKey("warranty", "alfki/P1")]["document"] == "second"
    assert book.balances[BalanceKey("lot", "customer:alfki", "pump#P1")] == 1000


@pytest.mark.rule("S4")
def test_a_receipt_that_arrives_after_the_sale_makes_it_good(book: Book) -> None:
    book.published[RecordKey("shipment", "s1")] = {
        "id": "s1", "number": "S1", "document": "o1", "order": "T1-1", "dealer": "alfki", "currency": "CNY",
        "lines": {"l1": {"product": "pump", "quantity": "1", "unit": "pcs", "base": "1", "net": 500, "tax": 65}},
    }  # fmt: skip
    decision = book.push("s", sale("T-1", "2026-03-02T08:00:00Z"))
    assert {"stock_short", "serial_not_in_stock"} <= set(codes(book, "s"))
    assert decision.times == {"goods": 1_772_438_400_000}
    line = {"line": "l1", "product": "pump", "unit": "pcs", "received": "1", "serials": ["P1"]}
    receipt = {
        "kind": "goods_receipt", "schema": 1, "number": "T-R1", "dealer": "alfki", "shipment": "s1", "stage": "confirmed",
        "created_at": "2026-03-01T08:00:00Z", "received_at": "2026-03-01T08:00:00Z", "lines": {"a": line},
    }  # fmt: skip
    book.push("r", receipt)
    assert codes(book, "s") == ["sold", "under_warranty"]
    # A receipt of a later time does not.
    book.push("r", receipt | {"received_at": "2026-03-02T08:30:00Z"})
    assert "stock_short" in codes(book, "s")
