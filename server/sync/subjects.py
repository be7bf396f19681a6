"""What is decided in one transaction: documents on their way to a decision, and the decisions that were made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from server.domain.decision import Decision, Posting, RecordWrite
from server.domain.facts import Clock, Command, RecordKey

from .books import Leg, Sets, Times


class Subject(msgspec.Struct, kw_only=True):
    """A document that is to be decided."""

    id: str
    kind: str
    scope: str
    content: dict[str, Any]
    conflicts: tuple[str, ...]
    heads: list[str]
    changes: int
    received_at: int
    clock_offset: int
    arrived: int | None
    """None: it is new in this transaction."""
    cause: str
    command: Command | None = None
    """The command that this transaction adds, for the decision that follows it."""
    clocks: dict[str, Clock] = {}
    """Of the device that brings changes in this transaction."""
    moment: int | None = None
    """The first moment that it reads the stock ledger at, where it waits for what happened before."""


class Ruled(msgspec.Struct, kw_only=True):
    """A decision of this transaction. `body` and `facts` are JSON as they are stored."""

    subject: Subject
    decision: Decision
    body: str
    facts: str
    row: dict[str, Any]
    legs: list[Leg]
    cause: str
    after: Ruled | None
    """The decision whose postings moved a balance that this document waited for."""
    told: bool
    """Do verdict or reasons differ from the decision before? Then its notices are sent."""
    gone: tuple[RecordWrite, ...] = ()
    """The end of records that the decision before published, and this one does not name."""


class Before(msgspec.Struct):
    """The decision that stood before, as it is stored; it is only taken apart when it must be compared."""

    body: str
    heads: list[str]

    def records(self) -> dict[RecordKey, RecordWrite]:
        """What it published."""
        if '"records":' not in self.body:
            return {}
        written = msgspec.convert(msgspec.json.decode(self.body).get("records", ()), tuple[RecordWrite, ...])
        return {RecordKey(each.kind, each.key): each for each in written}

    def same(self, other: Before) -> bool:
        """But for the notices: those depend on what stood before, and would differ each time."""
        if self.heads != other.heads:
            return False
        return self.body == other.body or self._but("notices") == other._but("notices")

    def says_the_same(self, other: Before) -> bool:
        mine, others = msgspec.json.decode(self.body), msgspec.json.decode(other.body)
        return all(mine.get(name) == others.get(name) for name in ("verdict", "reasons"))

    def _but(self, name: str) -> dict[str, Any]:
        content: dict[str, Any] = msgspec.json.decode(self.body)
        content.pop(name, None)
        return content


def subject_of(row: Mapping[str, Any], cause: str) -> Subject:
    """A stored document, as `documents_whole` reads it."""
    return Subject(
        id=row["id"],
        kind=row["kind"],
        scope=row["scope"],
        content=msgspec.json.decode(row["content"]),
        conflicts=conflict_paths(msgspec.json.decode(row["conflicts"])),
        heads=msgspec.json.decode(row["heads"]),
        changes=row["changes"],
        received_at=row["received_at"],
        clock_offset=row["clock_offset"],
        arrived=row["arrived"],
        cause=cause,
    )


def conflict_paths(conflicts: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(conflict["path"] for conflict in conflicts)


def command_of(row: Mapping[str, Any]) -> Command:
    return Command(row["id"], row["name"], msgspec.json.decode(row["params"]), row["by"], row["at"])


def above_of(key: RecordKey) -> list[RecordKey]:
    """The keys that a record lies below: of ``a/b/c`` those are ``a`` and ``a/b``."""
    parts = key.key.split("/")
    return [RecordKey(key.kind, "/".join(parts[:number])) for number in range(1, len(parts))]


def standing_times(rows: Iterable[Mapping[str, Any]]) -> dict[str, Times]:
    """Rows of `ledger.standing` as the times of the sets that have one, by document."""
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        if row["happened_at"] is not None:
            found.setdefault(row["document"], {})[row["posting_set"]] = row["happened_at"]
    return dict(found)


def standing_sets(rows: Iterable[Mapping[str, Any]]) -> dict[str, Sets]:
    """Rows of `ledger.standing` as posting sets by document."""
    found: dict[str, dict[str, list[Posting]]] = {}
    for row in rows:
        posting = Posting(row["ledger"], row["account"], row["item"], row["amount"])
        found.setdefault(row["document"], {}).setdefault(row["posting_set"], []).append(posting)
    return {name: {key: tuple(legs) for key, legs in sets.items()} for name, sets in found.items()}
