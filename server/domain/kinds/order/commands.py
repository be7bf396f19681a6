"""What headquarters may do to an order: who may, when it is refused, and what the command keeps of what it stood on."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from pydantic import Field

from ...facts import Command, Facts
from ...kind import CommandSpec
from ...moments import iso
from ...quantity import format_quantity, parse_quantity
from .assessment import assess
from .case import ResolveCase, check_resolve_case, complete_resolve_case
from .document import Date, Id, Order, Quantity, ShortText
from .history import Agreed
from .invoicing import Invoice, check_invoice, complete_invoice
from .lines import seen
from .params import Params, Refusal, ShipmentName

SALES = frozenset({"administrator", "sales"})
FINANCE = frozenset({"administrator", "finance"})
HALF_A_DAY = 12 * 3_600_000
"""Today begins earlier east of Greenwich."""


class Approve(Params):
    note: ShortText = ""
    accept_prices: bool = Field(default=False, description="True: the captured prices hold; false: the server's.")


class Reject(Params):
    reason: Annotated[ShortText, Field(min_length=1)]


class Ship(Params):
    lines: dict[Id, Quantity] = Field(min_length=1, description="Line id -> quantity in the line's unit.")
    carrier: ShortText = ""
    tracking: ShortText = ""
    shipped_on: Date | None = Field(default=None, description="The day it left, if not today; no later than today.")


class Deliver(Params):
    shipment: ShipmentName = Field(description="Its id or its number.")


def _with(facts: Facts, name: str, params: dict[str, Any]) -> Facts:
    """The facts as they will be once the command is done."""
    command = Command("", name, params, "", facts.capture.decided_at)
    return msgspec.structs.replace(facts, commands=(*facts.commands, command))


# --- approve, reject -----------------------------------------------------------------------------------------------------


def check_approve(order: Order, params: Approve, facts: Facts) -> Refusal:
    found = assess(order, facts)
    verdict = found.verdict()
    waiting = verdict == "held" or found.rejected or any(line.state == "held" for line in found.lines)
    if found.history.shipments:
        return "already_shipped", {}
    if order.stage != "submitted":
        return "not_submitted", {"stage": order.stage}
    if not waiting:
        return "nothing_to_approve", {"verdict": verdict}
    return None


def complete_approve(order: Order, params: Approve, facts: Facts) -> dict[str, Any]:
    stored = {**params.model_dump(), "seen": seen(order), "total": 0}
    return {**stored, "total": assess(order, _with(facts, "approve", stored)).total}


def check_reject(order: Order, params: Reject, facts: Facts) -> Refusal:
    found = assess(order, facts)
    if found.history.shipments:
        return "already_shipped", {}
    if order.stage != "submitted":
        return "not_submitted", {"stage": order.stage}
    return None


def complete_reject(order: Order, params: Reject, facts: Facts) -> dict[str, Any]:
    return {**params.model_dump(), "seen": seen(order)}


# --- ship, deliver -------------------------------------------------------------------------------------------------------


def check_ship(order: Order, params: Ship, facts: Facts) -> Refusal:
    found = assess(order, facts)
    if found.case:
        return "case_open", {"count": len(found.case)}
    if params.shipped_on is not None and params.shipped_on > iso(facts.capture.decided_at + HALF_A_DAY)[:10]:
        return "date_in_future", {"date": params.shipped_on}
    verdict = found.verdict()
    if verdict not in ("accepted", "in_part"):
        return "not_to_be_shipped", {"verdict": verdict}
    for key, text in params.lines.items():
        line = found.line(key)
        if line is None or line.state != "open":
            return "line_unknown", {"line": key}
        quantity, shipped = parse_quantity(text), found.shipped.get(key, 0)
        base, rest = line.in_base(quantity), found.allocated[key] - shipped
        if base is None or base <= 0 or (base % line.grain and base < rest):
            return "quantity_step", {"line": key, "quantity": text, "step": format_quantity(line.in_units(line.grain))}
        if base > rest:
            return "more_than_allocated", {"line": key, "quantity": text, "rest": format_quantity(line.in_units(rest))}
    return None


def complete_ship(order: Order, params: Ship, facts: Facts) -> dict[str, Any]:
    found = assess(order, facts)
    shipped = {}
    for key, text in params.lines.items():
        line = found.known(key)
        quantity = parse_quantity(text)
        shipped[key] = {
            "product": line.product,
            "unit": line.unit,
            "quantity": quantity,
            "base": line.in_base(quantity),
        }
    stored = {
        **params.model_dump(),
        "shipped": shipped,
        "number": f"{order.number}-S{len(found.history.shipments) + 1}",
    }
    if found.history.agreed is None:
        stored["agreed"] = msgspec.to_builtins(Agreed(seen(order), found.lines))
    return stored


def check_deliver(order: Order, params: Deliver, facts: Facts) -> Refusal:
    shipment = assess(order, facts).history.shipment(params.shipment)
    if shipment is None:
        return "shipment_unknown", {"shipment": params.shipment}
    if shipment.receipt is not None:
        return "already_received", {"shipment": shipment.number, "receipt": shipment.receipt}
    if shipment.delivery is not None:
        return "already_delivered", {"shipment": shipment.number}
    return None


def complete_deliver(order: Order, params: Deliver, facts: Facts) -> dict[str, Any]:
    shipment = assess(order, facts).history.shipment(params.shipment)
    return {**params.model_dump(), "id": shipment.id if shipment else ""}


COMMANDS = (
    CommandSpec("approve", SALES | FINANCE, Approve, check_approve, complete_approve),
    CommandSpec("reject", SALES | FINANCE, Reject, check_reject, complete_reject),
    CommandSpec("ship", SALES, Ship, check_ship, complete_ship),
    CommandSpec("deliver", SALES, Deliver, check_deliver, complete_deliver),
    CommandSpec("invoice", FINANCE, Invoice, check_invoice, complete_invoice),
    CommandSpec("resolve_case", SALES | FINANCE, ResolveCase, check_resolve_case, complete_resolve_case),
)
