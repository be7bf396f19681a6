"""Codes of a machine."""

from __future__ import annotations

from ...reasons import Params

REASONS: dict[str, Params] = {
    "serial_missing": {},
    "duplicate_serial": {"serial": "text", "others": "count"},
    "product_not_known": {"product": "product"},
    "machine_merged": {"into": "text", "by": "person"},
    "machines_kept": {"by": "person", "note": "text"},
}
REFUSALS: dict[str, Params] = {
    "no_duplicate": {},
    "not_a_duplicate": {"other": "text"},
}
NOTICES: dict[str, Params] = {"machine_duplicate": {"serial": "text"}}
