"""A stock count: what people found at a location, each product at the time it was counted."""

from __future__ import annotations

from ...kind import Kind
from . import rules
from .commands import COMMANDS
from .document import StockCount
from .figures import StockCountFigures
from .reasons import NOTICES, REASONS, REFUSALS
from .records import StockRecount

_WRITABLE = (
    "kind", "schema", "number", "location", "stage", "extent", "blind", "complete", "created_at", "answers", "note",
    "note/**", "products/*", "tallies/*/product", "tallies/*/quantity", "tallies/*/place", "tallies/*/batch",
    "tallies/*/serial", "tallies/*/by", "tallies/*/counted_at",
)  # fmt: skip
"""No pattern lies one key below `tallies`: nobody replaces or deletes what all have counted."""

KIND = Kind(
    name="stock_count",
    schema=1,
    document=StockCount,
    facts_needed=rules.facts_needed,
    more_facts=rules.more_facts,
    moments=rules.moments,
    decide=rules.decide,
    row=rules.row,
    writable={"owner": _WRITABLE, "staff": _WRITABLE, "technician": _WRITABLE},
    scope=rules.scope,
    commands=COMMANDS,
    reasons=REASONS,
    refusals=REFUSALS,
    notices=NOTICES,
    publishes={"stock_recount": StockRecount},
    figures=StockCountFigures,
)
