"""A service visit: what a technician found and did, decided by the rules of RULES.md."""

from __future__ import annotations

from ...kind import Kind
from . import knowing, rules
from .commands import COMMANDS
from .document import ServiceVisit
from .figures import VisitFigures
from .reasons import NOTICES, REASONS, REFUSALS
from .records import MachineVisit, PartsRequest, VisitRecord

_FIELDS = (
    "kind", "schema", "number", "dealer", "technician", "device", "stage", "created_at", "request", "machine", "serial", "model",
    "product", "customer", "travel_at", "arrived_at", "started_at", "ended_at", "diagnosis", "diagnosis/**", "cause", "cause/**",
    "action", "action/**", "checklist", "checklist/*", "parts", "parts/*", "parts/*/*", "labour_minutes", "meter",
    "photos_before", "photos_before/**", "photos_after", "photos_after/**", "outcome", "requested", "requested/*", "requested/*/*",
    "signature", "signature/**",
)  # fmt: skip

KIND = Kind(
    name="service_visit",
    schema=1,
    document=ServiceVisit,
    facts_needed=knowing.facts_needed,
    more_facts=knowing.more_facts,
    moments=knowing.moments,
    decide=rules.decide,
    row=rules.row,
    writable={"owner": _FIELDS, "staff": _FIELDS, "technician": _FIELDS},
    scope=rules.scope,
    commands=COMMANDS,
    prose=("diagnosis", "cause", "action"),
    reasons=REASONS,
    refusals=REFUSALS,
    notices=NOTICES,
    publishes={"visit": VisitRecord, "machine_visit": MachineVisit, "parts_request": PartsRequest},
    figures=VisitFigures,
)
