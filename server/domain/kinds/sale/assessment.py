"""A sale weighed: its lines in base units and money, and what lay at the location when it happened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from ...decision import BookKey, Reason
from ...facts import Capture, FactRequests, Facts, RecordKey
from ...locations import is_location
from ...moments import happened
from ...money import BASIS_POINTS, line_amount, round_half_up
from ...periods import PERIODS, late_reason, posted_at
from ...quantity import THOUSANDTHS, parse_quantity
from ...warranty import policy_keys
from .document import Line, Sale

LARGEST_LINE = 10**12
"""Minor units: a thousand such lines still fit into every integer on the way."""


class Sold(msgspec.Struct):
    """A line; `base` is in thousandths of the base unit, None where it cannot be measured."""

    id: str
    line: Line
    base: int | None
    total: int
    tax: int

    @property
    def net(self) -> int:
        return self.total - self.tax

    @property
    def lots(self) -> dict[str, int]:
        """Item of the ledger `lot` -> amount."""
        found = {f"{self.line.product}#{serial}": THOUSANDTHS for serial in dict.fromkeys(self.line.serials)}
        if self.line.batch is not None and self.base:
            found[f"{self.line.product}#{self.line.batch}"] = self.base
        return found


class Assessment(msgspec.Struct):
    at: int
    posted_at: int
    location: str
    lines: list[Sold]
    reasons: list[Reason]

    @property
    def total(self) -> int:
        return sum(sold.total for sold in self.lines)

    @property
    def tax(self) -> int:
        return sum(sold.tax for sold in self.lines)

    @property
    def net(self) -> int:
        return self.total - self.tax

    def by_product(self) -> dict[str, int]:
        sums: dict[str, int] = {}
        for sold in self.lines:
            if sold.base:
                sums[sold.line.product] = sums.get(sold.line.product, 0) + sold.base
        return dict(sorted(sums.items()))


def facts_needed(sale: Sale) -> FactRequests:
    products = sorted({line.product for line in sale.lines.values()})
    return FactRequests(
        (PERIODS, *(RecordKey("product", product) for product in products)), below=(returned_key(sale),)
    )


def more_facts(sale: Sale, known: Mapping[RecordKey, dict[str, Any]]) -> FactRequests:
    """The warranty policies of what has a serial number."""
    products = sorted({line.product for line in sale.lines.values() if line.serials})
    keys = [key for each in products for key in policy_keys(each, known.get(RecordKey("product", each)))]
    return FactRequests(tuple(dict.fromkeys(keys)))


def moments(sale: Sale, known: Mapping[RecordKey, dict[str, Any]], capture: Capture) -> FactRequests:
    """What lay there just before, of every product and every machine (S4, S5)."""
    if sale.stage != "done":
        return FactRequests()
    found = assess(sale, Facts(dict(known), {}, {}, (), capture))
    return FactRequests(
        books=(*stock_books(found), *(book for sold in found.lines for book in lot_books(sale, found, sold)))
    )


def returned_key(sale: Sale) -> RecordKey:
    """Below it lie the returns of this sale."""
    return RecordKey("returned", f"{sale.dealer}/{sale.number}")


def stock_books(found: Assessment) -> list[BookKey]:
    return [BookKey(found.location, product, found.posted_at) for product in found.by_product()]


def lot_books(sale: Sale, found: Assessment, sold: Sold) -> list[BookKey]:
    """Where the line's machines were: at the location, or with a customer already."""
    return [
        BookKey(place, f"{sold.line.product}#{serial}", found.posted_at, "lot")
        for serial in dict.fromkeys(sold.line.serials)
        for place in (found.location, f"customer:{sale.dealer}")
    ]


def assess(sale: Sale, facts: Facts) -> Assessment:
    at, implausible = happened(sale.captured_at or sale.created_at, facts.capture, "S2")
    posted, late = posted_at(at, facts)
    reasons = [implausible] if implausible is not None else []
    if late is not None:
        reasons.append(late_reason(at, late, "S2"))
    own = f"dealer:{sale.dealer}"
    location = sale.location or own
    if not is_location(location) or not (location == own or location.startswith(f"{own}:")):
        reasons.append(Reason("location_not_own", {"location": location}, None, "S3"))
        location = own
    lines = []
    for key, line in sorted(sale.lines.items(), key=lambda each: (each[1].position, each[0])):
        sold, problem = _measured(key, line, facts)
        lines.append(sold)
        reasons += problem
    return Assessment(at, posted, location, lines, reasons)


def _measured(key: str, line: Line, facts: Facts) -> tuple[Sold, list[Reason]]:
    """The price has the tax in it: the net is what is left when the tax is taken out, rounded once (S6)."""
    product = facts.records.get(RecordKey("product", line.product))
    quantity = parse_quantity(line.quantity)
    total = line_amount(line.price, quantity, line.discount_bp)
    rate = product.get("tax_bp", 0) if product is not None else 0
    net = round_half_up(total * BASIS_POINTS, BASIS_POINTS + rate)
    sold = Sold(key, line, None, total, total - net)
    if total > LARGEST_LINE:
        return Sold(key, line, None, 0, 0), [Reason("amount_too_large", {"maximum": LARGEST_LINE}, key, "S6")]
    if product is None:
        return sold, [Reason("unknown_product", {"product": line.product}, key, "S3")]
    factors = {product["base_unit"]: THOUSANDTHS}
    factors |= {unit["unit"]: parse_quantity(unit["factor"]) for unit in product.get("units", ())}
    if line.unit not in factors:
        return sold, [Reason("unknown_unit", {"product": line.product, "unit": line.unit}, key, "S3")]
    sold.base = round_half_up(quantity * factors[line.unit], THOUSANDTHS)
    if line.serials and len(set(line.serials)) * THOUSANDTHS != sold.base:
        params = {"product": line.product, "serials": len(set(line.serials)), "quantity": line.quantity}
        return sold, [Reason("serials_differ", params, key, "S5")]
    return sold, []
