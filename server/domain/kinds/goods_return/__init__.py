"""A return: goods that a customer brings back, or that the dealer sends back to headquarters."""

from __future__ import annotations

from ...kind import Kind
from . import assessment, rules
from .commands import COMMANDS
from .document import GoodsReturn
from .figures import GoodsReturnFigures
from .reasons import NOTICES, REASONS, REFUSALS
from .records import ReturnedRecord

WRITTEN = (
    "kind", "schema", "number", "dealer", "direction", "source", "stage", "created_at", "captured_at", "location",
    "refund", "refund/**", "signature", "signature/**", "note", "note/**", "lines", "lines/*", "lines/*/position",
    "lines/*/line", "lines/*/quantity", "lines/*/condition", "lines/*/reason", "lines/*/serials/**", "lines/*/note",
    "lines/*/note/**", "lines/*/photos/**",
)  # fmt: skip

KIND = Kind(
    name="goods_return",
    schema=1,
    document=GoodsReturn,
    facts_needed=assessment.facts_needed,
    more_facts=assessment.more_facts,
    decide=rules.decide,
    row=rules.row,
    writable={"owner": WRITTEN, "staff": WRITTEN},
    scope=rules.scope,
    commands=COMMANDS,
    reasons=REASONS,
    refusals=REFUSALS,
    notices=NOTICES,
    publishes={"returned": ReturnedRecord, "sent_back": ReturnedRecord},
    figures=GoodsReturnFigures,
)
