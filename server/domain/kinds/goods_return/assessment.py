"""A return weighed against what was sold or shipped, and the other returns of the same goods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from ...decision import Reason
from ...facts import FactRequests, Facts, RecordKey, step
from ...locations import is_location
from ...moments import happened
from ...money import round_half_up
from ...periods import PERIODS, late_reason, posted_at
from ...quantity import THOUSANDTHS, format_quantity, parse_quantity
from .document import GoodsReturn, Line
from .history import History, fold

KINDS = {"from_customer": ("sale", "returned"), "to_headquarters": ("shipment", "sent_back")}
"""Direction -> the record that it stands on, and the one that it publishes."""


class Back(msgspec.Struct):
    """A line of the return. Amounts are thousandths of the base unit."""

    id: str
    line: Line
    product: str
    unit: str
    factor: int
    base: int
    net: int
    tax: int
    origin: str
    """Where the goods are taken from, on the dealer's side, or where they are put."""

    def in_units(self, amount: int) -> int:
        return round_half_up(amount * THOUSANDTHS, self.factor)


class Assessment(msgspec.Struct):
    done: bool
    at: int
    posted_at: int
    history: History
    source: dict[str, Any] | None = None
    lines: list[Back] = []
    reasons: list[Reason] = []
    too_much: bool = False
    left_out: bool = False

    @property
    def counts(self) -> bool:
        return self.done and self.source is not None and not self.too_much

    @property
    def net(self) -> int:
        return sum(back.net for back in self.lines)

    @property
    def tax(self) -> int:
        return sum(back.tax for back in self.lines)

    def waiting(self, back: Back) -> int:
        """What was sent and headquarters has neither received nor rejected."""
        return back.base - self.history.arrived(back.id) - self.history.gone_back(back.id)


def facts_needed(document: GoodsReturn) -> FactRequests:
    records = [PERIODS]
    if document.source:
        records += [RecordKey(KINDS[document.direction][0], document.source), number_key(document)]
    return FactRequests(tuple(records))


def more_facts(document: GoodsReturn, known: Mapping[RecordKey, dict[str, Any]]) -> FactRequests:
    kind = KINDS[document.direction][0]
    named = known.get(number_key(document))
    name = named["id"] if named is not None else document.source
    body = known.get(RecordKey(kind, name))
    records = [RecordKey(kind, name)] if name else []
    if document.direction == "to_headquarters":
        if body is not None:
            records.append(receipt_key(body))
        return FactRequests(tuple(records), below=(claims_key(document, name, ""),)) if name else FactRequests()
    number = document.source if named is not None else (body or {}).get("number", "")
    return FactRequests(tuple(records), below=(claims_key(document, name, number),)) if number else FactRequests()


def number_key(document: GoodsReturn) -> RecordKey:
    return RecordKey(f"{KINDS[document.direction][0]}_number", f"{document.dealer}/{document.source}")


def claims_key(document: GoodsReturn, name: str, number: str) -> RecordKey:
    kind = KINDS[document.direction][1]
    return RecordKey(kind, f"{document.dealer}/{number}" if kind == "returned" else step(name))


def receipt_key(shipment: Mapping[str, Any]) -> RecordKey:
    return RecordKey("receipt", f"{shipment['dealer']}/{shipment['order']}/{step(shipment['id'])}")


def assess(document: GoodsReturn, facts: Facts) -> Assessment:
    at, implausible = happened(document.captured_at or document.created_at, facts.capture, "T2")
    posted, late = posted_at(at, facts)
    history = fold(facts.commands)
    # What headquarters has received or rejected was sent, whatever the tablet says afterwards (T8).
    found = Assessment(document.stage == "done" or history.settled, at, posted, history)
    if not found.done:
        return found
    if implausible is not None:
        found.reasons.append(implausible)
    if late is not None:
        found.reasons.append(late_reason(at, late, "T2"))
    found.source = _source(document, facts)
    if found.source is None:
        found.reasons.append(Reason("return_source_unknown", {"source": document.source}, None, "T1"))
        return found
    _weigh(found, document, facts)
    return found


