"""What the other layers build on: published balances, malformed content, codes, the face of each kind."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from server.domain.account import balance_records, balance_records_of
from server.domain.codes import COMMAND_REFUSALS, PUBLISHED, REASONS, mismatches
from server.domain.decision import BalanceKey, Decision, Posting
from server.domain.facts import RecordKey
from server.domain.malformed import malformed, malformed_row
from server.domain.master import MASTER, record_key
from server.domain.quantity import parse_quantity
from server.domain.reasons import REASONS as REASONS_OF_ALL
from server.domain.registry import KINDS, kind

from .cases import case_files, run

DOMAIN = Path(__file__).parents[2] / "server" / "domain"


def test_balances_that_moved_become_records_once_each() -> None:
    receivable = BalanceKey("money", "receivable:alfki", "CNY")
    opened = BalanceKey("commitment", "open_orders:alfki", "CNY")
    stock = BalanceKey("stock", "warehouse:main", "chai")
    others = [BalanceKey("money", "revenue", "CNY"), BalanceKey("stock", "reserved", "chai")]
    account, level, on_hand = balance_records([receivable, opened, stock, *others])
    assert (on_hand.kind, on_hand.key, on_hand.scope) == ("stock_on_hand", "warehouse:main/chai", "hq")
    assert (account.kind, account.key, account.scope) == ("account_balance", "alfki", "dealer:alfki")
    assert (level.kind, level.key, level.scope) == ("stock_level", "chai", "catalog")
    dealer = {"currency": "CNY", "credit_limit": 100, "terms": "monthly"}
    balances = {receivable: 5, opened: 7, stock: -1500}
    bodies = [each.body({RecordKey("dealer", "alfki"): dealer}, balances) for each in (account, level)]
    expected: list[dict[str, Any]] = [
        {"dealer": "alfki", "currency": "CNY", "receivable": 5, "open_orders": 7, "limit": 100, "terms": "monthly"},
        {"product": "chai", "available": "-1.5"},
    ]
    assert bodies == expected
    for each, body in zip((account, level), expected, strict=True):
        PUBLISHED[each.kind].model_validate(body)


@pytest.mark.parametrize(
    ("units", "told"),
    [
        ("-2", "-2"),
        ("0", "0"),
        ("99.999", "99.999"),
        ("100", "100+"),
        ("199", "100+"),
        ("950.5", "900+"),
        ("1999", "1000+"),
    ],
)
def test_a_large_stock_is_told_in_round_numbers(units: str, told: str) -> None:
    """So that an order is no news for every other dealer's tablet."""
    key = BalanceKey("stock", "warehouse:main", "chai")
    level, _ = balance_records([key])
    body = level.body({}, {key: parse_quantity(units)})
    assert body is not None
    assert body["available"] + ("+" if body.get("at_least") else "") == told
    PUBLISHED["stock_level"].model_validate(body)


def test_a_dealer_who_gets_another_limit_gets_another_account_record() -> None:
    key = RecordKey("dealer", "alfki")
    body = {"id": "alfki", "currency": "CNY", "credit_limit": 700, "terms": "prepayment"}
    (record,) = balance_records_of({key: body, RecordKey("product", "chai"): {}, RecordKey("dealer", "gone"): None})
    assert (record.kind, record.key, record.scope) == ("account_balance", "alfki", "dealer:alfki")
    shown = record.body({key: body}, {record.balances[0]: -50})
    assert shown == {
        "dealer": "alfki", "currency": "CNY", "receivable": -50, "open_orders": 0, "limit": 700, "terms": "prepayment",
    }  # fmt: skip
    PUBLISHED[record.kind].model_validate(shown)


def test_a_balance_in_another_currency_or_of_an_unknown_dealer_is_not_published() -> None:
    (record,) = balance_records([BalanceKey("money", "receivable:alfki", "EUR")])
    assert record.body({}, {}) is None
    assert record.body({RecordKey("dealer", "alfki"): {"currency": "CNY"}}, {}) is None


def test_content_that_does_not_fit_is_refused_by_name_and_keeps_what_stands() -> None:
    standing = {"reservation": (Posting("stock", "a", "x", -1), Posting("stock", "b", "x", 1))}
    with pytest.raises(ValidationError) as caught:
        KINDS["order"].document.model_validate({"kind": "order", "schema": 1, "number": "T-1", "lines": {"l1": 5}})
    decision = malformed(caught.value.errors(), standing)
    assert decision.verdict == "refused"
    assert decision.posting_sets == standing
    assert mismatches(decision) == []
    assert decision.reasons[0].code == "document_malformed"
    row = malformed_row({"number": "T-1", "stage": 7, "dealer": "x" * 900})
    assert row["number"] == "T-1"
    assert row["attention"]
    assert "stage" not in row
    assert len(row["dealer"]) == 80


