"""Random histories of goods, as events that may arrive in any order: what the property tests and benchmarks draw from.

A kind that moves goods adds a function to `SOURCES`: it draws one event, which knows how to arrive in a book, and what it says of
the world by itself, in the order of time: what moved, and what was seen.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache
from random import Random
from typing import Any

import msgspec

from server.domain.costing import State, Step
from server.domain.decision import BalanceKey, Decision, Posting
from server.domain.facts import Clock, RecordKey
from server.domain.ledger import move
from server.domain.quantity import format_quantity
from server.sync.valuation import folded

from .book import Book
from .cases import FOLDER, patched

HOUR = 3_600_000
DAY = 24 * HOUR
START = 1_772_323_200_000  # 2026-03-01
DAYS, LATE = 40, 30
END = START + 90 * DAY
"""When everything is decided: a history is told afterwards, in any order."""
PRODUCTS = ("chai", "tofu")
PLACES = ("dealer:alfki", "dealer:alfki:cold", "dealer:berga", "van:tech-1")
LARGE = 9_000
"""Minor units that the policy lets pass."""
BY_COMMAND = ("shipment:", "delivery:")
"""Sets that are named after a command, whose number follows the order of arrival."""


class Moved(msgspec.Struct, frozen=True):
    at: int
    document: str
    account: str
    item: str
    amount: int


class Saw(msgspec.Struct, frozen=True):
    at: int
    document: str
    account: str
    item: str
    quantity: int


class Event(msgspec.Struct):
    """`arrives` may be called twice: a retry."""

    document: str
    arrives: Callable[[World], None]
    says: list[Moved | Saw]


class World:
    """A book, and the decisions of what moved without a document of a kind."""

    def __init__(self, check: bool = True) -> None:
        self.book = Book(records(), END, check)
        self.moved: dict[str, Decision] = {}
        for product in PRODUCTS:
            for account, amount in (("warehouse:main", 10**6), ("supplier", -(10**6))):
                self.book.books.learn({BalanceKey("stock", account, product): amount})

    def receive(self, event: Event) -> None:
        event.arrives(self)

    def check_sums(self) -> None:
        sums: dict[tuple[str, str], int] = {}
        for key, amount in self.book.balances.items():
            sums[key.ledger, key.item] = sums.get((key.ledger, key.item), 0) + amount
        assert set(sums.values()) <= {0}

    def stock(self) -> dict[str, Any]:
        """Every set of goods that stands, with its time: what lies anywhere at any moment follows from it."""
        books = self.book.books
        return {
            f"{document} {name.partition(':')[0] if name.startswith(BY_COMMAND) else name}": (
                books.times_of(document)[name],
                sorted(legs),
            )
            for document in books.standing
            for name, legs in books.standing_of(document).items()
            if name in books.times_of(document)
        }

    def at(self, account: str, item: str, moment: int) -> int:
        legs = [leg for at, set_ in self.stock().values() if at <= moment for leg in set_]
        return sum(leg.amount for leg in legs if (leg.account, leg.item, leg.ledger) == (account, item, "stock"))

    def value(self, step: Step) -> dict[tuple[str, str], list[tuple[int, str, int, int, State]]]:
        """Owner and item -> moment, document, quantity, value and the state after it, in the order of time."""
        decisions = {name: entry.decision for name, entry in self.book.entries.items() if entry.decision is not None}
        return {
            key: [(entry.happened_at, entry.document, entry.quantity, value, state) for entry, value, state in entries]
            for key, entries in folded(decisions | self.moved, step).items()
        }

    def counts(self) -> dict[str, Any]:
        """What each count says, but for how often it was decided."""
        return {
            name: (entry.decision.verdict, entry.decision.reasons, entry.decision.figures)
            for name, entry in self.book.entries.items()
            if entry.kind.name == "stock_count" and entry.decision is not None
        }


@cache
def base(kind: str) -> dict[str, Any]:
    """What the cases of a kind start from: nobody changes it."""
    read: dict[str, Any] = json.loads((FOLDER / kind / "base.json").read_text(encoding="utf-8"))
    return read


@cache
def records() -> dict[RecordKey, dict[str, Any]]:
    found: dict[RecordKey, dict[str, Any]] = {}
    for kind in ("stock_count", "order"):
        found |= {RecordKey(*key.split("/", 1)): body for key, body in base(kind)["records"].items()}
    dealer = RecordKey("dealer", "alfki")
    found[dealer] = {**found[dealer], "credit_limit": None}
    found[RecordKey("dealer", "berga")] = {**found[dealer], "id": "berga"}
    for product, price in (("chai", 1000), ("tofu", 2000)):
        found[RecordKey("price", f"retail@3/{product}")] = {
            "product": product, "list": "retail", "version": 3, "units": {"pcs": {"price": price}, "kg": {"price": price}},
        }  # fmt: skip
    found[RecordKey("count_policy", "main")] = {
        "id": "main", "max_value": LARGE, "currency": "CNY", "price_list": "retail@3",
    }  # fmt: skip
    return found


def iso(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def drawn_time(pick: Random) -> int:
    """Coarse, so that things happen at the very same moment, too."""
    return START + pick.randrange(DAYS * 4) * 6 * HOUR


def arrival_of(at: int) -> int:
    """Up to 30 days late, as it happens."""
    return at + at // HOUR % (LATE * 24) * HOUR


def movement(
    world: World, document: str, at: int, legs: tuple[Posting, ...], costs: dict[str, int] | None = None
) -> None:
    """Goods move by a document of no kind; whoever read the book there is decided again."""
    costed = {"moved": costs} if costs else {}
    decision = Decision("closed", posting_sets={"moved": legs}, times={"moved": at}, costs=costed)
    world.moved[document] = decision
    book = world.book
    book.books.learn({leg.key: 0 for leg in legs if not book.books.known(leg.key)})
    start = book.books.step
    book.books.post(document, decision.posting_sets, decision.times)
    book._settle(start)


def moves(pick: Random, document: str) -> list[Event]:
    """Sold, found in a corner, carried from one place to the other, or bought elsewhere at a cost."""
    at, item = drawn_time(pick), pick.choice(PRODUCTS)
    amount = pick.choice((500, 1000, 1000, 3000, 7000))
    source, target = pick.choice(
        [
            (pick.choice(PLACES), "customer"),
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
    """One or two products, tallied by one or two devices at different times."""
    location = pick.choice(PLACES)
    tallies: dict[str, Any] = {}
    latest: dict[str, int] = {}
    found: dict[str, int] = {}
    for number in range(pick.randrange(1, 5)):
        product, at = pick.choice(PRODUCTS), drawn_time(pick)
        quantity = pick.choice((0, 1000, 1000, 2500, 12_000))
        device = pick.choice(("a", "b")) * 16
        tallies[f"{device}.{number}"] = {
            "product": product, "quantity": format_quantity(quantity), "counted_at": iso(at),
        }  # fmt: skip
        latest[product] = max(latest.get(product, 0), at)
        found[product] = found.get(product, 0) + quantity
    arrived = arrival_of(max(latest.values()))
    content = {
        "kind": "stock_count", "schema": 1, "number": document, "location": location, "stage": "closed",
        "created_at": iso(min(latest.values())), "tallies": tallies,
    }  # fmt: skip
    clocks = {device * 16: Clock(0, arrived) for device in "ab"}

    def arrives(world: World) -> None:
        world.book.push(document, content, clocks=clocks, received_at=arrived)

    says: list[Moved | Saw] = [Saw(at, document, location, product, found[product]) for product, at in latest.items()]
    return [Event(document, arrives, says)]


def receipts(pick: Random, document: str) -> list[Event]:
    """Back-dated receipts of headquarters' warehouse; some are taken back."""
    at, item = drawn_time(pick), pick.choice(PRODUCTS)
    amount = pick.choice((1000, 12_000, 40_000))
    params = {"lines": {item: format_quantity(amount)}, "received_on": iso(at)[:10]}
    if pick.random() < 0.6:
        params["costs"] = {item: pick.randrange(100, 100_000)}
    reversed_ = pick.random() < 0.3

    def arrives(world: World) -> None:
        book = world.book
        if document in book.entries:
            return  # the command's key is known
        assert isinstance(book.create(document, "stock_receipt", params), Decision)
        if reversed_:
            book.command(document, "reverse", {"reason": "typed twice"})

    return [Event(document, arrives, [])]