def _source(document: GoodsReturn, facts: Facts) -> dict[str, Any] | None:
    """By its id or its number; another dealer's is not known (SY10)."""
    named = facts.records.get(number_key(document))
    for name in (document.source, named["id"] if named is not None else ""):
        body = facts.records.get(RecordKey(KINDS[document.direction][0], name))
        if body is not None and body["dealer"] == document.dealer:
            return body
    return None


def earlier(found: Assessment, document: GoodsReturn, facts: Facts) -> dict[str, int]:
    """Source's line -> what other returns have taken before this one: those headquarters acted on first, then by their time."""
    source = found.source or {}
    mine = (not found.history.settled, found.at, facts.document)
    sums: dict[str, int] = {}
    for name, claim in facts.below(claims_key(document, source["id"], source["number"])).items():
        if name != facts.document and (not claim["settled"], claim["at"], name) < mine:
            for line, base in claim["lines"].items():
                sums[line] = sums.get(line, 0) + parse_quantity(base)
    return sums


def _weigh(found: Assessment, document: GoodsReturn, facts: Facts) -> None:
    source = found.source or {}
    taken = earlier(found, document, facts)
    before = dict(taken)
    for key, line in sorted(document.lines.items(), key=lambda each: (each[1].position, each[0])):
        sold = source["lines"].get(line.line)
        if sold is None or sold["base"] is None or not parse_quantity(sold["quantity"]):
            found.reasons.append(Reason("line_not_in_source", {"source": source["number"]}, key, "T3"))
            found.left_out = True
            continue
        whole = parse_quantity(sold["base"])
        factor = round_half_up(whole * THOUSANDTHS, parse_quantity(sold["quantity"]))
        base = round_half_up(parse_quantity(line.quantity) * factor, THOUSANDTHS)
        start = before.get(line.line, 0)
        before[line.line] = start + base
        # Parts of a line come to its whole amount, and never to more: each is the difference of what it came to before and comes
        # to now.
        net, tax = (
            round_half_up(sold[name] * min(start + base, whole), whole)
            - round_half_up(sold[name] * min(start, whole), whole)
            for name in ("net", "tax")
        )
        found.lines.append(
            Back(key, line, sold["product"], sold["unit"], factor, base, net, tax, _origin(document, line))
        )
        for serial in line.serials:
            if serial not in sold.get("serials", line.serials):
                found.reasons.append(
                    Reason("serial_not_sold", {"product": sold["product"], "serial": serial}, key, "T4")
                )
    _limit(found, taken, before)


def _limit(found: Assessment, taken: Mapping[str, int], after: Mapping[str, int]) -> None:
    """T3: what was sold less what came back before is all that can come back."""
    approved = found.history.approved.params["seen"] if found.history.approved is not None else {}
    for line, base in after.items():
        body = (found.source or {})["lines"].get(line)
        if body is None or body["base"] is None or base <= parse_quantity(body["base"]):
            continue
        mine = [back for back in found.lines if back.line.line == line]
        if not mine or sum(back.base for back in mine) <= int(approved.get(line, -1)):
            continue
        figures = {
            "sold": parse_quantity(body["base"]),
            "earlier": taken.get(line, 0),
            "returned": base - taken.get(line, 0),
        }
        params = {name: format_quantity(mine[0].in_units(amount)) for name, amount in figures.items()}
        about = {"product": body["product"], "unit": body["unit"]}
        found.reasons.append(Reason("returned_too_much", {**about, **params}, mine[-1].id, "T3"))
        found.too_much |= not found.history.settled


def _origin(document: GoodsReturn, line: Line) -> str:
    own = f"dealer:{document.dealer}"
    good = line.condition == "resalable"
    named = document.location
    is_own = is_location(named) and (named == own or named.startswith(f"{own}:"))
    # A customer's broken machine never lies among the good ones.
    if is_own and (good or document.direction == "to_headquarters"):
        return named
    return own if good else f"{own}:damaged"
