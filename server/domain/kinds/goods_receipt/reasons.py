"""The codes that only a goods receipt has, with their figures."""

from __future__ import annotations

from ...reasons import Params

REASONS: dict[str, Params] = {
    "shipment_not_known": {"shipment": "text"},
    "received_before": {"shipment": "text", "number": "text", "at": "moment"},
    "receipt_dismissed": {"by": "person", "note": "text"},
    "goods_short": {"product": "product", "shipped": "quantity", "short": "quantity", "unit": "text"},
    "goods_damaged": {"product": "product", "damaged": "quantity", "unit": "text"},
    "goods_surplus": {"product": "product", "surplus": "quantity", "unit": "text"},
    "goods_settled": {"product": "product", "outcome": "text", "quantity": "quantity", "unit": "text", "by": "person", "note": "text"},
    "quantity_too_large": {"maximum": "quantity"},
    "goods_received": {"shipment": "text", "at": "moment"},
}  # fmt: skip

REFUSALS: dict[str, Params] = {
    "nothing_open": {"line": "text"},
    "outcome_impossible": {"line": "text", "outcome": "text"},
    "not_to_be_dismissed": {},
}

NOTICES: dict[str, Params] = {
    "receipt_confirmed": {"number": "text", "shipment": "text"},
    "receipt_waits": {"number": "text", "shipment": "text"},
    "receipt_case": {"number": "text", "shipment": "text"},
    "receipt_settled": {"number": "text", "shipment": "text"},
}
