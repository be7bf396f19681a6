"""What headquarters may do to an order: who may, when it is refused, and what the command keeps of what it stood on."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from pydantic import BaseModel, ConfigDict, Field

from ...facts import Command, Facts, RecordKey
from ...kind import CommandSpec
from ...money import line_amount, tax_amount
from ...quantity import format_quantity, parse_quantity
from .assessment import Assessment, assess
from .document import Id, Order, Quantity, ShortText
from .history import Agreed, Shipment
from .lines import OrderLine, seen
from .pricing import price_lines

Name = Annotated[str, Field(min_length=1, max_length=100)]
"""Of a shipment: its id or its number."""
Refusal = tuple[str, dict[str, Any]] | None
SALES = frozenset({"administrator", "sales"})
FINANCE = frozenset({"administrator", "finance"})


class _Params(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Approve(_Params):
    note: ShortText = ""
    accept_prices: bool = Field(default=False, description="True: the captured prices hold; false: the server's.")


class Reject(_Params):
    reason: Annotated[ShortText, Field(min_length=1)]


class Ship(_Params):
    lines: dict[Id, Quantity] = Field(min_length=1, description="Line id -> quantity in the line's unit.")
    carrier: ShortText = ""
    tracking: ShortText = ""


class Deliver(_Params):
    shipment: Name = Field(description="Its id or its number.")


class Invoice(_Params):
    shipments: list[Name] | None = Field(
        default=None, description="Ids or numbers; left out: all that are not invoiced yet."
    )


class ResolveCase(_Params):
    note: ShortText = ""
    accept: bool = Field(
        default=False, description="True: the order goes on as it was edited; false: as it was agreed."
    )


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
        line = _known(found, key)
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


def _known(found: Assessment, key: str) -> OrderLine:
    line = found.line(key)
    if line is None:
        raise ValueError(f"no line {key}: the check of the command was passed over")
    return line


def check_deliver(order: Order, params: Deliver, facts: Facts) -> Refusal:
    shipment = assess(order, facts).history.shipment(params.shipment)
    if shipment is None:
        return "shipment_unknown", {"shipment": params.shipment}
    if shipment.delivery is not None:
        return "already_delivered", {"shipment": shipment.number}
    return None


def complete_deliver(order: Order, params: Deliver, facts: Facts) -> dict[str, Any]:
    shipment = assess(order, facts).history.shipment(params.shipment)
    return {**params.model_dump(), "id": shipment.id if shipment else ""}


# --- invoice -------------------------------------------------------------------------------------------------------------


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
        line, earlier = _known(found, key), before.get(key, 0)
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


# --- the case of an edit after shipping ------------------------------------------------------------------------------------


def check_resolve_case(order: Order, params: ResolveCase, facts: Facts) -> Refusal:
    found = assess(order, facts)
    if not found.case:
        return "no_case", {}
    if not params.accept or order.stage == "withdrawn":
        return None
    if order.stage == "draft":
        return "not_submitted", {"stage": order.stage}
    for key, base in found.shipped.items():
        line, was = order.lines.get(key), _known(found, key)
        same = line is not None and (line.product, line.unit, line.discount_bp) == (
            was.product,
            was.unit,
            was.discount_bp,
        )
        now = was.in_base(parse_quantity(line.quantity)) if line is not None and same else None
        if now is None or now < base:
            return "below_shipped", {"line": key, "shipped": format_quantity(was.in_units(base))}
    return None


def complete_resolve_case(order: Order, params: ResolveCase, facts: Facts) -> dict[str, Any]:
    found = assess(order, facts)
    stored = {**params.model_dump(), "seen": seen(order)}
    if not params.accept:
        return stored
    if order.stage == "withdrawn":
        lines = [line.resized(found.shipped[line.id]) for line in found.lines if found.shipped.get(line.id)]
    else:
        lines = _as_edited(order, found, facts)
    return {**stored, "agreed": msgspec.to_builtins(Agreed(seen(order), lines))}


def _as_edited(order: Order, found: Assessment, facts: Facts) -> list[OrderLine]:
    """Lines that have left keep the price they left at; the others are priced like a new order's. Headquarters knows what it
    takes, so a withdrawn product is let through; what cannot be measured stays left out."""
    dealer = facts.records.get(RecordKey("dealer", order.dealer), {})
    products = {line.product for line in order.lines.values()}
    lines: list[OrderLine] = []
    for line in price_lines(order, facts, dealer, None, products).lines:
        if found.shipped.get(line.id):
            was = _known(found, line.id)
            line = was.resized(was.in_base(line.quantity) or was.base)
        lines.append(line)
    return lines


COMMANDS = (
    CommandSpec("approve", SALES | FINANCE, Approve, check_approve, complete_approve),
    CommandSpec("reject", SALES | FINANCE, Reject, check_reject, complete_reject),
    CommandSpec("ship", SALES, Ship, check_ship, complete_ship),
    CommandSpec("deliver", SALES, Deliver, check_deliver, complete_deliver),
    CommandSpec("invoice", FINANCE, Invoice, check_invoice, complete_invoice),
    CommandSpec("resolve_case", SALES | FINANCE, ResolveCase, check_resolve_case, complete_resolve_case),
)
