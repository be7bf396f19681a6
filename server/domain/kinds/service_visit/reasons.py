"""Codes of a service visit."""

from __future__ import annotations

from ...reasons import Params

REASONS: dict[str, Params] = {
    "visit_without_machine": {},
    "visit_without_outcome": {},
    "visit_times_disordered": {},
    "part_source_not_allowed": {"product": "product", "location": "location"},
    "part_not_in_stock": {"product": "product", "location": "location"},
    "part_in_warranty": {"product": "product", "until": "date"},
    "part_out_of_warranty": {"product": "product", "until": "date"},
    "labour_in_warranty": {"until": "date"},
    "labour_out_of_warranty": {"until": "date"},
    "warranty_no_policy": {"product": "product"},
    "warranty_unknown_machine": {"serial": "text"},
    "parts_requested": {"count": "count"},
    "signature_outdated": {"signed": "moment"},
    "visit_reviewed": {"by": "person", "note": "text"},
}
REFUSALS: dict[str, Params] = {"visit_not_held": {"verdict": "text"}}
NOTICES: dict[str, Params] = {
    "visit_recorded": {"number": "text"},
    "visit_held": {"number": "text"},
    "visit_parts_requested": {"number": "text", "count": "count"},
}
