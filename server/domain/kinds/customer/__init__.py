"""An end customer: written down by the dealer or a technician, once."""

from __future__ import annotations

from ...kind import Kind
from ...namesakes import BEARER, Bearer
from . import rules
from .commands import COMMANDS
from .document import Customer
from .reasons import NOTICES, REASONS, REFUSALS
from .records import CustomerRecord

_FIELDS = (
    "kind", "schema", "dealer", "created_at", "name", "contact", "phone", "place", "place/*", "note", "note/**",
)  # fmt: skip

KIND = Kind(
    name="customer",
    schema=1,
    document=Customer,
    facts_needed=rules.facts_needed,
    decide=rules.decide,
    row=rules.row,
    writable={"owner": _FIELDS, "staff": _FIELDS, "technician": _FIELDS},
    scope=rules.scope,
    commands=COMMANDS,
    reasons=REASONS,
    refusals=REFUSALS,
    notices=NOTICES,
    publishes={"customer": CustomerRecord, BEARER: Bearer},
)
