"""The face of a return: what it decides, and its row in a list. The rules are in RULES.md."""

from __future__ import annotations

from typing import Any

from ...decision import Decision, Notice, Reason, Verdict
from ...facts import Facts
from ...moments import iso, milliseconds
from ...quantity import format_quantity
from .assessment import KINDS, Assessment, assess, claims_key, number_key, receipt_key
from .document import GoodsReturn
from .outcome import costs, credit_number, posting_sets, records, refunded, times


def decide(document: GoodsReturn, facts: Facts) -> Decision:
    found = assess(document, facts)
    figures = _figures(document, found)
    if not found.done:
        if document.stage == "cancelled":
            return Decision("withdrawn", (Reason("return_cancelled", {}, None, "T9"),), figures)
        return Decision("draft", figures=figures)
    sets = posting_sets(document, found)
    return Decision(
        _verdict(document, found),
        (*_said(document, found), *found.reasons, *_progress(document, found)),
        figures,
        sets,
        records(document, found, facts),
        _notices(document, found, facts),
        times=times(found, sets),
        costs=costs(found, sets),
        records_read=_records_read(document, found),
    )


def _verdict(document: GoodsReturn, found: Assessment) -> Verdict:
    if not found.counts:
        return "held"
    if not found.lines:
        return "refused"
    if _waits(document, found):
        return "accepted"
    return "in_part" if found.left_out else "closed"


def _waits(document: GoodsReturn, found: Assessment) -> bool:
    """For headquarters to receive or reject it, or to credit what it received."""
    if document.direction == "from_customer" or not found.counts:
        return False
    history = found.history
    return any(
        found.waiting(back) > 0 or history.arrived(back.id) > history.credited(back.id).base for back in found.lines
    )


def _records_read(document: GoodsReturn, found: Assessment) -> tuple[tuple[str, str], ...]:
    """What it stands on, and the other returns of it (T1, T3)."""
    if found.source is None:
        number = number_key(document)
        kind = KINDS[document.direction][0]
        return ((kind, document.source), (number.kind, number.key)) if document.source else ()
    keys = [claims_key(document, found.source["id"], found.source["number"])]
    if document.direction == "to_headquarters":
        keys.append(receipt_key(found.source))
    return ((KINDS[document.direction][0], found.source["id"]), *((key.kind, key.key) for key in keys))


def _said(document: GoodsReturn, found: Assessment) -> list[Reason]:
    said: list[Reason] = []
    if found.counts and found.source is not None:
        source = {"source": found.source["number"]}
        if document.direction == "from_customer":
            money = {"total": found.net + found.tax, "refunded": refunded(document, found)}
            said.append(Reason("taken_back", {**source, **money}, None, "T5"))
        else:
            said.append(Reason("sent_back", source, None, "T6"))
    approved = found.history.approved
    if approved is not None:
        said.append(Reason("return_approved", {"by": approved.by, "note": approved.params["note"]}, None, "T3"))
    return said


def _progress(document: GoodsReturn, found: Assessment) -> list[Reason]:
    said: list[Reason] = []
    for act in found.history.received:
        for key, arrived in act.lines.items():
            back = next((each for each in found.lines if each.id == key), None)
            if back is not None:
                amounts = {"quantity": arrived.base, "scrapped": arrived.scrapped}
                params = {name: format_quantity(back.in_units(amount)) for name, amount in amounts.items()}
                said.append(Reason("return_arrived", {"product": back.product, **params, "unit": back.unit}, key, "T6"))
    for credit in found.history.credits:
        total = {"number": credit_number(document, credit), "total": credit.net + credit.tax}
        said.append(Reason("return_credited", total, None, "T7"))
    for act in found.history.rejected:
        said.append(Reason("return_rejected", {"by": act.by, "reason": act.reason}, None, "T6"))
    return said


def _figures(document: GoodsReturn, found: Assessment) -> dict[str, Any]:
    source = found.source
    if source is None:
        return {"source": document.source}
    lines = {
        back.id: {
            "product": back.product,
            "unit": back.unit,
            "quantity": back.line.quantity,
            "net": back.net,
            "tax": back.tax,
            "received": format_quantity(back.in_units(found.history.arrived(back.id))),
        }
        for back in found.lines
    }
    return {
        "source": source["number"],
        "currency": source["currency"],
        "net": found.net,
        "tax": found.tax,
        "total": found.net + found.tax,
        "refunded": refunded(document, found) if document.direction == "from_customer" else 0,
        "credited": sum(credit.net + credit.tax for credit in found.history.credits),
        "waits": _waits(document, found),
        "lines": lines,
    }


def _notices(document: GoodsReturn, found: Assessment, facts: Facts) -> tuple[Notice, ...]:
    number, source = {"number": document.number}, (found.source or {"number": document.source})["number"]
    if not found.counts:
        params = {**number, "source": source}
        return (Notice("scope", "return_held", params), Notice("hq", "return_held", params))
    news: list[Notice] = []
    history = found.history
    if document.direction == "to_headquarters" and "sent" not in facts.standing:
        news.append(Notice("hq", "return_sent", {**number, "source": source}))
    if any(f"received:{act.id}" not in facts.standing for act in history.received):
        news.append(Notice("scope", "return_received", number))
    for credit in history.credits:
        if f"credit:{credit.id}" not in facts.standing:
            money = {"total": credit.net + credit.tax, "currency": (found.source or {})["currency"]}
            news.append(Notice("scope", "return_credited", {**number, **money}))
    for act in history.rejected:
        if f"rejected:{act.id}" not in facts.standing:
            news.append(Notice("scope", "return_rejected", {**number, "reason": act.reason}))
    return tuple(news)


def row(document: GoodsReturn, decision: Decision) -> dict[str, Any]:
    figures = decision.figures
    case = decision.verdict == "held" and any(reason.code == "returned_too_much" for reason in decision.reasons)
    return {
        "number": document.number,
        "title": figures.get("source") or document.source or None,
        "dealer": document.dealer,
        "stage": document.stage,
        "direction": document.direction,
        "total": figures.get("total"),
        "currency": figures.get("currency"),
        "at": iso(milliseconds(document.captured_at or document.created_at)),
        "lines": len(document.lines),
        "attention": decision.verdict in ("held", "refused", "in_part") or bool(figures.get("waits")),
        "case": case,
    }


def scope(document: GoodsReturn) -> str:
    return f"dealer:{document.dealer}"
