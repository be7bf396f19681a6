"""A service request: opened on a device or by headquarters, decided by the rules of RULES.md."""

from __future__ import annotations

from ...kind import Kind
from . import rules
from .commands import COMMANDS
from .document import ServiceRequest
from .figures import RequestFigures
from .reasons import NOTICES, REASONS, REFUSALS

_FIELDS = (
    "kind", "schema", "number", "dealer", "stage", "opened_at", "machine", "serial", "model", "customer", "contact", "phone",
    "place", "place/*", "fault", "fault/**", "urgency", "photos", "photos/**",
)  # fmt: skip

KIND = Kind(
    name="service_request",
    schema=1,
    document=ServiceRequest,
    facts_needed=rules.facts_needed,
    decide=rules.decide,
    row=rules.row,
    writable={"owner": _FIELDS, "staff": _FIELDS, "technician": _FIELDS},
    scope=rules.scope,
    commands=COMMANDS,
    create="open",
    prose=("fault",),
    reasons=REASONS,
    refusals=REFUSALS,
    notices=NOTICES,
    figures=RequestFigures,
)
