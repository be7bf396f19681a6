"""The face of a sale: what it decides, and its row in a list. The rules are in RULES.md."""

from __future__ import annotations

from typing import Any

from ...decision import Decision, Notice, Reason
from ...facts import Facts
from ...moments import iso, milliseconds
from .assessment import Assessment, assess, lot_books, returned_key, stock_books
from .document import Sale
from .outcome import paid, posting_sets, records, serial_reasons, stock_reasons, warranties

LEFT_OUT = frozenset({"unknown_product", "unknown_unit", "amount_too_large"})


def decide(sale: Sale, facts: Facts) -> Decision:
    found = assess(sale, facts)
    figures = _figures(sale, found)
    if sale.stage == "draft":
        return Decision("draft", figures=figures)
    if sale.stage == "cancelled":
        return Decision("withdrawn", (Reason("sale_cancelled", {}, None, "S8"),), figures)
    if not sale.lines:
        return Decision("refused", (Reason("no_lines", {}, None, "S1"),), figures)
    sets = posting_sets(sale, found)
    short = stock_reasons(found, facts)
    machines = [reason for sold in found.lines for reason in serial_reasons(sale, found, sold, facts)]
    left_out = any(reason.code in LEFT_OUT for reason in found.reasons)
    begun = warranties(sale, found, facts)
    for sold, _, body in begun:
        figures["lines"][sold.id]["until"] = body["until"]
    key = returned_key(sale)
    books = [book for sold in found.lines for book in lot_books(sale, found, sold)]
    return Decision(
        "in_part" if left_out else "closed",
        (*_said(sale, found), *found.reasons, *short, *machines, *_begun(begun)),
        figures,
        sets,
        records(sale, found, facts),
        _notices(sale, machines),
        times={"goods": found.posted_at} if "goods" in sets else {},
        # Whatever is known later to have happened before may leave it short, or no longer (S4), or be of a machine (S5).
        books=(*stock_books(found), *books),
        records_read=((key.kind, key.key),),
    )


def _said(sale: Sale, found: Assessment) -> list[Reason]:
    taken = paid(sale)
    sold = Reason("sold", {"total": found.total, "paid": taken, "due": found.total - taken}, None, "S6")
    if taken <= found.total:
        return [sold]
    return [sold, Reason("paid_too_much", {"total": found.total, "paid": taken}, None, "S6")]


def _begun(begun: list[Any]) -> list[Reason]:
    return [
        Reason(
            "under_warranty",
            {"product": body["product"], "serial": serial, "until": body["until"]},
            sold.id,
            "S7",
        )
        for sold, serial, body in begun
    ]


def _notices(sale: Sale, machines: list[Reason]) -> tuple[Notice, ...]:
    if not any(reason.code == "serial_sold_before" for reason in machines):
        return ()
    return tuple(Notice(who, "sale_serial_twice", {"number": sale.number}) for who in ("scope", "hq"))  # type: ignore[arg-type]


def _figures(sale: Sale, found: Assessment) -> dict[str, Any]:
    taken = paid(sale)
    return {
        "currency": sale.currency,
        "net": found.net,
        "tax": found.tax,
        "total": found.total,
        "paid": taken,
        "due": found.total - taken,
        "at": found.at,
        "lines": {sold.id: {"net": sold.net, "tax": sold.tax, "total": sold.total} for sold in found.lines},
    }


def row(sale: Sale, decision: Decision) -> dict[str, Any]:
    twice = any(reason.code == "serial_sold_before" for reason in decision.reasons)
    return {
        "number": sale.number,
        "title": sale.customer.name or sale.customer.phone or None,
        "dealer": sale.dealer,
        "stage": sale.stage,
        "total": decision.figures["total"],
        "currency": sale.currency,
        "at": iso(milliseconds(sale.captured_at or sale.created_at)),
        "lines": len(sale.lines),
        "due": decision.figures["due"] if sale.stage == "done" else 0,
        "serials": " ".join(serial for line in sale.lines.values() for serial in line.serials)[:200],
        "attention": twice or decision.verdict in ("in_part", "refused"),
        "case": False,
    }


def scope(sale: Sale) -> str:
    return f"dealer:{sale.dealer}"
