"""Decide the documents of one transaction, in order of arrival, with all their facts looked up in a few queries.

All facts are loaded first, for all documents at once; then the documents are decided one after the other on balances in memory, so
that each sees what the one before it took. Documents that wait for a balance which moved are decided again, until
nothing moves any more or `ROUNDS` are over (then the next movement will come to them).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from server.domain.decision import BalanceKey, Decision, Posting, Reason
from server.domain.facts import Capture, Command, FactRequests, Facts, RecordKey
from server.domain.kind import Kind
from server.store import commands, ledger, log, records
from server.store.transaction import Transaction

from . import ruling
from .books import Books, Leg, Sets

ROUNDS = 6
BREATH = 64
"""Documents between two looks at what else the server has to do."""
journal = logging.getLogger(__name__)
Kinds = Mapping[str, Kind]


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


class Before(msgspec.Struct):
    """The decision that stood before, as it is stored; it is only taken apart when it must be compared."""

    body: str
    heads: list[str]

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


class Session:
    """The decisions of one transaction."""

    def __init__(self, tx: Transaction, kinds: Kinds, now: int) -> None:
        self.tx = tx
        self.kinds = kinds
        self.now = now
        self.books = Books()
        self.ruled: list[Ruled] = []
        """Every decision that is to be stored, in order."""
        self.latest: dict[str, tuple[Subject, Decision, int]] = {}
        """Document -> what was decided last here, stored or not, and at which step of the books."""
        self.versions: dict[RecordKey, int] = {}
        self.bodies: dict[RecordKey, dict[str, Any]] = {}
        self._stored: dict[str, Ruled] = {}
        self._asked: set[RecordKey] = set()
        self._before: dict[str, Before] = {}
        self._commands: dict[str, list[Command]] = {}
        self._readings: dict[str, ruling.Reading] = {}
        self._requests: dict[str, FactRequests] = {}

    async def load(self, subjects: list[Subject]) -> None:
        """Look up everything that these documents' rules ask for: a fixed number of queries, however many they are."""
        subjects = [subject for subject in subjects if subject.id not in self._readings]
        if not subjects:
            return
        for subject in subjects:
            reading = ruling.read(self.kinds[subject.kind], subject.content)
            self._readings[subject.id] = reading
            self._requests[subject.id] = ruling.wanted(reading)
        await self.load_records(key for subject in subjects for key in self._requests[subject.id].records)
        for subject in subjects:
            first = self._requests[subject.id]
            known = {key: self.bodies[key] for key in first.records if key in self.bodies}
            more = ruling.wanted_more(self._readings[subject.id], known)
            if more.records or more.balances:
                self._requests[subject.id] = FactRequests(
                    tuple(dict.fromkeys(first.records + more.records)),
                    tuple(dict.fromkeys(first.balances + more.balances)),
                )
        await self.load_records(key for subject in subjects for key in self._requests[subject.id].records)
        keys = {key for subject in subjects for key in self._requests[subject.id].balances if not self.books.known(key)}
        if keys:
            found = await ledger.lock_balances(self.tx, [(key.ledger, key.account, key.item) for key in keys])
            self.books.learn({BalanceKey(*key): amount for key, amount in found.items()})  # type: ignore[arg-type]
        await self._load_past([s.id for s in subjects if s.arrived is not None and s.id not in self._before])

    def facts(self, subject: Subject) -> Facts:
        asked = self._requests[subject.id]
        done = self._commands.get(subject.id, [])
        return Facts(
            records={key: self.bodies[key] for key in asked.records if key in self.bodies},
            balances=self.books.without(subject.id, asked.balances),
            standing=self.books.standing_of(subject.id),
            commands=tuple(done if subject.command is None else [*done, subject.command]),
            capture=Capture(subject.received_at, self.now, subject.clock_offset),
            conflicts=subject.conflicts,
            document=subject.id,
        )

    def reading(self, subject: Subject) -> ruling.Reading:
        return self._readings[subject.id]

    def decide(self, subject: Subject, after: Ruled | None = None) -> Ruled | None:
        """Decide one document whose facts are loaded. None: it is as it was before, nothing is to be stored."""
        reading = self._readings[subject.id]
        facts = self.facts(subject)
        decision = ruling.rule(reading, subject.scope, facts)
        if not self.books.fits(decision.posting_sets):
            reason = Reason("posting_unsound", {"error": "balance"})
            decision = Decision("held", (reason,), posting_sets=dict(facts.standing))
        legs = self.books.post(subject.id, decision.posting_sets)
        body = msgspec.json.encode(decision).decode()
        now = Before(body, subject.heads)
        before = self._before.get(subject.id)
        self.latest[subject.id] = (subject, decision, self.books.step)
        if before is not None and before.same(now) and subject.command is None:
            return None
        self._before[subject.id] = now
        ruled = Ruled(
            subject=subject,
            decision=decision,
            body=body,
            facts=self._kept(subject, facts),
            row=ruling.row(reading, decision),
            legs=legs,
            cause=subject.cause,
            after=after,
            told=before is None or not before.says_the_same(now),
        )
        self.ruled.append(ruled)
        self._stored[subject.id] = ruled
        if subject.command is not None:
            self._commands.setdefault(subject.id, []).append(subject.command)
            subject.command = None
        return ruled

    async def decide_all(self, subjects: list[Subject], enter: Callable[[list[str]], Any]) -> None:
        """Load and decide these, then whoever waits for what they moved. `enter(scopes)` is awaited before documents of other
        scopes are touched, so that their counters are held first."""
        await self.load(subjects)
        for number, subject in enumerate(subjects, 1):
            self.decide(subject)
            if number % BREATH == 0:
                await asyncio.sleep(0)
        asked: set[BalanceKey] = set()
        for _ in range(ROUNDS):
            waiting = await self._waiting(self.books.moved() - asked, enter)
            asked |= self.books.moved()
            if not waiting:
                return
            await self.load(waiting)
            for subject in waiting:
                self.decide(subject, after=self._mover(subject))
        journal.warning("balances still move after %s rounds; the next movement decides again", ROUNDS)

    def _mover(self, subject: Subject) -> Ruled | None:
        """The decision that last moved a balance which this document's facts hold."""
        document = self.books.last_mover(self._requests[subject.id].balances, but=subject.id)
        return self._stored.get(document) if document else None

    async def _waiting(self, moved: set[BalanceKey], enter: Callable[[list[str]], Any]) -> list[Subject]:
        """Who is to be decided again, in order of arrival."""
        again = [
            subject
            for subject, decision, step in self.latest.values()
            if decision.waits and self.books.moved_since(step, decision.waits, subject.id)
        ]
        for subject in again:
            subject.cause = "balance"
        found: list[Subject] = []
        if moved:
            keys = [(key.ledger, key.account, key.item) for key in moved]
            names = [name for name in await ledger.waiting_for(self.tx, keys) if name not in self.latest]
            if names:
                found = await self._subjects(names, enter)
        return sorted(found + again, key=lambda subject: (subject.arrived is None, subject.arrived or 0))

    async def _subjects(self, names: list[str], enter: Callable[[list[str]], Any]) -> list[Subject]:
        states = await log.document_states(self.tx, names)
        await enter([row["scope"] for row in states])
        return [subject_of(row, "balance") for row in await log.documents_whole(self.tx, names)]

    async def load_records(self, keys: Iterable[RecordKey]) -> None:
        """The newest versions of these records, each asked for once."""
        new = {key for key in keys if key not in self._asked}
        if not new:
            return
        self._asked |= new
        for row in await records.newest(self.tx, [(key.kind, key.key) for key in new]):
            if row["body"] is not None:
                key = RecordKey(row["kind"], row["key"])
                self.bodies[key] = msgspec.json.decode(row["body"])
                self.versions[key] = row["version"]

    async def _load_past(self, documents: list[str]) -> None:
        """What was decided, done and posted before, for documents that exist."""
        if not documents:
            return
        for row in await ledger.last_decisions(self.tx, documents):
            self._before[row["document"]] = Before(row["body"], msgspec.json.decode(row["heads"]))
        for row in await commands.of_documents(self.tx, documents):
            self._commands.setdefault(row["document"], []).append(command_of(row))
        for name, sets in standing_sets(await ledger.standing(self.tx, documents)).items():
            self.books.stand(name, sets)

    def _kept(self, subject: Subject, facts: Facts) -> str:
        """The facts as they are stored with the decision: versions, not bodies."""
        kept = {
            "records": [[key.kind, key.key, self.versions[key]] for key in facts.records],
            "balances": [[key.ledger, key.account, key.item, amount] for key, amount in facts.balances.items()],
            "commands": len(facts.commands),
            "changes": subject.changes,
            "capture": facts.capture,
        }
        return msgspec.json.encode(kept).decode()


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


def standing_sets(rows: Iterable[Mapping[str, Any]]) -> dict[str, Sets]:
    """Rows of `ledger.standing` as posting sets by document."""
    found: dict[str, dict[str, list[Posting]]] = {}
    for row in rows:
        posting = Posting(row["ledger"], row["account"], row["item"], row["amount"])
        found.setdefault(row["document"], {}).setdefault(row["posting_set"], []).append(posting)
    return {name: {key: tuple(legs) for key, legs in sets.items()} for name, sets in found.items()}
