"""The codes that only a sale has, with their figures."""

from __future__ import annotations

from ...reasons import Params

REASONS: dict[str, Params] = {
    "sold": {"total": "money", "paid": "money", "due": "money"},
    "sale_cancelled": {},
    "location_not_own": {"location": "location"},
    "stock_short": {"product": "product", "location": "location", "on_hand": "quantity"},
    "serial_sold_before": {"product": "product", "serial": "text"},
    "serial_not_in_stock": {"product": "product", "serial": "text", "location": "location"},
    "serials_differ": {"product": "product", "serials": "count", "quantity": "quantity"},
    "under_warranty": {"product": "product", "serial": "text", "until": "date"},
    "paid_too_much": {"total": "money", "paid": "money"},
}

NOTICES: dict[str, Params] = {"sale_serial_twice": {"number": "text"}}
