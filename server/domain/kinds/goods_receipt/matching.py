"""What was counted beside what was shipped, line by line: G2 to G4. Amounts are thousandths of the product's base unit."""

from __future__ import annotations

from typing import Any

import msgspec

from ...decision import Reason
from ...facts import Facts, RecordKey
from ...money import round_half_up
from ...quantity import THOUSANDTHS, format_quantity, parse_quantity
from .document import GoodsReceipt, Line

LARGEST = 10**15
"""Thousandths: nobody counts so many."""
EXTRA = "extra:"


class Matched(msgspec.Struct):
    """A line of the shipment, or goods that are on none of its lines."""

    key: str
    product: str
    unit: str
    factor: int
    """Base units in one unit, thousandths."""
    shipped: int = 0
    received: int = 0
    damaged: int = 0
    net: int = 0
    tax: int = 0

    @property
    def short(self) -> int:
        return max(self.shipped - self.received - self.damaged, 0)

    @property
    def surplus(self) -> int:
        return max(self.received + self.damaged - self.shipped, 0)

    @property
    def good(self) -> int:
        """Of what was shipped, in good condition."""
        return min(self.received, self.shipped)

    @property
    def bad(self) -> int:
        return min(self.damaged, self.shipped - self.good)

    def cost(self, amount: int) -> tuple[int, int]:
        """Net and tax of so much of it; never more than was paid."""
        amount = min(amount, self.shipped)
        if not self.shipped:
            return 0, 0
        return round_half_up(self.net * amount, self.shipped), round_half_up(self.tax * amount, self.shipped)

    def in_units(self, amount: int) -> int:
        return round_half_up(amount * THOUSANDTHS, self.factor)

    def add(self, received: int, damaged: int) -> None:
        self.received += received
        self.damaged += damaged


class Lot(msgspec.Struct, frozen=True):
    """A batch or one piece with a serial number."""

    name: str
    product: str
    received: int
    damaged: int


class Count(msgspec.Struct):
    lines: dict[str, Matched]
    lots: list[Lot] = []
    reasons: list[Reason] = []


def match(receipt: GoodsReceipt, shipment: dict[str, Any], facts: Facts) -> Count:
    count = Count({key: _line(key, body) for key, body in sorted(shipment["lines"].items())})
    for key, line in sorted(receipt.lines.items(), key=lambda each: (each[1].line is None, each[1].position, each[0])):
        factor = _factor(line, count, facts)
        if isinstance(factor, Reason):
            count.reasons.append(msgspec.structs.replace(factor, line=key))
            continue
        received, damaged = (_base(text, factor) for text in (line.received, line.damaged))
        if received + damaged > LARGEST:
            maximum = {"maximum": format_quantity(round_half_up(LARGEST * THOUSANDTHS, factor))}
            count.reasons.append(Reason("quantity_too_large", maximum, key, "G4"))
            continue
        count.lots += _lots(line, received, damaged)
        named = count.lines.get(line.line or "")
        if named is not None and named.product == line.product:
            named.add(received, damaged)
        else:
            _by_product(line, factor, received, damaged, count)
    return count


def _line(key: str, body: dict[str, Any]) -> Matched:
    base, quantity = parse_quantity(body["base"]), parse_quantity(body["quantity"])
    factor = round_half_up(base * THOUSANDTHS, quantity) if quantity else THOUSANDTHS
    return Matched(key, body["product"], body["unit"], factor, base, net=body["net"], tax=body["tax"])


def _factor(line: Line, count: Count, facts: Facts) -> int | Reason:
    """As the shipment measures it, else as the product does now."""
    for each in count.lines.values():
        if (each.product, each.unit) == (line.product, line.unit):
            return each.factor
    product = facts.records.get(RecordKey("product", line.product))
    if product is None:
        return Reason("unknown_product", {"product": line.product}, None, "G4")
    if line.unit == product["base_unit"]:
        return THOUSANDTHS
    for unit in product.get("units", ()):
        if unit["unit"] == line.unit:
            return parse_quantity(unit["factor"])
    return Reason("unknown_unit", {"product": line.product, "unit": line.unit}, None, "G4")


def _base(text: str, factor: int) -> int:
    return round_half_up(parse_quantity(text) * factor, THOUSANDTHS)


def _by_product(line: Line, factor: int, received: int, damaged: int, count: Count) -> None:
    """What names no line fills the product's lines; what is left over is on none of them."""
    for each in count.lines.values():
        if each.product != line.product or each.key.startswith(EXTRA):
            continue
        good = min(received, each.short)
        each.add(good, 0)
        bad = min(damaged, each.short)
        each.add(0, bad)
        received, damaged = received - good, damaged - bad
    if received or damaged:
        key = f"{EXTRA}{line.product}"
        count.lines.setdefault(key, Matched(key, line.product, line.unit, factor)).add(received, damaged)


def _lots(line: Line, received: int, damaged: int) -> list[Lot]:
    """Serial numbers are pieces: the first so many are the good ones."""
    found = [
        Lot(serial, line.product, *((THOUSANDTHS, 0) if number * THOUSANDTHS < received else (0, THOUSANDTHS)))
        for number, serial in enumerate(dict.fromkeys(line.serials))
    ]
    if line.batch is not None:
        found.append(Lot(line.batch, line.product, received, damaged))
    return found
