"""Random trade of a dealer: what headquarters sends, what is sold to customers, and what comes back of both.

A return stands on the sale or the shipment that it names, and on the other returns of it, so those are drawn together.
"""

from __future__ import annotations

from random import Random
from typing import Any

import msgspec

from server.domain.decision import Decision

from .cases import patched
from .goods import (
    END,
    PRODUCTS,
    Event,
    Moved,
    Saw,
    Versions,
    World,
    acting,
    arrival_of,
    base,
    commanded,
    documents,
    drawn_time,
    iso,
)

UNITS = {"chai": "pcs", "tofu": "kg"}
SENT = 5
"""Pieces of a shipment that something is sent back of."""


def orders(pick: Random, document: str) -> list[Event]:
    """Ordered, sent on a day; received by the dealer, who says when, or delivered when headquarters says so; sometimes both say it."""
    return _ordered(pick, document, pick.choice((1, SENT)))


def _ordered(pick: Random, document: str, sent: int) -> list[Event]:
    at, came = drawn_time(pick), drawn_time(pick)
    line = {"position": 0, "product": "chai", "quantity": str(sent), "unit": "pcs", "price": 1000}
    content = patched(base("order")["document"], {"number": document, "captured_at": iso(at), "created_at": iso(at)}) | {
        "lines": {"l1": line}, "signature": None,
    }  # fmt: skip
    by_dealer = pick.random() < 0.7
    by_headquarters = not by_dealer or pick.random() < 0.3

    def ordered(world: World) -> None:
        fresh = document not in world.book.entries
        world.book.push(document, content, received_at=arrival_of(at))
        if fresh:
            commanded(world, document, "ship", {"lines": {"l1": str(sent)}, "shipped_on": iso(at)[:10]})
        if fresh and by_headquarters:
            delivered = world.book.command(document, "deliver", {"shipment": f"{document}-S1"})
            assert isinstance(delivered, Decision) or (by_dealer and delivered[0] == "already_received"), delivered

    if not by_dealer:
        return [Event(document, ordered, [Moved(END, document, "dealer:alfki", "chai", sent * 1000)])]
    return [Event(document, ordered, []), *_received(pick, document, sent, came)]


def _received(pick: Random, order: str, sent: int, came: int) -> list[Event]:
    """Some were miscounted at first."""
    document = f"{order}-R"

    def counted(pieces: int) -> dict[str, Any]:
        return {
            "kind": "goods_receipt", "schema": 1, "number": document, "dealer": "alfki", "shipment": f"{order}-S1",
            "stage": "confirmed", "created_at": iso(came), "received_at": iso(came),
            "lines": {"a": {"line": "l1", "product": "chai", "unit": "pcs", "received": str(pieces)}},
        }  # fmt: skip

    pieces = [sent, sent + pick.choice((-1, 1))] if pick.random() < 0.2 else [sent]
    says: list[Moved | Saw] = [Moved(came, document, "dealer:alfki", "chai", pieces[-1] * 1000)]
    return documents(document, [counted(each) for each in pieces], came, says)


class Sold(msgspec.Struct):
    events: list[Event]
    item: str
    pieces: int
    """What was sold in the end; 0: it was cancelled."""


def sales(pick: Random, document: str) -> list[Event]:
    """Sold to an end customer."""
    return _sold(pick, document).events


def _sold(pick: Random, document: str) -> Sold:
    """From the store or a place of it; some are cancelled, at once or later, or say afterwards that it was another quantity."""
    at, item = drawn_time(pick), pick.choice(PRODUCTS)
    location, pieces = pick.choice(("dealer:alfki", "dealer:alfki:cold")), pick.choice((1, 3))

    def written(pieces: int, stage: str) -> dict[str, Any]:
        line = {"position": 1, "product": item, "quantity": str(pieces), "unit": UNITS[item], "price": 1130}
        return base("sale")["document"] | {
            "number": document, "location": location, "created_at": iso(at), "captured_at": iso(at), "payments": {},
            "lines": {"l1": line}, "stage": stage,
        }  # fmt: skip

    versions, correction = [written(pieces, "done")], pick.random()
    if correction < 0.15:
        pieces = pick.choice((1, 2, 4))
        versions.append(written(pieces, "done"))
    elif correction < 0.3:
        versions.append(written(pieces, "cancelled"))
        pieces = 0
    if not pieces and pick.random() < 0.3:
        del versions[0]
    says: list[Moved | Saw] = [Moved(at, document, location, item, -pieces * 1000)] if pieces else []
    return Sold(documents(document, versions, at, says), item, pieces)


