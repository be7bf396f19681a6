"""The face of a goods receipt: what it decides, and its row in a list. The rules are in RULES.md."""

from __future__ import annotations

from typing import Any

from ...decision import Decision, Notice, Reason, Verdict
from ...facts import Facts
from ...moments import iso, milliseconds
from ...quantity import format_quantity
from .assessment import Assessment, assess, claims_key, number_key
from .document import GoodsReceipt
from .matching import Matched
from .outcome import costs, credit_of, line_body, posting_sets, records, times


def decide(receipt: GoodsReceipt, facts: Facts) -> Decision:
    found = assess(receipt, facts)
    if not found.confirmed:
        return Decision("draft", figures={"shipment": receipt.shipment})
    verdict = _verdict(found)
    sets = posting_sets(receipt, found)
    return Decision(
        verdict,
        tuple(_reasons(found)),
        _figures(receipt, found),
        sets,
        records(receipt, found, facts),
        _notices(receipt, found),
        times=times(found, sets),
        costs=costs(found, sets),
        records_read=_records_read(receipt, found),
    )


def _verdict(found: Assessment) -> Verdict:
    if found.dismissed is not None and not found.counts:
        return "refused"
    if found.shipment is None or found.before is not None:
        return "held"
    return "in_part" if found.open or found.count.reasons else "closed"


def _records_read(receipt: GoodsReceipt, found: Assessment) -> tuple[tuple[str, str], ...]:
    """A receipt that came first waits for its shipment; afterwards for what changes it and for other receipts (G5, G10)."""
    if found.shipment is None:
        number = number_key(receipt)
        return (("shipment", receipt.shipment), (number.kind, number.key)) if receipt.shipment else ()
    claims = claims_key(found.shipment["id"])
    return (("shipment", found.shipment["id"]), (claims.kind, claims.key))


def _reasons(found: Assessment) -> list[Reason]:
    shipment = found.shipment
    if found.dismissed is not None:
        params = {"by": found.dismissed.by, "note": found.dismissed.params["note"]}
        return [Reason("receipt_dismissed", params, None, "G11")]
    if shipment is None:
        return found.reasons
    if found.before is not None:
        before = {"shipment": shipment["number"], "number": found.before["number"], "at": found.before["at"]}
        return [Reason("received_before", before, None, "G10"), *found.reasons]
    said = [Reason("goods_received", {"shipment": shipment["number"], "at": found.at}, None, "G1"), *found.reasons]
    for line in found.count.lines.values():
        said += _differences(line)
    for done in found.done:
        for key, settled in done.lines.items():
            params = {
                "product": settled.product,
                "outcome": settled.outcome,
                "quantity": format_quantity((settled.amount + settled.surplus) * 1000 // settled.factor),
                "unit": settled.unit,
                "by": done.by,
                "note": done.note,
            }
            said.append(Reason("goods_settled", params, key, "G7"))
    return said


def _differences(line: Matched) -> list[Reason]:
    about = {"product": line.product, "unit": line.unit}
    said: list[Reason] = []
    if line.short:
        amounts = {"shipped": line.shipped, "short": line.short}
        params = {**about, **{name: format_quantity(line.in_units(amount)) for name, amount in amounts.items()}}
        said.append(Reason("goods_short", params, line.key, "G3"))
    if line.damaged:
        damaged = {**about, "damaged": format_quantity(line.in_units(line.damaged))}
        said.append(Reason("goods_damaged", damaged, line.key, "G2"))
    if line.surplus:
        surplus = {**about, "surplus": format_quantity(line.in_units(line.surplus))}
        said.append(Reason("goods_surplus", surplus, line.key, "G4"))
    return said


def _figures(receipt: GoodsReceipt, found: Assessment) -> dict[str, Any]:
    if found.shipment is None:
        return {"shipment": receipt.shipment}
    lines = {
        key: {
            **line_body(line),
            "surplus": format_quantity(line.in_units(line.surplus)),
            "open": key in found.open,
        }
        for key, line in found.count.lines.items()
    }
    return {
        "shipment": found.shipment["number"],
        "order": found.shipment["order"],
        "currency": found.shipment["currency"],
        "lines": lines,
        "open": len(found.open),
        "credited": sum(sum(credit_of(done)) for done in found.done),
    }


def _notices(receipt: GoodsReceipt, found: Assessment) -> tuple[Notice, ...]:
    params = {"number": receipt.number, "shipment": (found.shipment or {"number": receipt.shipment})["number"]}
    if found.shipment is None:
        return (Notice("scope", "receipt_waits", params), Notice("hq", "receipt_waits", params))
    if found.before is not None or found.open or found.count.reasons:
        return (Notice("hq", "receipt_case", params),)
    return (Notice("scope", "receipt_settled" if found.done else "receipt_confirmed", params),)


def row(receipt: GoodsReceipt, decision: Decision) -> dict[str, Any]:
    codes = {reason.code for reason in decision.reasons}
    case = decision.verdict == "in_part" or "received_before" in codes
    return {
        "number": receipt.number,
        "title": decision.figures.get("shipment") or receipt.shipment or None,
        "dealer": receipt.dealer,
        "stage": receipt.stage,
        "total": None,
        "currency": None,
        "at": iso(milliseconds(receipt.received_at or receipt.created_at)),
        "lines": len(receipt.lines),
        "differences": decision.figures.get("open", 0),
        "attention": case or decision.verdict == "held",
        "case": case,
    }


def scope(receipt: GoodsReceipt) -> str:
    return f"dealer:{receipt.dealer}"
