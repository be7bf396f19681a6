"""Random histories of goods: each function draws one thing that happened, with what was put right of it afterwards.

A kind that moves goods adds a function to `SOURCES`. It knows what follows from its own documents, in whichever order they come, and
says that; what a count makes of it is reckoned by the test.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from server.domain.decision import Decision
from server.domain.facts import Clock
from server.domain.ledger import move
from server.domain.quantity import format_quantity, parse_quantity

from .goods import (
    PLACES,
    PRODUCTS,
    Event,
    Moved,
    Saw,
    World,
    acting,
    arrival_of,
    base,
    commanded,
    documents,
    drawn_time,
    iso,
    movement,
)
from .goods_trade import UNITS, brought_back, orders, sales, sent_back


def moves(pick: Random, document: str) -> list[Event]:
    """Sold, found in a corner, carried from one place to the other, or bought elsewhere at a cost."""
    at, item = drawn_time(pick), pick.choice(PRODUCTS)
    amount = pick.choice((500, 1000, 1000, 3000, 7000, 20_000))
    source, target = pick.choice(
        [
            (pick.choice(PLACES), "customer"),
            ("supplier", pick.choice(PLACES)),
            ("supplier", pick.choice(PLACES)),
            ("dealer:alfki", "dealer:alfki:cold"),
            ("warehouse:main", "van:tech-1"),
        ]
    )
    legs = move("stock", source, target, item, amount)
    cost = {item: pick.randrange(1, 3 * amount)} if source == "supplier" and pick.random() < 0.7 else None
    says: list[Moved | Saw] = [Moved(at, document, leg.account, item, leg.amount) for leg in legs]
    return [Event(document, lambda world: movement(world, document, at, legs, cost), says)]


def counts(pick: Random, document: str) -> list[Event]:
    """One or two products, tallied by one or two devices at different times; some are put right, or dropped."""
    tallies: dict[str, Any] = {}
    times: dict[str, int] = {}
    for number in range(pick.randrange(1, 5)):
        key = f"{pick.choice(('a', 'b')) * 16}.{number}"
        times[key] = drawn_time(pick)
        tallies[key] = _tally(pick, pick.choice(PRODUCTS), times[key])
    arrived = arrival_of(max(times.values()))
    content = {
        "kind": "stock_count", "schema": 1, "number": document, "location": pick.choice(PLACES), "stage": "closed",
        "created_at": iso(min(times.values())), "tallies": tallies,
    }  # fmt: skip
    versions, correction = [content], pick.random()
    if correction < 0.15:
        key = pick.choice(list(tallies))
        versions.append(content | {"tallies": tallies | {key: _tally(pick, tallies[key]["product"], times[key])}})
    elif correction < 0.25:
        versions.append(content | {"stage": "cancelled"})
    clocks = {device * 16: Clock(0, arrived) for device in "ab"}
    return documents(
        document, versions, arrived, _seen(document, versions[-1], times), received_at=arrived, clocks=clocks
    )


def _tally(pick: Random, product: str, at: int) -> dict[str, Any]:
    quantity = pick.choice((0, 1000, 1000, 2500, 12_000))
    return {"product": product, "quantity": format_quantity(quantity), "counted_at": iso(at)}


def _seen(document: str, content: dict[str, Any], times: dict[str, int]) -> list[Moved | Saw]:
    if content["stage"] == "cancelled":
        return []
    latest: dict[str, int] = {}
    found: dict[str, int] = {}
    for key, tally in content["tallies"].items():
        product = tally["product"]
        latest[product] = max(latest.get(product, 0), times[key])
        found[product] = found.get(product, 0) + parse_quantity(tally["quantity"])
    return [Saw(at, document, content["location"], product, found[product]) for product, at in latest.items()]


def receipts(pick: Random, document: str) -> list[Event]:
    """Back-dated receipts of headquarters' warehouse; some are taken back, at once or later."""
    at, item = drawn_time(pick), pick.choice(PRODUCTS)
    amount = pick.choice((1000, 12_000, 40_000))
    params = {"lines": {item: format_quantity(amount)}, "received_on": iso(at)[:10]}
    if pick.random() < 0.6:
        params["costs"] = {item: pick.randrange(100, 100_000)}

    def arrives(world: World) -> None:
        if document not in world.book.entries:  # else the command's key is known
            assert isinstance(world.book.create(document, "stock_receipt", params), Decision)

    def reversal(world: World) -> bool:
        known = document in world.book.entries
        if known:
            commanded(world, document, "reverse", {"reason": "typed twice"})
        return known

    taken_back = [acting(f"{document} reversed", reversal)] if pick.random() < 0.3 else []
    return [Event(document, arrives, []), *taken_back]


def visits(pick: Random, document: str) -> list[Event]:
    """Parts used by a technician, from the van or the dealer's store; some were noted wrongly, or the visit is withdrawn."""
    at, dealer = drawn_time(pick), pick.choice(("alfki", "alfki", "berga"))
    content = base("service_visit")["document"] | {
        "number": document, "dealer": dealer, "technician": "tech-1", "request": None, "machine": None, "serial": "",
        "product": None, "created_at": iso(at), "arrived_at": iso(at), "started_at": None, "ended_at": iso(at),
        "parts": _parts(pick),
    }  # fmt: skip
    versions, correction = [content], pick.random()
    if correction < 0.25:
        versions.append(content | {"parts": _parts(pick)})
    if correction < 0.15:
        versions.append(versions[-1] | {"stage": "withdrawn"})
    return documents(document, versions, at, _used(document, at, versions[-1]))


def _parts(pick: Random) -> dict[str, Any]:
    parts = {}
    for number in range(pick.choice((1, 1, 2))):
        product = pick.choice(PRODUCTS)
        unit = pick.choice(("pcs", "box")) if product == "chai" else UNITS[product]
        parts[f"p{number}"] = {
            "position": number, "product": product, "quantity": pick.choice(("1", "2")), "unit": unit,
            "source": pick.choice((*PLACES, "van:tech-1")), "lot": pick.choice(("", "", "B1")),
        }  # fmt: skip
    return parts


def _used(document: str, at: int, visit: dict[str, Any]) -> list[Moved | Saw]:
    """What was taken from where the technician may not take it is not posted."""
    if visit["stage"] == "withdrawn":
        return []
    allowed = ("van:tech-1", f"dealer:{visit['dealer']}")
    return [
        Moved(
            at, document, part["source"], part["product"],
            -parse_quantity(part["quantity"]) * (12 if part["unit"] == "box" else 1),
        )
        for part in visit["parts"].values()
        if part["source"].startswith(allowed)
    ]  # fmt: skip


SOURCES: tuple[Callable[[Random, str], list[Event]], ...] = (
    counts, counts, counts, moves, moves, receipts, visits, visits, orders, sales, brought_back, sent_back,
)  # fmt: skip


def history(pick: Random, length: int, most: int | None = None) -> list[Event]:
    """At least so many events, and not more than `most`."""
    events: list[Event] = []
    while len(events) < length:
        drawn = pick.choice(SOURCES)(pick, f"d{pick.randrange(10**6):06}-{len(events)}")
        if most is None or len(events) + len(drawn) <= most:
            events += drawn
    return events
