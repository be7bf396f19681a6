"""The command that settles an edit after shipping (O18)."""

from __future__ import annotations

from typing import Any

import msgspec
from pydantic import Field

from ...facts import Facts, RecordKey
from ...quantity import format_quantity, parse_quantity
from .assessment import Assessment, assess
from .document import Order, ShortText
from .history import Agreed
from .lines import OrderLine, seen
from .params import Params, Refusal
from .pricing import price_lines


class ResolveCase(Params):
    note: ShortText = ""
    accept: bool = Field(
        default=False, description="True: the order goes on as it was edited; false: as it was agreed."
    )


def check_resolve_case(order: Order, params: ResolveCase, facts: Facts) -> Refusal:
    found = assess(order, facts)
    if not found.case:
        return "no_case", {}
    if not params.accept or order.stage == "withdrawn":
        return None
    if order.stage == "draft":
        return "not_submitted", {"stage": order.stage}
    for key, base in found.shipped.items():
        line, was = order.lines.get(key), found.known(key)
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
            was = found.known(line.id)
            line = was.resized(was.in_base(line.quantity) or was.base)
        lines.append(line)
    return lines
