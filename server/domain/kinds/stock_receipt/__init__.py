"""A stock receipt: goods that headquarters' warehouse received from a supplier."""

from __future__ import annotations

from ...kind import Kind
from . import rules
from .commands import COMMANDS
from .document import StockReceipt

KIND = Kind(
    name="stock_receipt",
    schema=1,
    document=StockReceipt,
    facts_needed=rules.facts_needed,
    decide=rules.decide,
    row=rules.row,
    writable={},
    scope=rules.scope,
    commands=COMMANDS,
    create="record",
)
