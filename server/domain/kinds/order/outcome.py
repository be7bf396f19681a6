"""What stands for an order: its posting sets, and the shipments and invoices that are published (O13, O15, O20, O21)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ...decision import Posting, RecordWrite
from ...facts import Facts
from ...ledger import move
from ...moments import iso, noon_of
from ...money import line_amount, tax_amount
from ...quantity import format_quantity
from .allocation import WAREHOUSE
from .assessment import Assessment
from .document import Order
from .history import Invoice, Shipment, ShippedLine
from .lines import OrderLine

Sets = dict[str, tuple[Posting, ...]]


def posting_sets(order: Order, found: Assessment, facts: Facts, verdict: str) -> Sets:
    if verdict in ("withdrawn", "refused"):
        return {}
    if not found.lines and verdict == "held":
        # The dealer's record is gone: nothing can be weighed, so nothing is taken back.
        return dict(facts.standing)
    sets: Sets = {}
    for shipment in found.history.shipments.values():
        sets |= _shipment_sets(order, shipment)
    for invoice in found.history.invoices.values():
        sets[f"invoice:{invoice.id}"] = _invoice_set(order, invoice)
    reservation = _moves(WAREHOUSE, "reserved", _by_product(found))
    if reservation:
        sets["reservation"] = reservation
    total = min(found.total, found.standing) if found.held else found.total
    open_total = total - found.history.invoiced_total()
    if open_total > 0:
        sets["commitment"] = move(
            "commitment", "open_orders", f"open_orders:{order.dealer}", order.currency, open_total
        )
    return sets


def _by_product(found: Assessment) -> dict[str, int]:
    sums: dict[str, int] = {}
    for line in found.lines:
        amount = found.allocated.get(line.id, 0)
        sums[line.product] = sums.get(line.product, 0) + amount
    return sums


def _moves(source: str, target: str, amounts: Mapping[str, int]) -> tuple[Posting, ...]:
    return tuple(
        posting
        for product, amount in sorted(amounts.items())
        if amount
        for posting in move("stock", source, target, product, amount)
    )


def _shipment_sets(order: Order, shipment: Shipment) -> Sets:
    amounts: dict[str, int] = {}
    for line in shipment.lines.values():
        amounts[line.product] = amounts.get(line.product, 0) + line.base
    transit = f"transit:{order.dealer}"
    sets = {f"shipment:{shipment.id}": _moves("reserved", transit, amounts)}
    if shipment.delivery is not None and shipment.receipt is None:
        sets[f"delivery:{shipment.delivery}"] = _moves(transit, f"dealer:{order.dealer}", amounts)
    return sets


def times(found: Assessment, sets: Sets) -> dict[str, int]:
    """Goods moved when they were sent and when they arrived; all else is a promise or money."""
    moments: dict[str, int] = {}
    for shipment in found.history.shipments.values():
        moments[f"shipment:{shipment.id}"] = noon_of(shipment.shipped_on, shipment.at)
        if shipment.delivery is not None and shipment.receipt is None and shipment.delivered_at is not None:
            moments[f"delivery:{shipment.delivery}"] = shipment.delivered_at
    return {name: at for name, at in moments.items() if name in sets}


def costs(found: Assessment, sets: Sets) -> dict[str, dict[str, int]]:
    """What was delivered cost the dealer its net price (O20)."""
    stated: dict[str, dict[str, int]] = {}
    for shipment in found.history.shipments.values():
        if shipment.delivery is None or f"delivery:{shipment.delivery}" not in sets:
            continue
        by_item = stated.setdefault(f"delivery:{shipment.delivery}", {})
        for key, sent in shipment.lines.items():
            line = found.line(key)
            if line is not None:
                net = line_amount(line.price, sent.quantity, line.discount_bp)
                by_item[sent.product] = by_item.get(sent.product, 0) + net
    return stated


def _invoice_set(order: Order, invoice: Invoice) -> tuple[Posting, ...]:
    legs: Iterable[tuple[str, int]] = (
        (f"receivable:{order.dealer}", invoice.total),
        ("revenue", -invoice.net),
        ("tax", -invoice.tax),
    )
    return tuple(Posting("money", account, order.currency, amount) for account, amount in legs if amount)


def records(order: Order, found: Assessment, facts: Facts) -> tuple[RecordWrite, ...]:
    about = {"document": facts.document, "order": order.number, "dealer": order.dealer}
    shipments = [
        write
        for shipment in found.history.shipments.values()
        for write in (
            RecordWrite(
                "shipment", shipment.id, {**about, "currency": order.currency, **_shipment_body(found, shipment)}
            ),
            RecordWrite("shipment_number", f"{order.dealer}/{shipment.number}", {"id": shipment.id}),
        )
    ]
    invoices = [
        RecordWrite("invoice", invoice.id, {**about, "currency": order.currency, **_invoice_body(invoice)})
        for invoice in found.history.invoices.values()
    ]
    return (*shipments, *invoices)


def _shipment_body(found: Assessment, shipment: Shipment) -> dict[str, Any]:
    return {
        "id": shipment.id,
        "number": shipment.number,
        "shipped_at": iso(shipment.at),
        "shipped_on": shipment.shipped_on or iso(shipment.at)[:10],
        "delivered_at": None if shipment.delivered_at is None else iso(shipment.delivered_at),
        "carrier": shipment.carrier,
        "tracking": shipment.tracking,
        "lines": {key: _shipped_line(found.line(key), line) for key, line in shipment.lines.items()},
    }


def _shipped_line(line: OrderLine | None, sent: ShippedLine) -> dict[str, Any]:
    """With what it costs the dealer: a goods receipt takes the goods in at that, a return gives it back."""
    net = line_amount(line.price, sent.quantity, line.discount_bp) if line is not None else 0
    return {
        "product": sent.product,
        "quantity": format_quantity(sent.quantity),
        "unit": sent.unit,
        "base": format_quantity(sent.base),
        "net": net,
        "tax": tax_amount(net, line.tax_bp) if line is not None else 0,
    }


def _invoice_body(invoice: Invoice) -> dict[str, Any]:
    return {
        "id": invoice.id,
        "number": invoice.number,
        "at": iso(invoice.at),
        "shipments": invoice.shipments,
        "net": invoice.net,
        "tax": invoice.tax,
        "total": invoice.total,
        "lines": {
            key: {"quantity": format_quantity(line.quantity), "net": line.net, "tax": line.tax}
            for key, line in invoice.lines.items()
        },
    }
