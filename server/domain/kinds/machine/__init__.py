"""A machine at a customer's: the installed base."""

from __future__ import annotations

from ...kind import Kind
from ...namesakes import BEARER, Bearer
from . import rules
from .commands import COMMANDS
from .document import Machine
from .reasons import NOTICES, REASONS, REFUSALS
from .records import MachineRecord

_FIELDS = (
    "kind", "schema", "dealer", "created_at", "serial", "product", "model", "customer", "place", "place/*", "installed_at", "meter",
    "note", "note/**", "photos", "photos/**",
)  # fmt: skip

KIND = Kind(
    name="machine",
    schema=1,
    document=Machine,
    facts_needed=rules.facts_needed,
    decide=rules.decide,
    row=rules.row,
    writable={"owner": _FIELDS, "staff": _FIELDS, "technician": _FIELDS},
    scope=rules.scope,
    commands=COMMANDS,
    reasons=REASONS,
    refusals=REFUSALS,
    notices=NOTICES,
    publishes={"machine": MachineRecord, "machine_serial": MachineRecord, BEARER: Bearer},
)
