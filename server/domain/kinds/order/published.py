"""The figures of a decision as devices receive them: without what they read in the document itself."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from ...decision import Decision
from ...money import line_amount
from ...quantity import format_quantity, parse_quantity
from .document import Line, Order

_PLAIN = ("state", "price", "net", "tax", "allocated")


def published_figures(order: Order, decision: Decision) -> dict[str, Any]:
    """`lines` names only those of which there is more to say than the document does; null: the decision knows no such line.

    Most lines of most orders are plain, and a device that reconnects over a thin line would be told each of them again.
    """
    decided = decision.figures.get("lines")
    if not decided:
        return decision.figures
    lines: dict[str, Any] = {key: each for key, each in decided.items() if not _is_plain(order.lines.get(key), each)}
    for key in order.lines:
        if key not in decided:
            lines[key] = None
    return {**decision.figures, "lines": lines}


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
