"""Lines as the rules see them, and what somebody saw of an order when they acted on it."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from ...money import line_amount, tax_amount
from ...quantity import THOUSANDTHS
from .document import Order

State = Literal["open", "held", "refused"]


class OrderLine(msgspec.Struct):
    """A line after O2–O8. `quantity` counts thousandths of `unit`, `base` and `grain` thousandths of the product's base unit."""

    id: str
    product: str
    unit: str
    quantity: int
    captured: int
    """The price that the dealer saw, per unit, minor units."""
    discount_bp: int = 0
    state: State = "open"
    expected: int | None = None
    """The price that the server found; None: it has none."""
    price: int = 0
    """The price that is used."""
    factor: int = THOUSANDTHS
    """Base units in one unit, in thousandths."""
    base: int = 0
    grain: int = 1
    """A part of the line is allocated in multiples of this only."""
    tax_bp: int = 0
    net: int = 0
    tax: int = 0

    def cost(self) -> None:
        """Fills in `net` and `tax` (O12)."""
        self.net = line_amount(self.price, self.quantity, self.discount_bp)
        self.tax = tax_amount(self.net, self.tax_bp)

    def in_units(self, base: int) -> int:
        """Thousandths of the line's unit for so many thousandths of the base unit."""
        return base * THOUSANDTHS // self.factor

    def in_base(self, quantity: int) -> int | None:
        """Thousandths of the base unit; None where they are not whole."""
        base, rest = divmod(quantity * self.factor, THOUSANDTHS)
        return None if rest else base

    def resized(self, base: int) -> OrderLine:
        """The same line over another quantity, at the same price."""
        line = msgspec.structs.replace(self, base=base, quantity=self.in_units(base))
        line.cost()
        return line


SEEN_FIELDS = ("product", "quantity", "unit", "price", "discount_bp")


def seen(order: Order) -> dict[str, Any]:
    """All of an order that an act of headquarters depends on; kept with the act, compared with the order later."""
    return {
        "stage": order.stage,
        "wanted_date": order.wanted_date,
        "ship_to": order.ship_to.model_dump(),
        "lines": {key: {name: getattr(line, name) for name in SEEN_FIELDS} for key, line in order.lines.items()},
    }


def differences(before: dict[str, Any], now: dict[str, Any]) -> list[tuple[str | None, str, str, str]]:
    """(line, field, was, is) for all that differs between two `seen`, in a fixed order."""
    found: list[tuple[str | None, str, str, str]] = []
    for name in ("stage", "wanted_date"):
        if before[name] != now[name]:
            found.append((None, name, before[name] or "", now[name] or ""))
    if before["ship_to"] != now["ship_to"]:
        found.append((None, "ship_to", _address(before["ship_to"]), _address(now["ship_to"])))
    for key in sorted(before["lines"].keys() | now["lines"].keys()):
        was, is_ = before["lines"].get(key), now["lines"].get(key)
        if was == is_:
            continue
        if was is None or is_ is None:
            found.append((key, "line", _line(was), _line(is_)))
            continue
        for name in SEEN_FIELDS:
            if was[name] != is_[name]:
                found.append((key, name, str(was[name]), str(is_[name])))
    return found


def _address(ship_to: dict[str, str]) -> str:
    return ", ".join(part for part in ship_to.values() if part)


def _line(line: dict[str, Any] | None) -> str:
    return "" if line is None else f"{line['quantity']} {line['unit']} {line['product']}"
