"""A sale: what a dealer sold to an end customer, out of the dealer's own stock and into the dealer's own books."""

from __future__ import annotations

from ...kind import Kind
from ...master import WarrantyRecord
from . import assessment, rules
from .document import Sale
from .figures import SaleFigures
from .reasons import NOTICES, REASONS
from .records import SaleNumber, SaleRecord

WRITTEN = (
    "kind", "schema", "number", "dealer", "currency", "stage", "created_at", "captured_at", "location",
    "customer", "customer/**", "payments", "payments/**", "signature", "signature/**", "note", "note/**",
    "lines", "lines/*", "lines/*/position", "lines/*/product", "lines/*/quantity", "lines/*/unit", "lines/*/price",
    "lines/*/discount_bp", "lines/*/serials/**", "lines/*/batch", "lines/*/note", "lines/*/note/**",
)  # fmt: skip

KIND = Kind(
    name="sale",
    schema=1,
    document=Sale,
    facts_needed=assessment.facts_needed,
    more_facts=assessment.more_facts,
    moments=assessment.moments,
    decide=rules.decide,
    row=rules.row,
    writable={"owner": WRITTEN, "staff": WRITTEN},
    scope=rules.scope,
    reasons=REASONS,
    notices=NOTICES,
    publishes={"sale": SaleRecord, "sale_number": SaleNumber, "warranty": WarrantyRecord},
    figures=SaleFigures,
)
