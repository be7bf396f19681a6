"""What headquarters did to a return, folded from its commands."""

from __future__ import annotations

import msgspec

from ...facts import Command


class Arrived(msgspec.Struct):
    """Of one line: thousandths of the base unit."""

    product: str
    origin: str
    good: int = 0
    scrapped: int = 0

    @property
    def base(self) -> int:
        return self.good + self.scrapped


class Act(msgspec.Struct):
    """A `receive`, or a `reject` (whose amounts go back)."""

    id: str
    at: int
    by: str
    reason: str
    lines: dict[str, Arrived]


class CreditedLine(msgspec.Struct):
    base: int
    net: int
    tax: int


class Credit(msgspec.Struct):
    id: str
    number: int
    at: int
    lines: dict[str, CreditedLine]

    @property
    def net(self) -> int:
        return sum(line.net for line in self.lines.values())

    @property
    def tax(self) -> int:
        return sum(line.tax for line in self.lines.values())


class History(msgspec.Struct):
    approved: Command | None = None
    received: list[Act] = []
    rejected: list[Act] = []
    credits: list[Credit] = []

    @property
    def settled(self) -> bool:
        return bool(self.received or self.rejected or self.credits)

    def arrived(self, line: str) -> int:
        return sum(act.lines[line].base for act in self.received if line in act.lines)

    def gone_back(self, line: str) -> int:
        return sum(act.lines[line].base for act in self.rejected if line in act.lines)

    def credited(self, line: str) -> CreditedLine:
        parts = [credit.lines[line] for credit in self.credits if line in credit.lines]
        return CreditedLine(sum(p.base for p in parts), sum(p.net for p in parts), sum(p.tax for p in parts))


def fold(commands: tuple[Command, ...]) -> History:
    history = History()
    for command in commands:
        params = command.params
        if command.name == "let_through":
            history.approved = command
        elif command.name == "credit":
            lines = msgspec.convert(params["credited"], dict[str, CreditedLine])
            history.credits.append(Credit(command.id, len(history.credits) + 1, command.at, lines))
        else:
            moved = msgspec.convert(params["moved"], dict[str, Arrived])
            acts = history.received if command.name == "receive" else history.rejected
            acts.append(Act(command.id, command.at, command.by, params.get("reason", ""), moved))
    return history
