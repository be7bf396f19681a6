"""Products, quantities, prices and discounts of the lines: O2 to O8 and O12."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import lcm
from typing import Any

import msgspec

from ...decision import Reason
from ...facts import Facts, RecordKey
from ...quantity import THOUSANDTHS, format_quantity, parse_quantity
from .document import Line, Order
from .history import Approval
from .lines import OrderLine

AHEAD_MS = 10 * 60 * 1000
"""A capture may lie this far after the moment of decision: the measured offset of a clock is not exact."""
BEHIND_MS = 92 * 24 * 3600 * 1000
"""A capture this long before its arrival is not believed."""


LARGEST_LINE = 10**12
"""Minor units: a thousand such lines still fit into every integer on the way."""


class Priced(msgspec.Struct):
    lines: list[OrderLine]
    reasons: list[Reason]
    held: bool
    """The order waits for headquarters because of what is in `reasons`."""
    price_list: str | None
    captured_at: int
    """UTC milliseconds, by the server's clock."""


def captured(order: Order, facts: Facts) -> tuple[int, Reason | None]:
    """When the order was taken, by the server's clock, and whether that can be (O4)."""
    capture = facts.capture
    by_device = order.captured_at or order.created_at
    at = int(by_device.timestamp() * 1000) + capture.clock_offset
    if capture.received_at - BEHIND_MS <= at <= capture.decided_at + AHEAD_MS:
        return at, None
    params = {"captured": at, "received": capture.received_at, "clock_offset": capture.clock_offset}
    return capture.received_at, Reason("clock_implausible", params, None, "O4")


def price_lines(
    order: Order, facts: Facts, dealer: dict[str, Any], approval: Approval | None, kept: set[str]
) -> Priced:
    """Every line with its price, tax and state. `kept` are products that this order was promised before (O15)."""
    at, implausible = captured(order, facts)
    priced = Priced([], [implausible] if implausible else [], False, None, at)
    listed = _price_list(order, facts, dealer, priced)
    maximum = listed.get("max_discount_bp", 0) if listed else 0
    prefix = f"{priced.price_list}/" if listed else None
    for key, line in sorted(order.lines.items(), key=lambda pair: (pair[1].position, pair[0])):
        approved = approval is not None and approval.covers(key, line)
        found = OrderLine(key, line.product, line.unit, parse_quantity(line.quantity), line.price, line.discount_bp)
        priced.lines.append(found)
        problem = _measure(
            found, facts.records.get(RecordKey("product", line.product)), approved or line.product in kept
        )
        if problem is not None:
            priced.reasons.append(problem)
            if found.state == "refused":
                continue
        record = facts.records.get(RecordKey("price", prefix + line.product)) if prefix else None
        found.expected = _listed_price(record, found.unit, found.quantity)
        _choose_price(found, line, approval if approved else None, priced)
        if line.discount_bp > maximum:
            params = {"discount": line.discount_bp, "maximum": maximum}
            priced.reasons.append(Reason("discount_approved" if approved else "discount_too_high", params, key, "O8"))
            priced.held |= not approved
        found.cost()
        if found.net + found.tax > LARGEST_LINE:
            found.state, found.net, found.tax = "refused", 0, 0
            priced.reasons.append(Reason("amount_too_large", {"maximum": LARGEST_LINE}, key, "O12"))
    return priced


def _price_list(order: Order, facts: Facts, dealer: dict[str, Any], priced: Priced) -> dict[str, Any] | None:
    """The list that prices the order: the one it names if that is the dealer's and was valid then (O5, O7), else today's."""
    current = dealer.get("price_list")
    named = facts.records.get(RecordKey("price_list", order.price_list)) if order.price_list else None
    if order.price_list is not None:
        problem = None
        if named is None:
            problem = Reason("price_list_unknown", {"price_list": order.price_list}, None, "O5")
        elif named["tier"] != dealer.get("tier") and named["id"] != (current or "").partition("@")[0]:
            problem = Reason(
                "price_list_of_another_tier", {"price_list": order.price_list, "tier": named["tier"]}, None, "O7"
            )
        elif not _valid(named, priced.captured_at):
            params = {"price_list": order.price_list, "from": named["valid_from"], "to": named.get("valid_to") or ""}
            problem = Reason("price_list_not_valid", {**params, "captured": priced.captured_at}, None, "O5")
        if problem is None:
            priced.price_list = order.price_list
            return named
        priced.reasons.append(problem)
    priced.price_list = current
    return facts.records.get(RecordKey("price_list", current)) if current else None


