"""A payment: written by headquarters, it lessens what a dealer owes."""

from __future__ import annotations

from ...kind import Kind
from . import rules
from .commands import COMMANDS
from .document import Payment

KIND = Kind(
    name="payment",
    schema=1,
    document=Payment,
    facts_needed=rules.facts_needed,
    decide=rules.decide,
    row=rules.row,
    writable={},
    scope=rules.scope,
    commands=COMMANDS,
    create="record",
)
