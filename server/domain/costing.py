"""What stock is worth: a fold over what came and went, in the order in which it happened. Two methods, one face.

`step(state, quantity, cost)` answers the state after an entry and what the entry adds to the value of the stock. Quantities are
thousandths, money is minor units; a unit cost is never rounded, only what is posted. Stock below nothing is allowed: what was sold
before its receipt was known goes out at the last cost, and the receipt makes good the difference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from .money import round_half_up


class State(msgspec.Struct, frozen=True, array_like=True):
    """`layers` are (quantity, value), the oldest first: one for the moving average, several for FIFO. `last` is the cost of the
    newest goods as (value, quantity), for what goes out when there is nothing."""

    layers: tuple[tuple[int, int], ...] = ()
    last: tuple[int, int] = (0, 1)

    @property
    def quantity(self) -> int:
        return sum(quantity for quantity, _ in self.layers)

    @property
    def value(self) -> int:
        return sum(value for _, value in self.layers)


Step = Callable[[State, int, int | None], tuple[State, int]]


class Entry(msgspec.Struct, frozen=True):
    """What one posting set did to an owner's stock of one item. Entries are folded in the order of their `place`."""

    happened_at: int
    document: str
    posting_set: str
    quantity: int
    cost: int | None = None
    """For goods that came in: what the whole quantity cost, where it is known."""

    @property
    def place(self) -> tuple[int, str, str]:
        return self.happened_at, self.document, self.posting_set


def moving_average(state: State, quantity: int, cost: int | None) -> tuple[State, int]:
    return _stepped(state, quantity, cost, merged=True)


def first_in_first_out(state: State, quantity: int, cost: int | None) -> tuple[State, int]:
    return _stepped(state, quantity, cost, merged=False)


def _stepped(state: State, quantity: int, cost: int | None, merged: bool) -> tuple[State, int]:
    before = state.value
    if quantity > 0:
        cost = _at(state, quantity) if cost is None else cost
        last = (cost, quantity)
        missing = -state.quantity
        if missing > 0:
            # The goods that were missing are these: they cost what these cost.
            rest = quantity - missing
            layers: tuple[tuple[int, int], ...] = ((rest, round_half_up(cost * rest, quantity)),) if rest else ()
        elif merged and state.layers:
            layers = ((state.quantity + quantity, before + cost),)
        else:
            layers = (*state.layers, (quantity, cost))
        after = State(layers, last if missing > 0 or not merged else _unit(layers, last))
    else:
        after = _taken(state, -quantity)
    return after, after.value - before


def _taken(state: State, quantity: int) -> State:
    """The oldest goods leave first; beyond what there is, at the last cost."""
    last = state.last
    layers = list(state.layers)
    while quantity and layers and layers[0][0] > 0:
        there, value = layers[0]
        last = (value, there)
        if quantity < there:
            layers[0] = (there - quantity, value - round_half_up(value * quantity, there))
            return State(tuple(layers), last)
        quantity -= there
        layers.pop(0)
    if quantity:
        missing, value = layers[0] if layers else (0, 0)
        layers = [(missing - quantity, value - round_half_up(last[0] * quantity, last[1]))]
    return State(tuple(layers), last)


def _at(state: State, quantity: int) -> int:
    """What so much is worth at what the others are worth."""
    value, there = (state.value, state.quantity) if state.quantity > 0 else state.last
    return round_half_up(value * quantity, there)


def _unit(layers: tuple[tuple[int, int], ...], last: tuple[int, int]) -> tuple[int, int]:
    return (layers[0][1], layers[0][0]) if layers and layers[0][0] > 0 else last


METHODS: dict[str, Step] = {"average": moving_average, "fifo": first_in_first_out}


def fold(step: Step, state: State, entries: Iterable[Entry]) -> list[tuple[int, State]]:
    """(what it adds to the value, the state after it) for each entry, which are in order."""
    found = []
    for entry in entries:
        state, value = step(state, entry.quantity, entry.cost)
        found.append((value, state))
    return found
