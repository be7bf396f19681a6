"""What headquarters may do to a goods receipt: settle what differs, and take a second one off the table."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from pydantic import Field, StringConstraints

from ...facts import Facts
from ...fields import Part, ShortText
from ...kind import CommandSpec
from .assessment import Assessment, assess
from .document import GoodsReceipt
from .settling import Settled, worth

SALES = frozenset({"administrator", "sales"})
FINANCE = frozenset({"administrator", "finance"})
Outcome = Literal["lost", "credit", "resend", "accept"]
Refusal = tuple[str, dict[str, Any]] | None


class Resolve(Part):
    lines: dict[Annotated[str, StringConstraints(min_length=1, max_length=80)], Outcome] = Field(
        min_length=1,
        description="Line -> lost: short goods are written off. credit: and the dealer gets the price back. resend: and they are"
        " sent again. accept: damage or surplus stays as it is.",
    )
    note: ShortText = ""


class Dismiss(Part):
    note: Annotated[ShortText, Field(min_length=1)]


def check_resolve(receipt: GoodsReceipt, params: Resolve, facts: Facts) -> Refusal:
    found = assess(receipt, facts)
    for key, outcome in params.lines.items():
        rest = found.open.get(key)
        if rest is None:
            return "nothing_open", {"line": key}
        amount = rest.short + rest.damaged
        possible = {
            "lost": bool(rest.short),
            "credit": amount != 0 and key in found.count.lines and bool(found.count.lines[key].shipped),
            "resend": amount > 0 and rest.short >= 0,
            "accept": not rest.short,
        }
        if not possible[outcome]:
            return "outcome_impossible", {"line": key, "outcome": outcome}
    return None


def complete_resolve(receipt: GoodsReceipt, params: Resolve, facts: Facts) -> dict[str, Any]:
    """With the amounts that are settled: a later edit of the receipt opens the difference, and takes nothing back (G9)."""
    found = assess(receipt, facts)
    settled = {key: _settled(found, key, outcome) for key, outcome in params.lines.items()}
    return {**params.model_dump(), "settled": msgspec.to_builtins(settled)}


def _settled(found: Assessment, key: str, outcome: str) -> Settled:
    rest, line = found.open[key], found.count.lines.get(key)
    if line is None:
        was = next(done.lines[key] for done in reversed(found.done) if key in done.lines)
        product, unit, factor = was.product, was.unit, was.factor
    else:
        product, unit, factor = line.product, line.unit, line.factor
    settled = Settled(outcome, product, unit, factor, rest.short, rest.damaged, rest.surplus)
    if outcome == "credit" and line is not None:
        money = worth(line, key, settled.amount, found.done)
        settled.net, settled.tax = money["net"], money["tax"]
    return settled


def check_dismiss(receipt: GoodsReceipt, params: Dismiss, facts: Facts) -> Refusal:
    found = assess(receipt, facts)
    waits = found.confirmed and not found.counts and found.dismissed is None
    return None if waits else ("not_to_be_dismissed", {})


COMMANDS = (
    CommandSpec("resolve", SALES | FINANCE, Resolve, check_resolve, complete_resolve),
    CommandSpec("dismiss", SALES | FINANCE, Dismiss, check_dismiss),
)
