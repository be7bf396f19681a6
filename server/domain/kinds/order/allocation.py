"""Which stock the lines get, in order of arrival: O14 and O15."""

from __future__ import annotations

from collections.abc import Mapping

from ...decision import BalanceKey
from ...facts import Facts
from .lines import OrderLine

WAREHOUSE = "warehouse:main"


def stock_key(product: str) -> BalanceKey:
    return BalanceKey("stock", WAREHOUSE, product)


def reserved(facts: Facts) -> dict[str, int]:
    """Product -> what stands reserved for this order, shipped or not, in thousandths of the base unit."""
    return {
        posting.item: -posting.amount
        for posting in facts.standing.get("reservation", ())
        if posting.account == WAREHOUSE
    }


def allocate(
    lines: list[OrderLine], facts: Facts, shipped: Mapping[str, int], standing: Mapping[str, int], only_standing: bool
) -> dict[str, int]:
    """Line id -> what it gets, in thousandths of the base unit, counting what has left already.

    The balance is without this order's own postings, so what it holds is available to itself; where a correction of stock
    has taken more than there was, it keeps what it was promised. A held order (`only_standing`) gets nothing new.
    """
    left: dict[str, int] = {}
    for line in lines:
        if line.product not in left:
            kept = standing.get(line.product, 0)
            left[line.product] = kept if only_standing else max(facts.balances.get(stock_key(line.product), 0), kept)
    given: dict[str, int] = {}
    for line in lines:
        given[line.id] = shipped.get(line.id, 0)
        left[line.product] -= given[line.id]
    for line in lines:
        if line.state != "open":
            continue
        wanted = line.base - given[line.id]
        free = max(left[line.product], 0)
        share = wanted if wanted <= free else free // line.grain * line.grain
        if share > 0:
            given[line.id] += share
            left[line.product] -= share
    return given
