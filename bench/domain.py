"""How long the rules take: an order of eight lines, from its content to its decision and list row, without any IO.

    python -m bench.domain            # from the project's root

Prints the best of several rounds for each step, in microseconds. To reach: 250 for all of it.
"""

from __future__ import annotations

import timeit
from collections.abc import Callable

from server.domain.facts import Capture, Facts, RecordKey
from server.domain.registry import KINDS

LINES = 8
ROUNDS, TIMES = 7, 400


def content() -> dict[str, object]:
    lines = {
        f"line-{number}": {
            "position": number, "product": f"p{number}", "quantity": "12", "unit": "pcs", "price": 1000, "note": "",
        }
        for number in range(LINES)
    }  # fmt: skip
    return {
        "kind": "order", "schema": 1, "number": "T1-1", "dealer": "alfki", "currency": "CNY", "stage": "submitted",
        "created_at": "2026-03-02T07:50:00Z", "captured_at": "2026-03-02T08:00:00Z", "price_list": "retail@3",
        "ship_to": {"name": "Alfreds", "address": "Obere Str. 57", "phone": ""}, "lines": lines,
    }  # fmt: skip


def records() -> dict[RecordKey, dict[str, object]]:
    found: dict[RecordKey, dict[str, object]] = {
        RecordKey("dealer", "alfki"): {
            "id": "alfki", "tier": "retail", "price_list": "retail@3", "credit_limit": 10_000_000, "currency": "CNY",
            "terms": "monthly", "grade": "B", "active": True,
        },
        RecordKey("price_list", "retail@3"): {
            "id": "retail", "version": 3, "tier": "retail", "currency": "CNY", "valid_from": "2026-01-01", "valid_to": None,
            "max_discount_bp": 500,
        },
    }  # fmt: skip
    for number in range(LINES):
        product = f"p{number}"
        units = [{"unit": "pcs", "factor": "1"}, {"unit": "box", "factor": "12"}]
        prices = {"pcs": {"price": 1000, "breaks": [{"from_quantity": "100", "price": 950}]}}
        found[RecordKey("product", product)] = {"id": product, "base_unit": "pcs", "units": units, "tax_bp": 1300}
        found[RecordKey("price", f"retail@3/{product}")] = {"product": product, "units": prices}
    return found


def main() -> None:
    order = KINDS["order"]
    raw, known = content(), records()
    document = order.document.model_validate(raw)
    asked = order.facts_needed(document)
    assert order.more_facts is not None
    balances = {key: 10_000_000 if key.ledger == "stock" else 0 for key in asked.balances}
    facts = Facts(known, balances, {}, (), Capture(1_772_442_000_000, 1_772_442_000_000))  # type: ignore[arg-type]
    decision = order.decide(document, facts)
    if decision.verdict != "accepted":
        raise SystemExit(f"not the order that was meant: {decision}")
    more_facts = order.more_facts
    steps: dict[str, Callable[[], object]] = {
        "model_validate": lambda: order.document.model_validate(raw),
        "facts_needed": lambda: order.facts_needed(document),
        "more_facts": lambda: more_facts(document, known),  # type: ignore[arg-type]
        "decide": lambda: order.decide(document, facts),
        "row": lambda: order.row(document, decision),
    }
    total = 0.0
    for name, step in steps.items():
        best = min(timeit.repeat(step, number=TIMES, repeat=ROUNDS)) / TIMES * 1e6
        total += best
        print(f"{name:16}{best:8.1f} µs")
    print(f"{'together':16}{total:8.1f} µs for an order of {LINES} lines")


if __name__ == "__main__":
    main()
