"""What a stock receipt does: the rules are in RULES.md."""

from __future__ import annotations

from typing import Any

from ...decision import Decision, Posting, Reason
from ...facts import FactRequests, Facts, RecordKey
from ...ledger import move
from ...moments import noon_of
from ...quantity import parse_quantity
from .document import StockReceipt


def facts_needed(receipt: StockReceipt) -> FactRequests:
    return FactRequests(tuple(RecordKey("product", product) for product in sorted(receipt.lines)))


def unknown_products(receipt: StockReceipt, facts: Facts) -> list[str]:
    return [product for product in sorted(receipt.lines) if RecordKey("product", product) not in facts.records]


def decide(receipt: StockReceipt, facts: Facts) -> Decision:
    figures = {"warehouse": receipt.warehouse, "lines": len(receipt.lines)}
    reversal = next((command for command in facts.commands if command.name == "reverse"), None)
    if reversal is not None:
        params = {"by": reversal.by, "reason": reversal.params["reason"]}
        return Decision("withdrawn", (Reason("receipt_reversed", params, None, "R3"),), figures)
    unknown = set(unknown_products(receipt, facts))
    postings: list[Posting] = []
    for product, quantity in sorted(receipt.lines.items()):
        amount = parse_quantity(quantity)
        if amount and product not in unknown:
            postings += move("stock", "supplier", f"warehouse:{receipt.warehouse}", product, amount)
    reasons = tuple(Reason("unknown_product", {"product": product}, product, "R1") for product in sorted(unknown))
    if not postings:
        return Decision("refused", reasons or (Reason("no_lines", {}, None, "R1"),), figures)
    costs = {product: cost for product, cost in receipt.costs.items() if product not in unknown}
    return Decision(
        "in_part" if unknown else "closed",
        reasons,
        figures,
        {"receipt": tuple(postings)},
        times={"receipt": noon_of(receipt.received_on, facts.capture.received_at)},
        costs={"receipt": costs} if costs else {},
    )


def row(receipt: StockReceipt, decision: Decision) -> dict[str, Any]:
    return {
        "number": receipt.reference or None,
        "title": receipt.warehouse,
        "total": None,
        "currency": None,
        "at": f"{receipt.received_on}T00:00:00.000Z" if receipt.received_on else None,
        "lines": len(receipt.lines),
        "attention": decision.verdict == "refused",
        "case": False,
    }


def scope(receipt: StockReceipt) -> str:
    return "hq"