class Return(msgspec.Struct):
    document: str
    at: int
    versions: Versions
    pieces: int
    """What came back, as it was said in the end; 0: nothing did."""
    place: str


def _returned(pick: Random, document: str, direction: str, source: str, pieces: tuple[int, ...]) -> Return:
    """Some are put right, or taken back."""
    at = drawn_time(pick)
    condition = pick.choice(("resalable", "resalable", "damaged"))
    named = pick.choice(("", "dealer:alfki:cold"))
    customer = direction == "from_customer"
    place = named if named and (condition == "resalable" or not customer) else "dealer:alfki"
    if condition == "damaged" and place == "dealer:alfki":
        place = "dealer:alfki:damaged"

    def written(pieces: int, stage: str) -> dict[str, Any]:
        return {
            "kind": "goods_return", "schema": 1, "number": document, "dealer": "alfki", "direction": direction,
            "source": source, "stage": stage, "created_at": iso(at), "captured_at": iso(at), "location": named,
            "refund": {"method": "cash" if customer else "account"},
            "lines": {"a": {"line": "l1", "quantity": str(pieces), "condition": condition}},
        }  # fmt: skip

    count = pick.choice(pieces)
    versions, correction = [written(count, "done")], pick.random()
    if correction < 0.2:
        count = pick.choice(pieces)
        versions.append(written(count, "done"))
    elif correction < 0.35:
        versions.append(written(count, "cancelled"))
        count = 0
    return Return(document, at, versions, count, place)


def _fitting(returns: list[Return], there: int) -> list[Return]:
    """Those that count: the earlier one first, and none of which more came back than is left."""
    found = []
    for each in sorted(returns, key=lambda each: (each.at, each.document)):
        if 0 < each.pieces <= there:
            there -= each.pieces
            found.append(each)
    return found


def brought_back(pick: Random, document: str) -> list[Event]:
    """Sold, and brought back by the customer, in one or two returns that may be too much together."""
    sold = _sold(pick, document)
    returns = [
        _returned(pick, f"{document}-B{number}", "from_customer", document, (1, 1, 2, 3))
        for number in range(pick.choice((1, 1, 2)))
    ]
    fitting, events = _fitting(returns, sold.pieces), sold.events
    for each in returns:
        said = Moved(each.at, each.document, each.place, sold.item, each.pieces * 1000)
        events += documents(each.document, each.versions, each.at, [said] if each in fitting else [])
    return events


def sent_back(pick: Random, document: str) -> list[Event]:
    """Sent back of a shipment. Either two returns may be too much together, or headquarters receives them: what it has received
    comes before the others, so that which of two it received would follow from what it saw first."""
    events = _ordered(pick, document, SENT)
    acted = pick.random() < 0.6
    returns = [
        _returned(pick, f"{document}-B{number}", "to_headquarters", f"{document}-S1", (1, 2) if acted else (1, 3, 5))
        for number in range(pick.choice((1, 1, 2)))
    ]
    fitting = _fitting(returns, SENT)
    for each in returns:
        stands = each in fitting
        says: list[Moved | Saw] = []
        if stands:
            says.append(Moved(each.at, each.document, each.place, "chai", -each.pieces * 1000))
        events += documents(each.document, each.versions, each.at, says)
        if stands and acted:
            events.append(_arrived(pick, each))
    return events


def _arrived(pick: Random, sent: Return) -> Event:
    """Headquarters receives all of it, good or to be scrapped, or rejects what it did not receive."""
    good = pick.randrange(sent.pieces + 1)
    scrapped = pick.randrange(sent.pieces - good + 1)
    rest = sent.pieces - good - scrapped

    def act(world: World) -> bool:
        entry = world.book.entries.get(sent.document)
        if entry is None or entry.decision is None or entry.decision.verdict != "accepted":
            return False
        if not world.complete(sent.document, sent.versions):
            return False
        if good or scrapped:
            line = {"good": str(good), "scrapped": str(scrapped)}
            commanded(world, sent.document, "receive", {"lines": {"a": line}})
        if rest:
            commanded(world, sent.document, "reject", {"reason": "not ours"})
        return True

    event = acting(f"{sent.document} arrived", act)
    if rest:
        event.says.append(Moved(END, sent.document, sent.place, "chai", rest * 1000))
    return event
