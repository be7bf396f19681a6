"""What headquarters settled of what differs, and what is open still: G7 to G9."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from ...facts import Command
from .matching import Matched


class Settled(msgspec.Struct):
    """Of one line, by one command: amounts in thousandths of the base unit, money in minor units."""

    outcome: str
    product: str
    unit: str
    factor: int
    short: int = 0
    damaged: int = 0
    surplus: int = 0
    net: int = 0
    tax: int = 0

    @property
    def amount(self) -> int:
        return self.short + self.damaged


class Settlement(msgspec.Struct):
    id: str
    number: int
    by: str
    at: int
    note: str
    lines: dict[str, Settled]


class Open(msgspec.Struct):
    """What differs and is not settled. Below zero: more was settled than differs now."""

    short: int = 0
    damaged: int = 0
    surplus: int = 0

    def __bool__(self) -> bool:
        return bool(self.short or self.damaged or self.surplus)


def settlements(commands: tuple[Command, ...]) -> list[Settlement]:
    done = [command for command in commands if command.name == "resolve"]
    return [
        Settlement(
            command.id,
            number,
            command.by,
            command.at,
            command.params["note"],
            msgspec.convert(command.params["settled"], dict[str, Settled]),
        )
        for number, command in enumerate(done, 1)
    ]


def dismissal(commands: tuple[Command, ...]) -> Command | None:
    return next((command for command in reversed(commands) if command.name == "dismiss"), None)


def open_lines(lines: Mapping[str, Matched], done: list[Settlement]) -> dict[str, Open]:
    """By line, only those where something is open."""
    found: dict[str, Open] = {}
    for key, line in lines.items():
        found[key] = Open(line.short, line.damaged, line.surplus)
    for settlement in done:
        for key, settled in settlement.lines.items():
            rest = found.setdefault(key, Open())
            rest.short -= settled.short
            rest.damaged -= settled.damaged
            rest.surplus -= settled.surplus
    return {key: rest for key, rest in found.items() if rest}


def credited(key: str, done: list[Settlement]) -> tuple[int, int, int]:
    """Of one line: the amount that was credited, net and tax."""
    parts = [s.lines[key] for s in done if key in s.lines and s.lines[key].outcome == "credit"]
    return sum(part.amount for part in parts), sum(part.net for part in parts), sum(part.tax for part in parts)


def worth(line: Matched, key: str, amount: int, done: list[Settlement]) -> dict[str, Any]:
    """Net and tax of so much more of a line: the difference of what is credited in all, so that roundings never add up."""
    before, net, tax = credited(key, done)
    whole = line.cost(before + amount)
    return {"net": whole[0] - net, "tax": whole[1] - tax}
