"""What headquarters said of a count: which quantities it accepted, and which products it asked to have counted again."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from ...facts import Command
from .tallies import Counted

Seen = tuple[int, int]
"""Quantity and latest tally, by the devices' clocks: what was looked at. Another tally is another matter."""


def seen(counted: Counted) -> Seen:
    return counted.quantity, counted.said_at


class Said(msgspec.Struct):
    by: str
    note: str
    seen: dict[str, Seen]


class History(msgspec.Struct):
    accepted: dict[str, Said] = {}
    asked: dict[str, Said] = {}

    def accepts(self, product: str, counted: Counted) -> bool:
        said = self.accepted.get(product)
        return said is not None and said.seen[product] == seen(counted)

    def recount_open(self, product: str, counted: Counted) -> bool:
        """It was asked for, and nobody has counted since."""
        said = self.asked.get(product)
        return said is not None and said.seen[product] == seen(counted)


def fold(commands: Iterable[Command]) -> History:
    """The later word counts, product by product."""
    history = History({}, {})
    for command in commands:
        if command.name not in ("accept", "ask_recount"):
            continue
        looked_at = {product: (quantity, at) for product, (quantity, at) in command.params["seen"].items()}
        said = Said(command.by, command.params.get("note", ""), looked_at)
        now, before = (
            (history.accepted, history.asked) if command.name == "accept" else (history.asked, history.accepted)
        )
        for product in looked_at:
            now[product] = said
            before.pop(product, None)
    return history
