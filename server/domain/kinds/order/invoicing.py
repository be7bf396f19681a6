"""The command that invoices what has left (O21)."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from ...facts import Facts
from ...money import line_amount, tax_amount
from .assessment import Assessment, assess
from .document import Order
from .history import Shipment
from .lines import OrderLine
from .params import Params, Refusal, ShipmentName


class Invoice(Params):
    shipments: list[ShipmentName] | None = Field(
        default=None, description="Ids or numbers; left out: all that are not invoiced yet."
    )


def _to_invoice(found: Assessment, params: Invoice) -> list[Shipment]:
    if params.shipments is None:
        return [each for each in found.history.shipments.values() if each.invoice is None]
    named = {shipment.id: shipment for name in params.shipments if (shipment := found.history.shipment(name))}
    return list(named.values())


def check_invoice(order: Order, params: Invoice, facts: Facts) -> Refusal:
    found = assess(order, facts)
    for name in params.shipments or ():
        shipment = found.history.shipment(name)
        if shipment is None:
            return "shipment_unknown", {"shipment": name}
        if shipment.invoice is not None:
            return "already_invoiced", {"shipment": shipment.number}
    return None if _to_invoice(found, params) else ("nothing_to_invoice", {})


def complete_invoice(order: Order, params: Invoice, facts: Facts) -> dict[str, Any]:
    """The amounts. A line that is invoiced in parts comes to its whole amount in the end: each part is the difference of
    what it came to before and comes to now, so that roundings never add up (O21)."""
    found = assess(order, facts)
    shipments = _to_invoice(found, params)
    before = found.history.invoiced()
    lines: dict[str, dict[str, int]] = {}
    for shipment in shipments:
        for key, shipped in shipment.lines.items():
            lines.setdefault(key, {"quantity": 0})["quantity"] += shipped.quantity
    for key, part in lines.items():
        line, earlier = found.known(key), before.get(key, 0)
        first, last = _amounts(line, earlier), _amounts(line, earlier + part["quantity"])
        part["net"], part["tax"] = last[0] - first[0], last[1] - first[1]
    return {
        **params.model_dump(),
        "ids": [shipment.id for shipment in shipments],
        "number": f"{order.number}-I{len(found.history.invoices) + 1}",
        "lines": lines,
        "net": sum(part["net"] for part in lines.values()),
        "tax": sum(part["tax"] for part in lines.values()),
    }


def _amounts(line: OrderLine, quantity: int) -> tuple[int, int]:
    net = line_amount(line.price, quantity, line.discount_bp)
    return net, tax_amount(net, line.tax_bp)
