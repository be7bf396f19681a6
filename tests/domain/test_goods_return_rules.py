"""The rules of a return, each shown by its cases, and beside the sales and other returns that they stand on."""

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
SALE: dict[str, Any] = {
    "kind": "sale", "schema": 1, "number": "T2-1", "dealer": "alfki", "currency": "CNY", "stage": "done",
    "created_at": "2026-03-01T08:00:00Z", "captured_at": "2026-03-01T08:00:00Z",
    "payments": {"p": {"method": "cash", "amount": 3390}},
    "lines": {"m": {"product": "pump", "quantity": "3", "unit": "pcs", "price": 1130, "serials": ["P1", "P2", "P3"]}},
}  # fmt: skip


def returned(number: str, at: str, quantity: str = "2", serials: tuple[str, ...] = ("P1", "P2")) -> dict[str, Any]:
    return {
        "kind": "goods_return", "schema": 1, "number": number, "dealer": "alfki", "source": "T2-1", "stage": "done",
        "created_at": at, "captured_at": at, "refund": {"method": "cash"},
        "lines": {"a": {"line": "m", "quantity": quantity, "serials": list(serials)}},
    }  # fmt: skip


@pytest.fixture
def book() -> Book:
    return Book(
        {RecordKey("product", "pump"): PUMP, RecordKey("warranty_policy", "default"): POLICY}, 1_772_442_000_000
    )


@pytest.mark.rule("T1")
@pytest.mark.rule("T2")
@cases("goods_return", "T1", "T2")
def test_against_what_and_when(path: Path) -> None:
    show(path)


@pytest.mark.rule("T3")
@pytest.mark.rule("T4")
@pytest.mark.rule("T5")
@cases("goods_return", "T3", "T4", "T5")
def test_what_a_customer_brings_back(path: Path) -> None:
    show(path)


@pytest.mark.rule("T6")
@pytest.mark.rule("T7")
@pytest.mark.rule("T8")
@pytest.mark.rule("T9")
@cases("goods_return", "T6", "T7", "T8", "T9")
def test_what_headquarters_takes_back(path: Path) -> None:
    show(path)


def test_every_rule_has_a_case() -> None:
    assert unshown("goods_return") == set()


@pytest.mark.rule("T1")
@pytest.mark.rule("T3")
@pytest.mark.rule("T4")
@pytest.mark.parametrize("order", list(itertools.permutations(("sale", "early", "late"))))
def test_any_order_of_arrival_ends_alike(book: Book, order: tuple[str, ...]) -> None:
    documents = {
        "sale": SALE,
        "early": returned("T3-1", "2026-03-02T07:00:00Z"),
        "late": returned("T3-2", "2026-03-02T08:00:00Z", serials=("P2", "P3")),
    }
    for name in order:
        book.push(name, documents[name])
    verdicts = {name: book.entries[name].decision.verdict for name in documents}  # type: ignore[union-attr]
    assert verdicts == {"sale": "closed", "early": "closed", "late": "held"}
    amounts = {key.account: amount for key, amount in book.balances.items() if key.item in ("pump", "CNY") and amount}
    assert amounts["customer:alfki"] == 1000
    assert amounts["till:alfki"] == 1130
    assert {key.key for key in book.published if key.kind == "warranty"} == {"alfki/P3"}
    # The earlier one was a mistake: the later one counts by itself.
    book.push("early", documents["early"] | {"stage": "cancelled"})
    assert book.entries["late"].decision.verdict == "closed"  # type: ignore[union-attr]
    assert {key.key for key in book.published if key.kind == "warranty"} == {"alfki/P1"}
    assert book.balances[BalanceKey("lot", "dealer:alfki", "pump#P3")] == 0


@pytest.mark.rule("T4")
def test_a_machine_that_came_back_is_sold_again_with_a_new_warranty(book: Book) -> None:
    again = SALE | {"number": "T2-2", "captured_at": "2026-03-02T08:30:00Z"}
    again["lines"] = {"n": SALE["lines"]["m"] | {"quantity": "1", "serials": ["P1"]}}
    book.push("again", again)
    book.push("sale", SALE)
    codes = [reason.code for reason in book.entries["again"].decision.reasons]  # type: ignore[union-attr]
    assert "serial_sold_before" in codes
    book.push("back", returned("T3-1", "2026-03-02T08:00:00Z", "1", ("P1",)))
    codes = [reason.code for reason in book.entries["again"].decision.reasons]  # type: ignore[union-attr]
    assert "serial_sold_before" not in codes
    assert book.published[RecordKey("warranty", "alfki/P1")]["document"] == "again"
