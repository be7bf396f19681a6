"""What stock is worth: moving average and first in first out, below nothing, and late receipts."""

from __future__ import annotations

from random import Random

import pytest

from server.domain.costing import METHODS, Entry, State, first_in_first_out, fold, moving_average

PIECE = 1000
"""Thousandths."""


def values(method: str, *steps: tuple[int, int | None]) -> list[int]:
    """What each of (pieces, cost) adds to the value."""
    entries = [Entry(at, "d", str(at), pieces * PIECE, cost) for at, (pieces, cost) in enumerate(steps)]
    return [value for value, _ in fold(METHODS[method], State(), entries)]


def test_moving_average() -> None:
    assert values("average", (10, 1000), (10, 2000), (-5, None)) == [1000, 2000, -750]


def test_first_in_first_out() -> None:
    assert values("fifo", (10, 1000), (10, 2000), (-5, None), (-10, None)) == [1000, 2000, -500, -1500]


@pytest.mark.parametrize("method", METHODS)
def test_all_that_came_in_has_gone_out(method: str) -> None:
    """Rounding leaves nothing behind: three pieces of 100 together are 33, 34 and 33 of it, whichever way they leave."""
    moved = values(method, (3, 100), (-1, None), (-1, None), (-1, None))
    assert moved[0] == 100
    assert sum(moved) == 0


@pytest.mark.parametrize("method", METHODS)
def test_goods_without_a_cost_are_worth_what_the_others_are(method: str) -> None:
    assert values(method, (10, 1000), (5, None), (-15, None)) == [1000, 500, -1500]
    assert values(method, (10, 1000), (-10, None), (5, None)) == [1000, -1000, 500], (
        "at the last cost, where nothing is left"
    )
    assert values(method, (5, None), (-5, None)) == [0, 0], (
        "the first goods of all, of which nobody said what they cost"
    )


@pytest.mark.parametrize("method", METHODS)
def test_below_nothing_goes_out_at_the_last_cost_and_the_receipt_makes_good(method: str) -> None:
    """Sold before the receipt was known: at 100 a piece, then it turns out that they cost 120."""
    moved = values(method, (10, 1000), (-12, None), (10, 1200))
    assert moved == [1000, -1200, 1160]
    assert sum(moved) == 8 * 120, "eight pieces are left, at what they cost"


@pytest.mark.parametrize("method", METHODS)
def test_below_nothing_to_exactly_nothing(method: str) -> None:
    assert values(method, (-4, None), (4, 500)) == [0, 0]
    assert values(method, (2, 200), (-4, None), (1, 130), (1, 130)) == [200, -400, 100 - 30, 130]


def test_fifo_takes_layers_apart() -> None:
    state = State()
    for pieces, cost in ((2, 200), (2, 300), (-3, None)):
        state, _ = first_in_first_out(state, pieces * PIECE, cost)
    assert state.layers == ((PIECE, 150),)
    assert (state.quantity, state.value) == (PIECE, 150)


def test_average_keeps_one_layer() -> None:
    state = State()
    for pieces, cost in ((2, 200), (2, 300), (-1, None)):
        state, _ = moving_average(state, pieces * PIECE, cost)
    assert state.layers == ((3 * PIECE, 375),)


@pytest.mark.parametrize("method", METHODS)
def test_a_late_receipt_changes_the_cost_of_what_was_sold_after_it(method: str) -> None:
    """Folded anew with the receipt in its place; what differs is what is posted."""
    before = values(method, (10, 1000), (-5, None))
    after = values(method, (10, 1000), (10, 3000), (-5, None), (-15, None))
    assert before[1] == -500
    assert after[2] == (-1000 if method == "average" else -500)
    assert sum(after) == 0


@pytest.mark.parametrize("method", METHODS)
def test_whatever_happens_the_state_holds_together(method: str) -> None:
    """The value that is posted is the value that is there; nothing there is worth nothing; layers are all on one side."""
    for seed in range(300):
        pick = Random(seed)
        state, posted = State(), 0
        for _ in range(30):
            quantity = pick.choice((-1, 1)) * pick.choice((1, 500, 1000, 3333, 10_000))
            cost = pick.choice((None, pick.randrange(5000))) if quantity > 0 else None
            before = state.quantity
            state, value = METHODS[method](state, quantity, cost)
            posted += value
            assert state.quantity == before + quantity
            assert state.value == posted
            assert {layer[0] > 0 for layer in state.layers} in ({True}, {False}, set())
            if not state.quantity:
                assert state.value == 0
            if method == "average" or state.quantity < 0:
                assert len(state.layers) <= 1