def _valid(price_list: dict[str, Any], at: int) -> bool:
    local = datetime.fromtimestamp(at / 1000, UTC) + timedelta(minutes=price_list.get("utc_offset_minutes", 0))
    day = local.date().isoformat()
    last = price_list.get("valid_to")
    return bool(price_list["valid_from"] <= day and (last is None or day <= last))


def _measure(line: OrderLine, product: dict[str, Any] | None, let_through: bool) -> Reason | None:
    """Fills in unit and base quantity; refuses or holds the line where it cannot be (O2, O3)."""
    if product is None:
        line.state = "refused"
        return Reason("unknown_product", {"product": line.product}, line.id, "O2")
    factor = _factor(product, line.unit)
    if factor is None:
        line.state = "refused"
        return Reason("unknown_unit", {"product": line.product, "unit": line.unit}, line.id, "O3")
    if line.quantity <= 0:
        line.state = "refused"
        return Reason("quantity_not_positive", {"quantity": format_quantity(line.quantity)}, line.id, "O3")
    line.factor, line.tax_bp = factor, product.get("tax_bp", 0)
    step = parse_quantity(product.get("step") or "1")
    pack = parse_quantity(product["pack"]) if product.get("pack") else step
    base = line.in_base(line.quantity)
    if base is None or base % step or base % pack:
        line.state = "refused"
        params = {
            "quantity": format_quantity(line.quantity),
            "unit": line.unit,
            "step": format_quantity(lcm(step, pack)),
        }
        return Reason("quantity_step", {**params, "base_unit": product["base_unit"]}, line.id, "O3")
    line.base = base
    line.grain = lcm(step, pack, factor if line.unit != product["base_unit"] else 1)
    if product.get("withdrawn") and not let_through:
        line.state = "held"
        return Reason("product_withdrawn", {"product": line.product}, line.id, "O2")
    return None


def _factor(product: dict[str, Any], unit: str) -> int | None:
    for each in product.get("units", ()):
        if each["unit"] == unit:
            return parse_quantity(each["factor"])
    return THOUSANDTHS if unit == product["base_unit"] else None


def _listed_price(record: dict[str, Any] | None, unit: str, quantity: int) -> int | None:
    """The price for that quantity: the break with the largest `from_quantity` that is reached (O7)."""
    listed = record["units"].get(unit) if record else None
    if listed is None:
        return None
    price, reached = listed["price"], 0
    for each in listed.get("breaks", ()):
        start = parse_quantity(each["from_quantity"])
        if reached < start <= quantity:
            price, reached = each["price"], start
    return int(price)


def _choose_price(found: OrderLine, line: Line, approval: Approval | None, priced: Priced) -> None:
    """The captured price where it is the list's, else the server's and a hold until headquarters says which (O5, O6)."""
    found.price = line.price if found.expected is None else found.expected
    if found.expected == line.price:
        return
    if approval is not None and approval.accept_prices:
        found.price = line.price
    figures = {"captured": line.price, "used": found.price}
    if found.expected is None:
        settled = approval is not None and approval.accept_prices
        differs = Reason("price_missing", figures, found.id, "O6")
    else:
        settled = approval is not None
        differs = Reason("price_differs", {**figures, "expected": found.expected}, found.id, "O6")
    priced.reasons.append(Reason("price_approved", figures, found.id, "O6") if settled else differs)
    priced.held |= not settled