@pytest.mark.parametrize(
    "change",
    [
        {"created_at": "0001-01-01T00:00:00+14:00"},
        {"captured_at": "9999-12-31T23:59:59-14:00"},
        {"created_at": "2026-03-02T08:00:00"},
        {"wanted_date": "2026-02-40"},
        {"wanted_date": "٢٠٢٦-٠١-٠١"},
        {"schema": 2},
        {"stage": "shipped"},
        {"dealer": "../../x"},
        {"surprise": 1},
        {"lines": {"l 1": {}}},
        {"lines": {"l1": {"position": 1, "product": "p", "quantity": "1e5", "unit": "pcs", "price": 1}}},
        {"lines": {"l1": {"position": 1, "product": "p", "quantity": "-1", "unit": "pcs", "price": 1}}},
        {"lines": {"l1": {"position": 1, "product": "p", "quantity": "1", "unit": "pcs", "price": -1}}},
    ],
)
def test_hostile_content_never_reaches_a_rule(change: dict[str, Any]) -> None:
    good = {
        "kind": "order", "schema": 1, "number": "T-1", "dealer": "a", "currency": "CNY", "created_at": "2026-03-02T08:00:00Z",
    }  # fmt: skip
    KINDS["order"].document.model_validate(good)
    with pytest.raises(ValidationError):
        KINDS["order"].document.model_validate(good | change)


def test_every_code_that_the_rules_name_is_declared_and_every_declared_one_is_named() -> None:
    text = "\n".join(
        path.read_text(encoding="utf-8") for path in DOMAIN.parent.rglob("*.py") if path.name != "reasons.py"
    )
    for code in (*REASONS, *COMMAND_REFUSALS):
        assert f'"{code}"' in text, code
    for code in re.findall(r'Reason\(\s*"([a-z_]+)"', text):
        assert code in REASONS


def test_the_cases_show_every_reason_of_an_order() -> None:
    seen: set[str] = set()
    for path in case_files("order"):
        answer = run(path)[2]
        if isinstance(answer, Decision):
            seen |= {reason.code for reason in answer.reasons}
    elsewhere = {"document_malformed", "scope_mismatch", "rule_failed", "posting_unsound"}
    elsewhere |= {"payment_received", "payment_reversed", "receipt_reversed", "posted_late"}
    assert seen == REASONS_OF_ALL.keys() - elsewhere


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_has_its_rules_written_down_and_decided_under_their_numbers(name: str) -> None:
    folder = DOMAIN / "kinds" / name
    written = set(re.findall(r"\*\*([A-Z]{1,2}\d+)\*\*", (folder / "RULES.md").read_text(encoding="utf-8")))
    used = {
        rule
        for path in folder.glob("*.py")
        for rule in re.findall(r'"([A-Z]{1,2}\d+)"', path.read_text(encoding="utf-8"))
    }
    assert written
    assert used <= written
    found = kind(name)
    assert found is KINDS[name]
    assert found.name == name
    assert found.writable or found.create, "somebody writes it: devices, headquarters, or both (decision note 12)"
    assert found.create is None or found.command(found.create) is not None


def test_a_staff_member_may_not_ask_for_a_discount_and_a_technician_writes_no_order() -> None:
    writable = KINDS["order"].writable
    assert set(writable) == {"owner", "staff"}
    assert set(writable["owner"]) - set(writable["staff"]) == {"lines/*/discount_bp"}


def test_the_keys_of_records_are_made_from_their_bodies() -> None:
    assert record_key("price_list", {"id": "retail", "version": 3}) == "retail@3"
    assert record_key("price", {"list": "retail", "version": 3, "product": "chai"}) == "retail@3/chai"
    assert record_key("product", {"id": "chai"}) == "chai"


def test_the_records_of_the_cases_have_the_shape_of_the_master_data() -> None:
    base = json.loads((Path(__file__).parents[2] / "schemas/cases/order/base.json").read_text(encoding="utf-8"))
    for key, body in base["records"].items():
        name, _, rest = key.partition("/")
        assert record_key(name, MASTER[name].model_validate(body).model_dump()) == rest
