"""Random histories of several orders over shared stock and credit: what must hold whatever anybody does.

The book checks at every decision that posting sets sum to zero, that codes are as declared and that deciding again is the same.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.domain.decision import BalanceKey, Decision
from server.domain.facts import RecordKey
from server.domain.kinds.order.history import fold
from server.domain.quantity import format_quantity, parse_quantity

from .book import Book
from .cases import FOLDER, patched

BASE = json.loads((FOLDER / "order" / "base.json").read_text(encoding="utf-8"))
RECORDS = {RecordKey(*key.split("/", 1)): body for key, body in BASE["records"].items()}
PRODUCTS = ("chai", "tofu", "syrup", "choi")
STOCK = {"chai": 60_000, "tofu": 7_500, "syrup": 30_000}

lines = st.fixed_dictionaries(
    {
        "position": st.integers(0, 3),
        "product": st.sampled_from(PRODUCTS),
        "quantity": st.sampled_from(["0", "1", "2.5", "6", "12", "13.1", "50", "999999999.999"]),
        "unit": st.sampled_from(["pcs", "box", "kg"]),
        "price": st.sampled_from([500, 950, 1000, 2000, 11400]),
        "discount_bp": st.sampled_from([0, 500, 501, 10_000]),
    }
)
edits = st.fixed_dictionaries(
    {
        "do": st.just("edit"),
        "order": st.integers(0, 2),
        "patch": st.fixed_dictionaries(
            {
                "stage": st.sampled_from(["submitted", "submitted", "submitted", "draft", "withdrawn"]),
                "price_list": st.sampled_from(["retail@3", "retail@3", "retail@2", "retail@9", "wholesale@1"]),
                "lines": st.dictionaries(st.sampled_from(["l1", "l2", "l3"]), st.one_of(lines, st.none()), max_size=3),
            }
        ),
    }
)
commands = st.one_of(
    st.fixed_dictionaries(
        {"name": st.just("approve"), "params": st.fixed_dictionaries({"accept_prices": st.booleans()})}
    ),
    st.just({"name": "reject", "params": {"reason": "no"}}),
    st.fixed_dictionaries(
        {
            "name": st.just("ship"),
            "params": st.fixed_dictionaries(
                {
                    "lines": st.dictionaries(
                        st.sampled_from(["l1", "l2", "l3"]), st.sampled_from(["1", "2.5", "6", "12"]), min_size=1
                    )
                }
            ),
        }
    ),
    st.fixed_dictionaries(
        {
            "name": st.just("deliver"),
            "params": st.fixed_dictionaries({"shipment": st.sampled_from(["T-0-S1", "T-1-S1"])}),
        }
    ),
    st.just({"name": "invoice", "params": {}}),
    st.fixed_dictionaries(
        {"name": st.just("resolve_case"), "params": st.fixed_dictionaries({"accept": st.booleans()})}
    ),
)
acts = st.fixed_dictionaries({"do": st.just("command"), "order": st.integers(0, 2), "command": commands})
payments = st.fixed_dictionaries({"do": st.just("payment"), "amount": st.integers(1, 60_000)})
receipts = st.fixed_dictionaries(
    {
        "do": st.just("receipt"),
        "product": st.sampled_from(PRODUCTS[:3]),
        "quantity": st.sampled_from(["1", "12", "0.4"]),
    }
)
finishes = st.fixed_dictionaries({"do": st.just("finish"), "order": st.integers(0, 2)})
histories = st.lists(st.one_of(edits, acts, acts, finishes, payments, receipts), min_size=4, max_size=24)


def play(history: list[dict[str, Any]], check: Any) -> Book:
    book = Book(RECORDS, 1_772_442_000_000)
    for product, amount in STOCK.items():
        book.balances[BalanceKey("stock", "warehouse:main", product)] = amount
        book.balances[BalanceKey("stock", "supplier", product)] = -amount
    for number in range(3):
        book.push(f"d{number}", patched(BASE["document"], {"number": f"T-{number}"}))
    for number, step in enumerate(history):
        if step["do"] == "edit":
            document = f"d{step['order']}"
            book.push(document, _whole(patched(book.entries[document].content, step["patch"])))
        elif step["do"] == "command":
            _command(book, f"d{step['order']}", step["command"])
        elif step["do"] == "finish":
            _finish(book, f"d{step['order']}")
        elif step["do"] == "payment":
            params = {"dealer": "alfki", "amount": step["amount"], "currency": "CNY", "received_on": "2026-03-03"}
            assert isinstance(book.create(f"p{number}", "payment", params), Decision)
        else:
            params = {"lines": {step["product"]: step["quantity"]}}
            assert isinstance(book.create(f"r{number}", "stock_receipt", params), Decision)
        check(book)
    return book


def _whole(content: dict[str, Any]) -> dict[str, Any]:
    content["lines"] = {key: line for key, line in content["lines"].items() if "product" in line and "unit" in line}
    return content


def _command(book: Book, document: str, command: dict[str, Any]) -> None:
    book.command(document, command["name"], command["params"])


def _finish(book: Book, document: str) -> None:
    """Headquarters does all that can be done for an order: approves it, sends the rest, delivers and invoices it."""
    book.command(document, "approve", {"accept_prices": True})
    entry = book.entries[document]
    assert entry.decision is not None
    left = {
        key: format_quantity(parse_quantity(line["allocated"]) - parse_quantity(line.get("shipped", "0")))
        for key, line in entry.decision.figures["lines"].items()
        if line.get("allocated", "0") != line.get("shipped", "0")
    }
    if left:
        book.command(document, "ship", {"lines": left})
    for shipment in list(fold(tuple(entry.commands)).shipments):
        book.command(document, "deliver", {"shipment": shipment})
    book.command(document, "invoice", {})


def check(book: Book) -> None:
    sums: dict[tuple[str, str], int] = {}
    for key, amount in book.balances.items():
        sums[key.ledger, key.item] = sums.get((key.ledger, key.item), 0) + amount
        assert abs(amount) < 2**53
    assert set(sums.values()) <= {0}
    for key, amount in book.balances.items():
        if key.account in ("reserved",) or key.account.startswith(
            ("transit:", "dealer:", "warehouse:", "open_orders:")
        ):
            assert amount >= 0, key
    for entry in book.entries.values():
        if entry.kind.name == "order" and entry.decision is not None:
            _check_order(entry)


def _check_order(entry: Any) -> None:
    decision = entry.decision
    shipped = fold(tuple(entry.commands)).shipped()
    for key, line in decision.figures["lines"].items():
        if line["state"] == "open" and "allocated" in line and decision.verdict not in ("held", "refused"):
            allocated = parse_quantity(line["allocated"])
            assert allocated >= parse_quantity(line.get("shipped", "0"))
            if not shipped:
                ordered = parse_quantity(entry.content["lines"][key]["quantity"])
                assert allocated + parse_quantity(line.get("back_ordered", "0")) == ordered
    if decision.verdict in ("draft", "withdrawn", "refused"):
        assert decision.posting_sets == {}
    if decision.verdict == "closed":
        assert "commitment" not in decision.posting_sets
        assert decision.figures["invoiced"] == decision.figures["total"]
    assert entry.row["attention"] or decision.verdict != "held"


@pytest.mark.rule("O13")
@pytest.mark.rule("O14")
@pytest.mark.rule("O15")
@pytest.mark.rule("O20")
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(histories)
def test_whatever_happens_the_books_balance_and_no_more_leaves_than_there_is(history: list[dict[str, Any]]) -> None:
    play(history, check)


@pytest.mark.rule("O15")
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(histories)
def test_the_same_history_gives_the_same_book(history: list[dict[str, Any]]) -> None:
    one, other = play(history, lambda book: None), play(history, lambda book: None)
    assert one.balances == other.balances
    assert [entry.decision for entry in one.entries.values()] == [entry.decision for entry in other.entries.values()]


@pytest.mark.rule("O15")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(histories, st.integers(0, 60_000))
def test_a_loss_of_stock_takes_no_promise_back(history: list[dict[str, Any]], loss: int) -> None:
    book = play(history, lambda book: None)
    before = {name: book.books.standing_of(name).get("reservation") for name, entry in book.entries.items()}
    key = BalanceKey("stock", "warehouse:main", "chai")
    book.balances[key] = book.balances.get(key, 0) - loss
    for name, entry in list(book.entries.items()):
        if entry.kind.name == "order":
            book.push(name, entry.content)
            assert book.books.standing_of(name).get("reservation") == before[name]
