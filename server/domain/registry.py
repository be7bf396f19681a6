"""The kinds of documents. A new one is its folder in `kinds/` and a line here."""

from __future__ import annotations

from .kind import Kind
from .kinds import order, payment, stock_receipt

KINDS: dict[str, Kind] = {each.name: each for each in (order.KIND, payment.KIND, stock_receipt.KIND)}


def kind(name: str) -> Kind | None:
    """The kind of that name; None for one that is not known (yet): a newer tablet's, or a mistake."""
    return KINDS.get(name)