def orders(pick: Random, document: str) -> list[Event]:
    """Ordered, sent on a day; received by the dealer, who says when, or delivered when headquarters says so."""
    at, item = drawn_time(pick), "chai"
    sent, came = pick.choice((1, 5)), drawn_time(pick)
    line = {"position": 0, "product": item, "quantity": str(sent), "unit": "pcs", "price": 1000}
    content = patched(base("order")["document"], {"number": document, "captured_at": iso(at), "created_at": iso(at)}) | {
        "lines": {"l1": line}, "signature": None,
    }  # fmt: skip
    by_dealer = pick.random() < 0.7

    def ordered(world: World) -> None:
        book = world.book
        fresh = document not in book.entries
        book.push(document, content, received_at=arrival_of(at))
        if fresh:
            shipped = book.command(document, "ship", {"lines": {"l1": str(sent)}, "shipped_on": iso(at)[:10]})
            assert isinstance(shipped, Decision), shipped
        if fresh and not by_dealer:
            delivered = book.command(document, "deliver", {"shipment": f"{document}-S1"})
            assert isinstance(delivered, Decision), delivered

    if not by_dealer:
        return [Event(document, ordered, [Moved(END, document, "dealer:alfki", item, sent * 1000)])]
    receipt = {
        "kind": "goods_receipt", "schema": 1, "number": f"{document}-R", "dealer": "alfki", "shipment": f"{document}-S1",
        "stage": "confirmed", "created_at": iso(came), "received_at": iso(came),
        "lines": {"a": {"line": "l1", "product": item, "unit": "pcs", "received": str(sent)}},
    }  # fmt: skip

    def received(world: World) -> None:
        world.book.push(f"{document}-R", receipt, received_at=arrival_of(came))

    says: list[Moved | Saw] = [Moved(came, f"{document}-R", "dealer:alfki", item, sent * 1000)]
    return [Event(document, ordered, []), Event(f"{document}-R", received, says)]


