"""The kinds of documents. A new one is its folder in `kinds/` and a line here."""

# ruff: noqa: F401

from __future__ import annotations

from .kind import Kind
from .kinds.customer import KIND as customer
from .kinds.goods_receipt import KIND as goods_receipt
from .kinds.goods_return import KIND as goods_return
from .kinds.machine import KIND as machine
from .kinds.order import KIND as order
from .kinds.payment import KIND as payment
from .kinds.sale import KIND as sale
from .kinds.service_request import KIND as service_request
from .kinds.service_visit import KIND as service_visit
from .kinds.stock_count import KIND as stock_count
from .kinds.stock_receipt import KIND as stock_receipt

KINDS: dict[str, Kind] = {each.name: each for each in list(globals().values()) if isinstance(each, Kind)}
"""By name: whatever is imported here."""


def kind(name: str) -> Kind | None:
    """The kind of that name; None for one that is not known (yet): a newer tablet's, or a mistake."""
    return KINDS.get(name)
