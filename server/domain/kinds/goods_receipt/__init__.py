"""A goods receipt: what a dealer found in a shipment, counted on the tablet; headquarters settles what differs."""

from __future__ import annotations

from ...kind import Kind
from . import assessment, rules
from .commands import COMMANDS
from .document import GoodsReceipt
from .figures import GoodsReceiptFigures
from .reasons import NOTICES, REASONS, REFUSALS
from .records import ReceiptClaim, ReceiptRecord

WRITTEN = (
    "kind", "schema", "number", "dealer", "shipment", "stage", "created_at", "received_at", "received_by",
    "signature", "signature/**", "note", "note/**", "lines", "lines/*",
    "lines/*/position", "lines/*/line", "lines/*/product", "lines/*/unit", "lines/*/received", "lines/*/damaged",
    "lines/*/batch", "lines/*/serials/**", "lines/*/note", "lines/*/note/**", "lines/*/photos/**",
)  # fmt: skip

KIND = Kind(
    name="goods_receipt",
    schema=1,
    document=GoodsReceipt,
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
    publishes={"receipt": ReceiptRecord, "receipt_claim": ReceiptClaim},
    figures=GoodsReceiptFigures,
)
