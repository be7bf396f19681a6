"""What a payment does: the rules are in RULES.md."""

from __future__ import annotations

from typing import Any

from ...decision import BalanceKey, Decision, Notice, Reason, RecordWrite
from ...facts import FactRequests, Facts, RecordKey
from ...ledger import move
from .document import Payment


def facts_needed(payment: Payment) -> FactRequests:
    key = BalanceKey("money", f"receivable:{payment.dealer}", payment.currency)
    return FactRequests((RecordKey("dealer", payment.dealer),), (key,))


def problem(payment: Payment, facts: Facts) -> Reason | None:
    dealer = facts.records.get(RecordKey("dealer", payment.dealer))
    if dealer is None:
        return Reason("unknown_dealer", {"dealer": payment.dealer}, None, "P1")
    if dealer["currency"] != payment.currency:
        return Reason("currency_differs", {"currency": payment.currency, "expected": dealer["currency"]}, None, "P2")
    return None


def decide(payment: Payment, facts: Facts) -> Decision:
    figures = {"amount": payment.amount, "currency": payment.currency}
    reversal = next((command for command in facts.commands if command.name == "reverse"), None)
    record = {**payment.model_dump(by_alias=True, exclude={"kind", "schema_"}), "document": facts.document}
    key = facts.commands[0].id if facts.commands else facts.document
    if reversal is not None:
        params = {"by": reversal.by, "reason": reversal.params["reason"]}
        return Decision(
            "withdrawn",
            (Reason("payment_reversed", params, None, "P4"),),
            figures,
            records=(RecordWrite("payment", key, None),),
            notices=(Notice("scope", "payment_reversed", figures),),
        )
    refusal = problem(payment, facts)
    if refusal is not None:
        return Decision("refused", (refusal,), figures)
    return Decision(
        "closed",
        (Reason("payment_received", figures, None, "P3"),),
        figures,
        {"payment": move("money", f"receivable:{payment.dealer}", "bank", payment.currency, payment.amount)},
        (RecordWrite("payment", key, record),),
        (Notice("scope", "payment_received", figures),),
    )


def row(payment: Payment, decision: Decision) -> dict[str, Any]:
    return {
        "number": payment.reference or None,
        "title": payment.method,
        "dealer": payment.dealer,
        "total": payment.amount,
        "currency": payment.currency,
        "at": f"{payment.received_on}T00:00:00.000Z",
        "attention": decision.verdict == "refused",
        "case": False,
    }


def scope(payment: Payment) -> str:
    return f"dealer:{payment.dealer}"
