"""What stands for a goods receipt: the goods that moved, what was settled, and what is published."""

from __future__ import annotations

from typing import Any

from ...decision import Posting, RecordWrite
from ...facts import Facts
from ...ledger import move
from ...moments import iso
from ...quantity import format_quantity
from .assessment import Assessment, claims_key
from .document import GoodsReceipt
from .matching import EXTRA, Lot, Matched
from .settling import Settlement, credited

Sets = dict[str, tuple[Posting, ...]]
LOST = "loss:transit"
WAREHOUSE = "warehouse:main"


def posting_sets(receipt: GoodsReceipt, found: Assessment) -> Sets:
    sets: Sets = {}
    lines = list(found.count.lines.values())
    transit, dealer = f"transit:{receipt.dealer}", f"dealer:{receipt.dealer}"
    if found.counts:
        sets["receipt"] = (
            *_goods(transit, dealer, [(line.product, line.good) for line in lines]),
            *_goods(transit, f"{dealer}:damaged", [(line.product, line.bad) for line in lines]),
            *_lots(transit, dealer, found.count.lots),
        )
        sets["surplus"] = (
            *_goods(transit, dealer, [(line.product, line.received - line.good) for line in lines]),
            *_goods(transit, f"{dealer}:damaged", [(line.product, line.damaged - line.bad) for line in lines]),
        )
        for done in found.done:
            sets |= _settled(receipt, found, done)
    return {name: legs for name, legs in sets.items() if legs}


def _goods(source: str, target: str, amounts: list[tuple[str, int]]) -> list[Posting]:
    sums: dict[str, int] = {}
    for product, amount in amounts:
        sums[product] = sums.get(product, 0) + amount
    return [
        leg
        for product, amount in sorted(sums.items())
        if amount
        for leg in move("stock", source, target, product, amount)
    ]


def _lots(transit: str, dealer: str, lots: list[Lot]) -> list[Posting]:
    return [
        leg
        for lot in lots
        for target, amount in ((dealer, lot.received), (f"{dealer}:damaged", lot.damaged))
        if amount
        for leg in move("lot", transit, target, f"{lot.product}#{lot.name}", amount)
    ]


def _settled(receipt: GoodsReceipt, found: Assessment, done: Settlement) -> Sets:
    """What was short leaves transit; what was too much left the warehouse; what is sent again leaves it anew (G7, G8)."""
    transit, lines = f"transit:{receipt.dealer}", list(done.lines.values())
    again = [(line.product, line.amount) for line in lines if line.outcome == "resend"]
    sets: Sets = {
        f"lost:{done.id}": tuple(_goods(transit, LOST, [(line.product, line.short) for line in lines])),
        f"found:{done.id}": tuple(_goods(WAREHOUSE, transit, [(line.product, line.surplus) for line in lines])),
        f"resend:{done.id}": tuple(_goods(WAREHOUSE, transit, again)),
    }
    net, tax = credit_of(done)
    legs = ((f"receivable:{receipt.dealer}", -net - tax), ("revenue", net), ("tax", tax))
    currency = (found.shipment or {})["currency"]
    sets[f"credit:{done.id}"] = tuple(Posting("money", account, currency, amount) for account, amount in legs if amount)
    return sets


def credit_of(done: Settlement) -> tuple[int, int]:
    parts = [line for line in done.lines.values() if line.outcome == "credit"]
    return sum(line.net for line in parts), sum(line.tax for line in parts)


def times(found: Assessment, sets: Sets) -> dict[str, int]:
    moments = {"receipt": found.posted_at, "surplus": found.posted_at}
    for done in found.done:
        moments |= {f"{name}:{done.id}": done.at for name in ("lost", "found", "resend")}
    return {name: at for name, at in moments.items() if name in sets}


def costs(found: Assessment, sets: Sets) -> dict[str, dict[str, int]]:
    """What came in cost the dealer its net price; for what was too much nobody has named one (G2)."""
    by_item: dict[str, int] = {}
    for line in found.count.lines.values():
        if line.good + line.bad:
            by_item[line.product] = by_item.get(line.product, 0) + line.cost(line.good + line.bad)[0]
    return {"receipt": by_item} if "receipt" in sets else {}


def records(receipt: GoodsReceipt, found: Assessment, facts: Facts) -> tuple[RecordWrite, ...]:
    shipment = found.shipment
    if not found.confirmed or shipment is None or found.dismissed is not None:
        return ()
    about = {"number": receipt.number, "at": found.at}
    claim = RecordWrite(
        "receipt_claim", f"{claims_key(shipment['id']).key}/{facts.document}", {**about, "settled": bool(found.done)}
    )
    if not found.counts:
        return (claim,)
    lines = {
        key: {**line_body(line), "credited": format_quantity(credited(key, found.done)[0])}
        for key, line in found.count.lines.items()
        if not key.startswith(EXTRA)
    }
    key = f"{receipt.dealer}/{shipment['order']}/{claims_key(shipment['id']).key}"
    body = {"shipment": shipment["id"], "document": facts.document, **about, "lines": lines}
    sent = [write for done in found.done for write in _resent(receipt, found, facts, done)]
    return (claim, RecordWrite("receipt", key, body), *sent)


def line_body(line: Matched) -> dict[str, Any]:
    amounts = {"shipped": line.shipped, "received": line.received, "damaged": line.damaged, "short": line.short}
    told = {name: format_quantity(line.in_units(amount)) for name, amount in amounts.items()}
    return {"product": line.product, "unit": line.unit, **told}


def _resent(receipt: GoodsReceipt, found: Assessment, facts: Facts, done: Settlement) -> list[RecordWrite]:
    """The shipment that follows a `resend`, and the credit note of a `credit`."""
    shipment = found.shipment or {}
    about = {"id": done.id, "document": facts.document, "dealer": receipt.dealer, "currency": shipment["currency"]}
    writes: list[RecordWrite] = []
    again = {key: line for key, line in done.lines.items() if line.outcome == "resend"}
    if again:
        number = f"{shipment['number']}-R{done.number}"
        body = {
            **about,
            "number": number,
            "order": shipment["order"],
            "shipped_at": iso(done.at),
            "shipped_on": iso(done.at)[:10],
            "delivered_at": None,
            "carrier": "",
            "tracking": "",
            "lines": {key: _again(found.count.lines.get(key), line) for key, line in again.items()},
        }
        writes = [
            RecordWrite("shipment", done.id, body),
            RecordWrite("shipment_number", f"{receipt.dealer}/{number}", {"id": done.id}),
        ]
    net, tax = credit_of(done)
    if net or tax:
        parts = {key: line for key, line in done.lines.items() if line.outcome == "credit"}
        body = {
            **about,
            "number": f"{receipt.number}-C{done.number}",
            "about": receipt.number,
            "at": iso(done.at),
            "net": net,
            "tax": tax,
            "total": net + tax,
            "lines": {
                key: {"quantity": format_quantity(line.amount), "net": line.net, "tax": line.tax}
                for key, line in parts.items()
            },
        }
        writes.append(RecordWrite("credit_note", done.id, body))
    return writes


def _again(line: Matched | None, settled: Any) -> dict[str, Any]:
    """It costs the dealer what the first one did: that one is paid, this one is its goods."""
    net, tax = line.cost(settled.amount) if line is not None else (0, 0)
    units = settled.amount * 1000 // settled.factor
    return {
        "product": settled.product,
        "quantity": format_quantity(units),
        "unit": settled.unit,
        "base": format_quantity(settled.amount),
        "net": net,
        "tax": tax,
    }
