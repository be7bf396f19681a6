"""Codes of a customer."""

from __future__ import annotations

from ...reasons import Params

REASONS: dict[str, Params] = {
    "customer_unnamed": {},
    "duplicate_phone": {"phone": "text", "others": "count"},
    "duplicate_name": {"name": "text", "others": "count"},
    "customer_merged": {"into": "text", "by": "person"},
    "customers_kept": {"by": "person", "note": "text"},
}
REFUSALS: dict[str, Params] = {
    "no_duplicate": {},
    "not_a_duplicate": {"other": "text"},
}
NOTICES: dict[str, Params] = {"customer_duplicate": {"name": "text"}}
