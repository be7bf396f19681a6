"""The parts of a visit: what each is in its base unit, whether it may leave where it was taken from, and its legs (V4, V5)."""

from __future__ import annotations

from typing import Any

import msgspec

from ...decision import Posting, Reason
from ...facts import RecordKey
from ...ledger import move
from ...quantity import THOUSANDTHS, parse_quantity
from .document import ServiceVisit, UsedPart


class Weighed(msgspec.Struct):
    id: str
    part: UsedPart
    base: int = 0
    """Thousandths of the product's base unit; 0: it cannot be posted."""
    problem: Reason | None = None


def weigh(visit: ServiceVisit, records: dict[RecordKey, dict[str, Any]]) -> list[Weighed]:
    listed = sorted(visit.parts.items(), key=lambda pair: (pair[1].position, pair[0]))
    return [_weighed(visit, name, part, records) for name, part in listed]


def _weighed(visit: ServiceVisit, name: str, part: UsedPart, records: dict[RecordKey, dict[str, Any]]) -> Weighed:
    product = records.get(RecordKey("product", part.product))
    if product is None:
        return Weighed(name, part, 0, Reason("unknown_product", {"product": part.product}, name, "V4"))
    factor = _factor(product, part.unit)
    base, rest = divmod(parse_quantity(part.quantity) * (factor or 0), THOUSANDTHS)
    if factor is None or rest:
        return Weighed(name, part, 0, Reason("unknown_unit", {"product": part.product, "unit": part.unit}, name, "V4"))
    if base <= 0:
        return Weighed(name, part, 0, Reason("quantity_not_positive", {"quantity": part.quantity}, name, "V4"))
    if not _may_take(visit, part.source, records):
        params = {"product": part.product, "location": part.source}
        return Weighed(name, part, 0, Reason("part_source_not_allowed", params, name, "V5"))
    return Weighed(name, part, base)


def _factor(product: dict[str, Any], unit: str) -> int | None:
    for each in product.get("units", ()):
        if each["unit"] == unit:
            return parse_quantity(each["factor"])
    return THOUSANDTHS if unit == product["base_unit"] else None


def _may_take(visit: ServiceVisit, source: str, records: dict[RecordKey, dict[str, Any]]) -> bool:
    """The dealer's own places, and the van of the technician who came, if that one serves the dealer."""
    head, _, rest = source.partition(":")
    if head == "dealer":
        return rest.partition(":")[0] == visit.dealer
    technician = records.get(RecordKey("technician", visit.technician))
    return (
        head == "van" and rest == visit.technician and technician is not None and visit.dealer in technician["dealers"]
    )


def posting_sets(visit: ServiceVisit, parts: list[Weighed]) -> dict[str, tuple[Posting, ...]]:
    """One set a part, so that one that is put right moves nothing else."""
    sets = {}
    for each in parts:
        if each.base:
            used, source, product = f"used:{visit.dealer}", each.part.source, each.part.product
            legs = [*move("stock", source, used, product, each.base)]
            if each.part.lot:
                legs += move("lot", source, used, f"{product}#{each.part.lot}", each.base)
            sets[f"part:{each.id}"] = tuple(legs)
    return sets


def shortages(parts: list[Weighed], held: dict[tuple[str, str], int]) -> list[Reason]:
    """The parts of which more was taken than the book had there: it is posted all the same, and somebody should count."""
    left = dict(held)
    reasons = []
    for each in parts:
        if each.base:
            key = (each.part.source, each.part.product)
            left[key] = left.get(key, 0) - each.base
            if left[key] < 0:
                params = {"product": each.part.product, "location": each.part.source}
                reasons.append(Reason("part_not_in_stock", params, each.id, "V5"))
    return reasons


def book_places(parts: list[Weighed]) -> list[tuple[str, str]]:
    return sorted({(each.part.source, each.part.product) for each in parts if each.base})
