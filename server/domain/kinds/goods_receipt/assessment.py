"""A goods receipt weighed against its shipment and the other receipts of it: what the decision and the commands both read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from ...decision import Reason
from ...facts import Command, FactRequests, Facts, RecordKey, step
from ...moments import happened
from ...periods import PERIODS, late_reason, posted_at
from .document import GoodsReceipt
from .matching import Count, match
from .settling import Open, Settlement, dismissal, open_lines, settlements


class Assessment(msgspec.Struct):
    confirmed: bool
    at: int
    """When the goods were taken in, by the server's clock."""
    posted_at: int
    shipment: dict[str, Any] | None = None
    before: dict[str, Any] | None = None
    """The receipt of the same shipment that counts instead of this one."""
    dismissed: Command | None = None
    count: Count = msgspec.field(default_factory=lambda: Count({}))
    done: list[Settlement] = []
    open: dict[str, Open] = {}
    reasons: list[Reason] = []

    @property
    def counts(self) -> bool:
        """Does this receipt move the goods?"""
        return self.confirmed and self.shipment is not None and self.before is None and self.dismissed is None


def facts_needed(receipt: GoodsReceipt) -> FactRequests:
    products = sorted({line.product for line in receipt.lines.values()})
    records = [PERIODS, *(RecordKey("product", product) for product in products)]
    if receipt.shipment:
        records += [RecordKey("shipment", receipt.shipment), number_key(receipt)]
    return FactRequests(tuple(records))


def more_facts(receipt: GoodsReceipt, known: Mapping[RecordKey, dict[str, Any]]) -> FactRequests:
    """The shipment behind a number, and who else says that they received it."""
    named = known.get(number_key(receipt))
    name = named["id"] if named is not None else receipt.shipment
    return FactRequests((RecordKey("shipment", name),), below=(claims_key(name),)) if name else FactRequests()


def number_key(receipt: GoodsReceipt) -> RecordKey:
    return RecordKey("shipment_number", f"{receipt.dealer}/{receipt.shipment}")


def claims_key(shipment: str) -> RecordKey:
    return RecordKey("receipt_claim", step(shipment))


def assess(receipt: GoodsReceipt, facts: Facts) -> Assessment:
    at, implausible = happened(receipt.received_at or receipt.created_at, facts.capture, "G6")
    posted, late = posted_at(at, facts)
    done = settlements(facts.commands)
    # What headquarters has settled stands, whatever the tablet says afterwards (G9).
    found = Assessment(receipt.stage == "confirmed" or bool(done), at, posted, done=done)
    if not found.confirmed:
        return found
    found.dismissed = dismissal(facts.commands)
    if implausible is not None:
        found.reasons.append(implausible)
    if late is not None:
        found.reasons.append(late_reason(at, late, "G6"))
    found.shipment = _shipment(receipt, facts)
    if found.shipment is None:
        found.reasons.append(Reason("shipment_not_known", {"shipment": receipt.shipment}, None, "G5"))
        return found
    found.before = _before(found, facts)
    found.count = match(receipt, found.shipment, facts)
    found.reasons += found.count.reasons
    if found.counts:
        found.open = open_lines(found.count.lines, done)
    return found


def _shipment(receipt: GoodsReceipt, facts: Facts) -> dict[str, Any] | None:
    """By its id or its number; another dealer's is not known (SY10)."""
    named = facts.records.get(number_key(receipt))
    for name in (receipt.shipment, named["id"] if named is not None else ""):
        body = facts.records.get(RecordKey("shipment", name))
        if body is not None and body["dealer"] == receipt.dealer:
            return body
    return None


def _before(found: Assessment, facts: Facts) -> dict[str, Any] | None:
    """Of several receipts the one counts that headquarters has acted on, else the earliest: in any order of arrival (G10)."""
    assert found.shipment is not None
    mine = (not found.done, found.at, facts.document)
    others = [
        ((not claim["settled"], claim["at"], document), claim)
        for document, claim in facts.below(claims_key(found.shipment["id"])).items()
        if document != facts.document
    ]
    turn, first = min(others, key=lambda each: each[0], default=(mine, None))
    return first if turn < mine else None
