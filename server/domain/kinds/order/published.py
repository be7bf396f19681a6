"""The figures of a decision as devices receive them: without what they read in the document itself."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from ...decision import Decision
from ...money import line_amount
from ...quantity import format_quantity, parse_quantity
from .document import Line, Order

_PLAIN = ("state", "price", "net", "tax", "allocated")
_LEFT_OUT = {"net", "tax", "lines", "credit"}


def published_figures(order: Order, decision: Decision) -> dict[str, Any]:
    """`lines` names only those of which there is more to say than the document does; null: the decision knows no such line.
    Left out are a tax of nothing, the net sum (total less tax), the price list that the order names itself, and the credit:
    where that matters, a reason has its figures.

    Most lines of most orders are plain, and a device that reconnects over a thin line would be told each of them again.
    """
    decided = decision.figures.get("lines")
    if decided is None:
        return decision.figures
    lines: dict[str, Any] = {key: each for key, each in decided.items() if not _is_plain(order.lines.get(key), each)}
    for key in order.lines:
        if key not in decided:
            lines[key] = None
    figures = {key: each for key, each in decision.figures.items() if key not in _LEFT_OUT}
    if decision.figures["tax"]:
        figures["tax"] = decision.figures["tax"]
    if figures.get("price_list") == order.price_list:
        figures.pop("price_list", None)
    figures["lines"] = lines
    return figures


def _is_plain(line: Line | None, decided: dict[str, Any]) -> bool:
    """Open, at the price and for the quantity that the document says, and all of it promised."""
    return (
        line is not None
        and len(decided) == len(_PLAIN)
        and decided["state"] == "open"
        and decided["price"] == line.price
        and decided.get("allocated") == _shortest(line.quantity)
        and decided["net"] == line_amount(line.price, parse_quantity(line.quantity), line.discount_bp)
    )


@lru_cache(maxsize=4096)
def _shortest(quantity: str) -> str:
    return format_quantity(parse_quantity(quantity))
