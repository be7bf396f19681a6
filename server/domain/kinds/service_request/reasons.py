"""Codes of a service request."""

from __future__ import annotations

from ...reasons import Params

REASONS: dict[str, Params] = {
    "request_without_machine": {},
    "request_without_fault": {},
    "request_assigned": {"technician": "text", "planned": "text"},
    "request_waiting_parts": {"since": "moment"},
    "request_waiting_customer": {"since": "moment"},
    "request_waiting_other": {"since": "moment", "note": "text"},
    "request_visited": {"number": "text", "at": "moment"},
    "request_fixed": {"at": "moment"},
    "request_closed": {"by": "person", "note": "text"},
    "request_reopened": {"by": "person", "reason": "text"},
    "visited_after_closing": {"number": "text", "at": "moment"},
    "response_late": {"due": "moment", "at": "moment"},
    "repair_late": {"due": "moment", "at": "moment"},
}
REFUSALS: dict[str, Params] = {
    "technician_not_of_dealer": {"technician": "text"},
    "request_not_open": {"state": "text"},
    "not_waiting": {"state": "text"},
    "not_closed": {"state": "text"},
}
NOTICES: dict[str, Params] = {
    "request_opened": {"number": "text", "urgency": "text"},
    "request_assigned": {"number": "text", "technician": "text"},
    "request_waiting": {"number": "text"},
    "request_fixed": {"number": "text"},
    "request_closed": {"number": "text"},
    "request_reopened": {"number": "text"},
}
