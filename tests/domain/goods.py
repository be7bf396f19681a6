"""A history of goods: events that may arrive in any order, and the world that they arrive in.

An event knows how to arrive in a book, and what it says of the world by itself, in the order of time: what moved, and what was
seen. Where events come from is in `goods_sources.py`.
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
from server.domain.facts import RecordKey
from server.domain.ledger import move
from server.sync.valuation import folded

from .book import Book, netted_sets
from .cases import FOLDER

HOUR = 3_600_000
DAY = 24 * HOUR
START = 1_772_323_200_000  # 2026-03-01
DAYS, LATE = 40, 30
END = START + 90 * DAY
"""When everything is decided: a history is told afterwards, in any order."""
PRODUCTS = ("chai", "tofu")
PLACES = ("dealer:alfki", "dealer:alfki:cold", "dealer:berga", "van:tech-1")
OPENING = 2_000
"""So much of each product lies at each of the places before a history begins: some of what is sold is there, some is not."""
OPENED = tuple(leg for item in PRODUCTS for place in PLACES for leg in move("stock", "supplier", place, item, OPENING))
LARGE = 9_000
"""Minor units that the policy lets pass."""
BY_COMMAND = ("shipment:", "delivery:", "received:", "rejected:")
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


Versions = Sequence[dict[str, Any]]
"""A document's content as it was written first, and after each correction."""


class World:
    """A book, the decisions of what moved without a document of a kind, and what headquarters is about to do."""

    def __init__(self, check: bool = True) -> None:
        self.book = Book(records(), END, check)
        self.moved: dict[str, Decision] = {}
        self.newest: dict[str, int] = {}
        """Document -> the newest of its versions that has arrived."""
        self.acts: dict[str, Callable[[World], bool] | None] = {}
        """By name; None: it is done."""
        for product in PRODUCTS:
            for account, amount in (("warehouse:main", 10**6), ("supplier", -(10**6))):
                self.book.books.learn({BalanceKey("stock", account, product): amount})

    def receive(self, event: Event) -> None:
        event.arrives(self)
        for name, act in self.acts.items():
            if act is not None and act(self):
                self.acts[name] = None

    def arrive(self, document: str, versions: Versions, number: int, **about: Any) -> None:
        """A device's change of a document. It brings those that it builds on, so that an older one that comes later is known."""
        self.newest[document] = newest = max(number, self.newest.get(document, 0))
        self.book.push(document, versions[newest], **about)

    def complete(self, document: str, versions: Versions) -> bool:
        """Has everything arrived that its devices ever say?"""
        return self.newest.get(document, -1) == len(versions) - 1

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

    def balances(self) -> dict[BalanceKey, int]:
        return {key: amount for key, amount in self.book.balances.items() if amount}

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
        return self.told("stock_count")

    def told(self, *kinds: str) -> dict[str, Any]:
        return {
            name: (entry.decision.verdict, entry.decision.reasons, entry.decision.figures)
            for name, entry in self.book.entries.items()
            if entry.kind.name in kinds and entry.decision is not None
        }

    def replayed(self) -> list[str]:
        """The documents of which something else would stand if they were decided now."""
        book = self.book
        return [
            name
            for name, entry in book.entries.items()
            if netted_sets(again := entry.kind.decide(entry.model, book.facts(name))) != book.books.standing_of(name)
            or again.times != book.books.times_of(name)
        ]


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
    found[RecordKey("technician", "tech-1")] = {"id": "tech-1", "name": "Wu Gang", "dealers": ["alfki", "berga"]}
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


def documents(document: str, versions: Versions, at: int, says: list[Moved | Saw], **about: Any) -> list[Event]:
    """The device's changes of a document that says when it happened; each may come before the other, and twice."""
    about = {"received_at": arrival_of(at)} | about

    def arrival(number: int) -> Callable[[World], None]:
        return lambda world: world.arrive(document, versions, number, **about)

    return [Event(document, arrival(number), [] if number else says) for number in range(len(versions))]


def acting(name: str, act: Callable[[World], bool]) -> Event:
    """Headquarters wants something done, and does it once that is possible: then `act` answers True."""

    def arrives(world: World) -> None:
        world.acts.setdefault(name, act)

    return Event(name, arrives, [])


def commanded(world: World, document: str, name: str, params: dict[str, Any]) -> None:
    decision = world.book.command(document, name, params)
    assert isinstance(decision, Decision), decision


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


def played(events: Sequence[Event], check: bool = True) -> World:
    """The ledgers sum to zero at each step."""
    world = World(check)
    movement(world, "opening", START - DAY, OPENED, dict.fromkeys(PRODUCTS, len(PLACES) * OPENING))
    for event in events:
        world.receive(event)
        world.check_sums()
    return world
