"""Goods fold by the time they moved: whatever arrives in whatever order, twice or late, ends in the same stock and the same value.

`DAYBOOK_LONG=1` plays 10,000 histories; see `goods_sources.py` for where they come from.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator
from itertools import permutations
from random import Random
from typing import Any

import pytest

from server.domain.costing import METHODS
from server.domain.decision import Decision
from server.domain.ledger import move
from tests.figures import tell

from .goods import DAY, HOUR, LARGE, OPENING, PLACES, START, Event, Saw, World, iso, movement, played
from .goods_sources import history

LONG = bool(os.environ.get("DAYBOOK_LONG"))
HISTORIES = 10_000 if LONG else 120
PRICES = {"chai": 1000, "tofu": 2000}


def reckoned(events: list[Event]) -> dict[tuple[str, str], tuple[int, list[tuple[str, int]]]]:
    """Place and product -> what lies there in the end and each difference of a count, worked out from the events alone: they are put
    in their order, and a count sets the stock to what was seen, unless that is too large a difference."""
    stock: dict[tuple[str, str], tuple[int, list[tuple[str, int]]]] = {}
    for said in sorted((said for event in events for said in event.says), key=lambda each: (each.at, each.document)):
        opening = OPENING if said.account in PLACES else 0
        there, found = stock.setdefault((said.account, said.item), (opening, []))
        if isinstance(said, Saw):
            difference = said.quantity - there
            held = abs(difference) * PRICES[said.item] > LARGE * 1000
            found.append((said.document, difference))
            there = there if held else said.quantity
        else:
            there += said.amount
        stock[said.account, said.item] = (there, found)
    return stock


def check_against(events: list[Event], world: World) -> None:
    for (account, item), (there, differences) in reckoned(events).items():
        if not account.startswith(("dealer:", "van:")):
            continue
        assert world.at(account, item, START + 400 * DAY) == there
        for document, difference in differences:
            figures = world.counts()[document][2]
            told = figures["differences"].get(item)
            assert (int(float(told["difference"]) * 1000) if told else 0) == difference


def results(world: World) -> dict[str, Any]:
    """All that must not depend on the order of arrival."""
    return {
        "stock": world.stock(),
        "balances": world.balances(),
        "documents": world.told("stock_count", "sale", "goods_return", "service_visit"),
        **{name: world.value(step) for name, step in METHODS.items()},
    }


def orders_of(pick: Random, events: list[Event], whole: bool) -> list[list[Event]]:
    """Every order; or some, in which about half of the events arrive twice."""
    if whole:
        return [list(order) for order in permutations(events)]
    twice = [[*events, *pick.sample(events, len(events) // 2)] for _ in range(4)]
    return [pick.sample(each, len(each)) for each in twice]


@pytest.fixture(scope="module")
def tally() -> Iterator[Counter[str]]:
    """Of what was played; the long run tells it."""
    begun, played = time.perf_counter(), Counter[str]()
    yield played
    if LONG:
        taken = time.perf_counter() - begun
        tell(f"{', '.join(f'{number:,} {name}' for name, number in played.items())} in {taken:.0f} s")


@pytest.mark.rule("C4")
@pytest.mark.parametrize("batch", range(10))
def test_any_order_of_arrival_ends_alike(batch: int, tally: Counter[str]) -> None:
    for seed in range(batch, HISTORIES, 10):
        print(seed, end=" ")  # the last one is that of the failure
        pick = Random(seed)
        whole = seed % 4 == 0
        events = history(pick, 4, 4) if whole else history(pick, pick.randrange(5, 11))
        check = seed % 7 == 0
        world = played(events, check)
        found = results(world)
        check_against(events, world)
        assert world.replayed() == [], seed
        orders = orders_of(pick, events, whole)
        for order in orders:
            assert results(played(order, check)) == found, seed
        tally.update(
            {"histories": 1, "orders of arrival": 1 + len(orders), "arrivals": len(events) + sum(map(len, orders))}
        )


def counted(world: World, document: str, at: int, quantity: str, device: str = "a", **more: object) -> Decision:
    tally = {"product": "chai", "quantity": quantity, "counted_at": iso(at)}
    content = {
        "kind": "stock_count", "schema": 1, "number": document, "location": "dealer:alfki", "stage": "closed",
        "created_at": iso(at), "tallies": {f"{device * 16}.1": tally}, **more,
    }  # fmt: skip
    return world.book.push(document, content)


def moved(world: World, document: str, at: int, pieces: int) -> None:
    legs = move("stock", "supplier", "dealer:alfki", "chai", pieces * 1000)
    movement(world, document, at, legs)


@pytest.fixture
def world() -> World:
    world = World()
    world.book.now = START + 50 * DAY
    return world


NOON = START + 12 * HOUR


@pytest.mark.rule("C4")
@pytest.mark.parametrize("pieces", [1, -1, 5])
def test_a_count_of_one_with_a_late_movement_on_either_side_stays_one(world: World, pieces: int) -> None:
    counted(world, "c1", NOON, "1")
    moved(world, "before", NOON - HOUR, pieces)
    assert world.at("dealer:alfki", "chai", NOON) == 1000
    moved(world, "after", NOON + HOUR, pieces)
    assert world.at("dealer:alfki", "chai", NOON) == 1000
    assert world.at("dealer:alfki", "chai", NOON + HOUR) == 1000 + pieces * 1000
    world.check_sums()


@pytest.mark.rule("C4")
@pytest.mark.parametrize("order", list(permutations(["first", "second", "late"])))
def test_two_counts_of_one_product_by_two_people_at_different_times(world: World, order: tuple[str, ...]) -> None:
    """The later one is not disturbed by what happened before the earlier one; each is right at its own time."""
    acts = {
        "first": lambda: counted(world, "c1", NOON, "8"),
        "second": lambda: counted(world, "c2", NOON + 3 * HOUR, "5", "b"),
        "late": lambda: moved(world, "m1", NOON - HOUR, 10),
    }
    for name in order:
        acts[name]()
    assert world.at("dealer:alfki", "chai", NOON) == 8000
    assert world.at("dealer:alfki", "chai", NOON + 3 * HOUR) == 5000
    figures = {name: told[2]["differences"]["chai"]["difference"] for name, told in world.counts().items()}
    assert figures == {"c1": "-2", "c2": "-3"}


@pytest.mark.rule("C4")
def test_a_movement_between_count_and_upload(world: World) -> None:
    """Sold after the count, known before it arrives: the count does not bring the piece back."""
    moved(world, "stock", NOON - DAY, 10)
    moved(world, "sale", NOON + HOUR, -1)
    decision = counted(world, "c1", NOON, "10")
    assert decision.reasons[-1].code == "count_confirmed"
    assert world.at("dealer:alfki", "chai", NOON + DAY) == 9000


@pytest.mark.rule("R3")
@pytest.mark.rule("C4")
def test_the_cancelling_of_a_back_dated_receipt(world: World) -> None:
    """It is gone at every moment, its value with it, and the count that it explained is a difference again."""
    before = world.stock()
    params = {"lines": {"chai": "10"}, "costs": {"chai": 700}, "received_on": iso(NOON)[:10]}
    world.book.create("r1", "stock_receipt", params)
    assert world.stock() != before
    world.book.command("r1", "reverse", {"reason": "never came"})
    assert world.stock() == before
    for step in METHODS.values():
        assert sum(value for _, _, _, value, _ in world.value(step).get(("hq", "chai"), [])) == 0
    counted(world, "c1", NOON, "10")
    moved(world, "late", NOON - HOUR, 10)
    assert world.counts()["c1"][2]["confirmed"] == ["chai"]
    movement(world, "late", NOON - HOUR, ())
    assert world.counts()["c1"][2]["differences"]["chai"]["difference"] == "10"
    world.check_sums()
