"""A count against the book: the difference of each product at the time it was counted, its value, and what is held (C4 to C8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from ...decision import BookKey, Reason
from ...facts import Capture, Facts, RecordKey
from ...money import round_half_up
from ...periods import posted_at
from ...quantity import parse_quantity
from .document import StockCount
from .history import History, fold
from .tallies import Counted, counted

POLICY = RecordKey("count_policy", "main")
State = Literal["confirmed", "posted", "held", "recount", "answered", "unknown"]
Records = Mapping[RecordKey, dict[str, Any]]


class Weighed(msgspec.Struct):
    """One product of a count."""

    counted: Counted
    posted_at: int
    late: int | None
    state: State = "unknown"
    book: int = 0
    difference: int = 0
    lots: dict[str, int] = {}
    """Differences by batch or serial number."""
    value: int | None = None
    """Minor units of the difference; None: it has no price."""


class Assessment(msgspec.Struct):
    history: History
    products: dict[str, Weighed]
    reasons: list[Reason]
    max_value: int | None = None
    currency: str | None = None

    def of(self, *states: State) -> dict[str, Weighed]:
        return {name: each for name, each in self.products.items() if each.state in states}


def books_of(location: str, product: str, seen: Counted, late: int | None) -> list[BookKey]:
    """What is read of the ledgers for one product. A count that comes after the closing of its period is carried to the beginning
    of the open one: for that the ledger is read on either side of it, too."""
    moments = [seen.at] if late is None else [seen.at, late - 1, late]
    keys = [BookKey(location, product, at) for at in moments]
    return keys + [BookKey(location, f"{product}#{lot}", at, "lot") for lot in sorted(seen.lots) for at in moments]


def known_products(count: StockCount, records: Records, capture: Capture) -> list[tuple[str, Weighed]]:
    """The counted products that exist, with the moments at which they count."""
    found, _ = counted(count, capture)
    facts = Facts(dict(records), {}, {}, (), capture)
    return [
        (product, Weighed(seen, *posted_at(seen.at, facts)))
        for product, seen in sorted(found.items())
        if RecordKey("product", product) in records
    ]


def assess(count: StockCount, facts: Facts) -> Assessment:
    seen, implausible = counted(count, facts.capture)
    found = Assessment(fold(facts.commands), {}, [])
    if facts.conflicts:
        params = {"count": len(facts.conflicts), "paths": ", ".join(facts.conflicts)[:200]}
        found.reasons.append(Reason("competing_values", params, None, "C1"))
    if implausible is not None:
        found.reasons.append(implausible)
    for product, each in known_products(count, facts.records, facts.capture):
        _compare(count.location, product, each, facts)
        found.products[product] = each
    for product in sorted(seen.keys() - found.products.keys()):
        found.reasons.append(Reason("unknown_product", {"product": product}, product, "C5"))
    _weigh(count, found, facts)
    _judge(count, found, facts)
    return found


def _compare(location: str, product: str, each: Weighed, facts: Facts) -> None:
    def missing(item: str, quantity: int, ledger: Literal["stock", "lot"]) -> tuple[int, int]:
        """(the book, the difference) at the moment at which the count counts."""
        book = facts.books[BookKey(location, item, each.counted.at, ledger)]
        if each.late is None:
            return book, quantity - book
        since = facts.books[BookKey(location, item, each.late - 1, ledger)] - book
        there = facts.books[BookKey(location, item, each.late, ledger)]
        return there, quantity + since - there

    each.book, each.difference = missing(product, each.counted.quantity, "stock")
    for lot, quantity in sorted(each.counted.lots.items()):
        _, difference = missing(f"{product}#{lot}", quantity, "lot")
        if difference:
            each.lots = {**each.lots, lot: difference}


def price_list_of(count: StockCount, records: Records) -> str | None:
    """The list that differences are weighed by: the dealer's own, else the one that the policy names."""
    head, _, rest = count.location.partition(":")
    dealer = records.get(RecordKey("dealer", rest.partition(":")[0])) if head == "dealer" else None
    policy = records.get(POLICY)
    listed = (dealer or {}).get("price_list") or (policy or {}).get("price_list")
    return None if listed is None else str(listed)


def _weigh(count: StockCount, found: Assessment, facts: Facts) -> None:
    listed = price_list_of(count, facts.records)
    header = facts.records.get(RecordKey("price_list", listed)) if listed else None
    found.currency = header["currency"] if header else None
    policy = facts.records.get(POLICY)
    found.max_value = policy["max_value"] if policy else None
    for product, each in found.products.items():
        price = _price(facts.records, listed, product)
        if price is not None:
            amount, factor = price
            each.value = round_half_up(amount * each.difference, factor)


def _price(records: Records, listed: str | None, product: str) -> tuple[int, int] | None:
    """(minor units, thousandths that they are for): of the base unit, else of the smallest unit that has a price."""
    prices = records.get(RecordKey("price", f"{listed}/{product}"))
    body = records[RecordKey("product", product)]
    if prices is None:
        return None
    factors = {each["unit"]: parse_quantity(each["factor"]) for each in body.get("units", ())}
    factors[body["base_unit"]] = parse_quantity("1")
    units = [(factors[unit], price["price"]) for unit, price in prices["units"].items() if unit in factors]
    return min(((price, factor) for factor, price in units), key=lambda pair: (pair[1], pair[0]), default=None)


def _judge(count: StockCount, found: Assessment, facts: Facts) -> None:
    """Each product by itself: if one product's difference held the others, two counts could wait for each other in a circle, and
    what stands would depend on the order of arrival."""
    answered = {
        product
        for body in facts.below(RecordKey("stock_recount", f"{count.location}/{count.number}")).values()
        for product in body["products"]
    }
    policy = facts.records.get(POLICY)
    foreign = policy is not None and found.currency is not None and policy["currency"] != found.currency
    if policy is not None and foreign and any(each.difference for each in found.products.values()):
        params = {"currency": str(found.currency), "expected": policy["currency"]}
        found.reasons.append(Reason("currency_differs", params, None, "C6"))
    for product, each in found.products.items():
        large = found.max_value is not None and (foreign or abs(each.value or 0) > found.max_value)
        if product in answered:
            each.state = "answered"
        elif found.history.recount_open(product, each.counted):
            each.state = "recount"
        elif each.difference == 0 and not each.lots:
            each.state = "confirmed"
        elif large and each.difference and not found.history.accepts(product, each.counted):
            each.state = "held"
        else:
            each.state = "posted"