def sales(pick: Random, document: str) -> list[Event]:
    """Sold to an end customer, from the store or a place of it; some are cancelled."""
    at, item = drawn_time(pick), pick.choice(PRODUCTS)
    location, pieces = pick.choice(("dealer:alfki", "dealer:alfki:cold")), pick.choice((1, 3))
    unit = "pcs" if item == "chai" else records()[RecordKey("product", item)]["base_unit"]
    line = {"position": 1, "product": item, "quantity": str(pieces), "unit": unit, "price": 1130}
    cancelled = pick.random() < 0.2
    content = base("sale")["document"] | {
        "number": document, "location": location, "created_at": iso(at), "captured_at": iso(at), "payments": {},
        "lines": {"l1": line}, "stage": "cancelled" if cancelled else "done",
    }  # fmt: skip

    def arrives(world: World) -> None:
        world.book.push(document, content, received_at=arrival_of(at))

    says: list[Moved | Saw] = [] if cancelled else [Moved(at, document, location, item, -pieces * 1000)]
    return [Event(document, arrives, says)]


SOURCES: tuple[Callable[[Random, str], list[Event]], ...] = (counts, counts, moves, moves, sales, receipts, orders)


def history(pick: Random, length: int) -> list[Event]:
    """At least so many events."""
    events: list[Event] = []
    while len(events) < length:
        events += pick.choice(SOURCES)(pick, f"d{pick.randrange(10**6):06}-{len(events)}")
    return events


def played(events: Sequence[Event], check: bool = True, check_sums: bool = False) -> World:
    world = World(check)
    for event in events:
        world.receive(event)
        if check_sums:
            world.check_sums()
    return world
