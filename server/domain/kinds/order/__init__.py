"""An order of a dealer: written on a tablet, decided by the rules of RULES.md, sent and invoiced by headquarters."""

from __future__ import annotations

from ...kind import Kind
from . import rules
from .commands import COMMANDS
from .document import Order
from .figures import OrderFigures
from .published import published_figures

_STAFF = (
    "kind", "schema", "number", "dealer", "currency", "stage", "created_at", "captured_at", "price_list", "wanted_date",
    "ship_to", "ship_to/**", "note", "note/**", "signature", "signature/**", "lines", "lines/*",
    "lines/*/position", "lines/*/product", "lines/*/quantity", "lines/*/unit", "lines/*/price", "lines/*/note", "lines/*/note/**",
)  # fmt: skip
"""All but the discount: that is the owner's to ask for."""

KIND = Kind(
    name="order",
    schema=1,
    document=Order,
    facts_needed=rules.facts_needed,
    more_facts=rules.more_facts,
    decide=rules.decide,
    row=rules.row,
    writable={"owner": (*_STAFF, "lines/*/discount_bp"), "staff": _STAFF},
    scope=rules.scope,
    commands=COMMANDS,
    figures=OrderFigures,
    published=published_figures,
)
