"""The codes of a count, with their figures."""

from __future__ import annotations

from ...reasons import Params

REASONS: dict[str, Params] = {
    "nothing_counted": {},
    "count_large": {
        "counted": "quantity", "book": "quantity", "difference": "quantity", "value": "money", "limit": "money",
    },
    "count_adjusted": {"count": "count", "value": "money"},
    "count_confirmed": {"count": "count"},
    "count_accepted": {"by": "person", "note": "text", "count": "count"},
    "recount_asked": {"by": "person", "note": "text", "count": "count"},
    "recount_answered": {"count": "count"},
}  # fmt: skip

REFUSALS: dict[str, Params] = {
    "count_not_closed": {"stage": "text"},
    "nothing_to_accept": {},
    "product_not_counted": {"product": "product"},
}

NOTICES: dict[str, Params] = {
    "count_posted": {"number": "text", "location": "location", "count": "count"},
    "count_held": {"number": "text", "location": "location", "count": "count"},
    "count_recount": {"number": "text", "location": "location", "count": "count"},
}
