"""The codes that only a return has, with their figures."""

from __future__ import annotations

from ...reasons import Params

REASONS: dict[str, Params] = {
    "return_source_unknown": {"source": "text"},
    "line_not_in_source": {"source": "text"},
    "returned_too_much": {
        "product": "product", "sold": "quantity", "earlier": "quantity", "returned": "quantity", "unit": "text",
    },
    "return_approved": {"by": "person", "note": "text"},
    "serial_not_sold": {"product": "product", "serial": "text"},
    "taken_back": {"source": "text", "total": "money", "refunded": "money"},
    "sent_back": {"source": "text"},
    "return_cancelled": {},
    "return_arrived": {"product": "product", "quantity": "quantity", "scrapped": "quantity", "unit": "text"},
    "return_credited": {"number": "text", "total": "money"},
    "return_rejected": {"by": "person", "reason": "text"},
}  # fmt: skip

REFUSALS: dict[str, Params] = {
    "return_not_sent": {},
    "more_than_sent": {"line": "text", "quantity": "quantity", "rest": "quantity"},
    "nothing_to_credit": {},
    "nothing_to_reject": {},
    "nothing_to_let_through": {},
}

NOTICES: dict[str, Params] = {
    "return_held": {"number": "text", "source": "text"},
    "return_sent": {"number": "text", "source": "text"},
    "return_received": {"number": "text"},
    "return_credited": {"number": "text", "total": "money", "currency": "text"},
    "return_rejected": {"number": "text", "reason": "text"},
}
