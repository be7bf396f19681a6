"""What headquarters may do to a return: receive, credit or reject what was sent; let through what is more than was sold."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from pydantic import Field

from ...facts import Facts
from ...fields import Id, Part, Quantity, ShortText
from ...kind import CommandSpec
from ...money import round_half_up
from ...quantity import THOUSANDTHS, format_quantity, parse_quantity
from .assessment import Assessment, Back, assess, earlier, receipt_key
from .document import GoodsReturn
from .history import Arrived, CreditedLine

SALES = frozenset({"administrator", "sales"})
FINANCE = frozenset({"administrator", "finance"})
Refusal = tuple[str, dict[str, Any]] | None


class ReceivedLine(Part):
    good: Quantity = Field(default="0", description="To the warehouse, in the line's unit.")
    scrapped: Quantity = Field(default="0", description="Written off.")


class Receive(Part):
    lines: dict[Id, ReceivedLine] = Field(min_length=1, description="By the return's line.")
    note: ShortText = ""


class Credit(Part):
    note: ShortText = ""


class Reject(Part):
    reason: Annotated[ShortText, Field(min_length=1)]


class LetThrough(Part):
    note: ShortText = ""


def check_receive(document: GoodsReturn, params: Receive, facts: Facts) -> Refusal:
    found = _sent(document, facts)
    if found is None:
        return "return_not_sent", {}
    by_id = {back.id: back for back in found.lines}
    for key, received in params.lines.items():
        back = by_id.get(key)
        if back is None:
            return "line_unknown", {"line": key}
        wanted, rest = _base(back, received.good) + _base(back, received.scrapped), found.waiting(back)
        if wanted > rest:
            quantity = parse_quantity(received.good) + parse_quantity(received.scrapped)
            figures = {"quantity": format_quantity(quantity), "rest": format_quantity(back.in_units(rest))}
            return "more_than_sent", {"line": key, **figures}
    return None


def complete_receive(document: GoodsReturn, params: Receive, facts: Facts) -> dict[str, Any]:
    found = assess(document, facts)
    moved = {
        back.id: Arrived(back.product, back.origin, _base(back, each.good), _base(back, each.scrapped))
        for back in found.lines
        if (each := params.lines.get(back.id)) is not None
    }
    return {**params.model_dump(), "moved": msgspec.to_builtins(moved)}


def check_credit(document: GoodsReturn, params: Credit, facts: Facts) -> Refusal:
    found = _sent(document, facts)
    credited = _credit(document, found, facts) if found is not None else {}
    return None if any(line.base for line in credited.values()) else ("nothing_to_credit", {})


def complete_credit(document: GoodsReturn, params: Credit, facts: Facts) -> dict[str, Any]:
    credited = _credit(document, assess(document, facts), facts)
    return {
        **params.model_dump(),
        "credited": msgspec.to_builtins({k: each for k, each in credited.items() if each.base}),
    }


def check_reject(document: GoodsReturn, params: Reject, facts: Facts) -> Refusal:
    found = _sent(document, facts)
    if found is None or not any(found.waiting(back) > 0 for back in found.lines):
        return "nothing_to_reject", {}
    return None


def complete_reject(document: GoodsReturn, params: Reject, facts: Facts) -> dict[str, Any]:
    found = assess(document, facts)
    moved = {
        back.id: Arrived(back.product, back.origin, rest) for back in found.lines if (rest := found.waiting(back)) > 0
    }
    return {**params.model_dump(), "moved": msgspec.to_builtins(moved)}


def check_let_through(document: GoodsReturn, params: LetThrough, facts: Facts) -> Refusal:
    return None if assess(document, facts).too_much else ("nothing_to_let_through", {})


def complete_let_through(document: GoodsReturn, params: LetThrough, facts: Facts) -> dict[str, Any]:
    """With the amounts that were seen: more of them than that is held anew."""
    seen: dict[str, int] = {}
    for back in assess(document, facts).lines:
        seen[back.line.line] = seen.get(back.line.line, 0) + back.base
    return {**params.model_dump(), "seen": {line: str(base) for line, base in seen.items()}}


def _sent(document: GoodsReturn, facts: Facts) -> Assessment | None:
    found = assess(document, facts)
    return found if document.direction == "to_headquarters" and found.counts else None


def _base(back: Back, text: str) -> int:
    return round_half_up(parse_quantity(text) * back.factor, THOUSANDTHS)


def _credit(document: GoodsReturn, found: Assessment, facts: Facts) -> dict[str, CreditedLine]:
    """What has arrived and is not credited yet, at the original price; what the goods receipt or earlier returns gave back already
    is not given back again (T7)."""
    source = found.source or {}
    received = facts.records.get(receipt_key(source), {}).get("lines", {})
    taken = earlier(found, document, facts)
    credited: dict[str, CreditedLine] = {}
    for back in found.lines:
        body, done = source["lines"][back.line.line], found.history.credited(back.id)
        whole = parse_quantity(body["base"])
        before = taken.get(back.line.line, 0) + parse_quantity(received.get(back.line.line, {}).get("credited", "0"))
        amount = min(found.history.arrived(back.id), max(whole - before, 0))
        if back.base:
            net, tax = (round_half_up(total * amount, back.base) for total in (back.net, back.tax))
            credited[back.id] = CreditedLine(amount - done.base, net - done.net, tax - done.tax)
    return {key: line for key, line in credited.items() if line.base > 0}


COMMANDS = (
    CommandSpec("receive", SALES, Receive, check_receive, complete_receive),
    CommandSpec("credit", FINANCE, Credit, check_credit, complete_credit),
    CommandSpec("reject", SALES | FINANCE, Reject, check_reject, complete_reject),
    CommandSpec("let_through", SALES | FINANCE, LetThrough, check_let_through, complete_let_through),
)
