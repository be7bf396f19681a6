"""What one transaction knows of its documents: the facts that their rules ask for, and what its decisions published since.

All facts are loaded for all documents at once, in a fixed number of queries, however many they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import msgspec

from server.domain.decision import BalanceKey, Decision, RecordWrite
from server.domain.facts import Capture, Clock, Command, FactRequests, Facts, RecordKey
from server.domain.kind import Kind
from server.domain.master import MASTER
from server.store import commands, ledger, log, records
from server.store.transaction import Transaction

from . import ruling
from .books import Books, Movement, accounts_behind
from .subjects import Before, Subject, above_of, command_of, standing_sets, standing_times

Kinds = Mapping[str, Kind]
STEPS = 3
"""So far may a kind go from record to record: a machine, its product, the policy of the product's category."""
AS_PUBLISHED = 0
"""The version of a record that a decision published: it is what the decisions before made of it."""
REMEMBERED_BODIES = 8_192
"""Products and prices, some 8 MB of them."""
BOOKS_OF = {"stock": "books", "lot": "lots"}
"""Where the facts keep what was read of a ledger by time."""


class Asked(Mapping[RecordKey, dict[str, Any]]):
    """The records that a document asked for, of those that are known: most kinds look at one of them, so none is copied."""

    def __init__(self, bodies: Mapping[RecordKey, dict[str, Any]], asked: tuple[RecordKey, ...]) -> None:
        self._bodies = bodies
        self._asked = asked
        self._names = frozenset(asked)

    def __getitem__(self, key: RecordKey) -> dict[str, Any]:
        if key not in self._names:
            raise KeyError(key)
        return self._bodies[key]

    def __iter__(self) -> Iterator[RecordKey]:
        return (key for key in self._asked if key in self._bodies)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Known:
    def __init__(self, tx: Transaction, kinds: Kinds, now: int) -> None:
        self.tx = tx
        self.kinds = kinds
        self.now = now
        self.books = Books()
        self.bodies: dict[RecordKey, dict[str, Any]] = {}
        """The records that exist, of those that were asked for."""
        self.before: dict[str, Before] = {}
        """Document -> what was decided of it last."""
        self.requests: dict[str, FactRequests] = {}
        """Document -> all that its rules have asked for so far."""
        self.published: dict[RecordKey, tuple[int, str]] = {}
        """Records that changed in this transaction: at which step of the books, and by which document."""
        self._readings: dict[str, ruling.Reading] = {}
        self._versions: dict[RecordKey, int] = {}
        self._asked: set[RecordKey] = set()
        self._commands: dict[str, list[Command]] = {}
        self._clocks: dict[str, dict[str, Clock]] = {}
        self._below: dict[RecordKey, set[RecordKey]] = {}
        """Key -> the records below it, for those keys that were asked for."""

    async def load(self, subjects: list[Subject]) -> None:
        """Look up everything that these documents' rules ask for: a fixed number of queries, however many they are."""
        subjects = [subject for subject in subjects if subject.id not in self._readings]
        if not subjects:
            return
        for subject in subjects:
            reading = ruling.read(self.kinds[subject.kind], subject.content)
            self._readings[subject.id] = reading
            self.requests[subject.id] = ruling.wanted(reading, subject.id)
        await self.load_records(*(self.requests[subject.id].records for subject in subjects))
        for _ in range(STEPS):
            more = self._ask_more(subjects)
            if not more:
                break
            await self.load_records(more)
        await self._load_moments(subjects)
        asked = [self.requests[subject.id] for subject in subjects]
        await self.load_records(*(each.records for each in asked))
        await self._load_below({key for each in asked for key in each.below})
        since: dict[BalanceKey, int] = {}
        for book in (book for each in asked for book in each.books):
            for key in accounts_behind(book):
                since[key] = min(book.at, since.get(key, book.at))
        keys = {key for each in asked for key in each.balances} | since.keys()
        keys = {key for key in keys if not self.books.known(key)}
        if keys:
            found = await ledger.lock_balances(self.tx, [(key.ledger, key.account, key.item) for key in keys])
            self.books.learn({BalanceKey(*key): amount for key, amount in found.items()})  # type: ignore[arg-type]
        await self._load_movements(since)
        await self._load_past([s.id for s in subjects if s.arrived is not None and s.id not in self.before])

    def reading(self, subject: Subject) -> ruling.Reading:
        return self._readings[subject.id]

    def facts(self, subject: Subject) -> Facts:
        asked = self.requests[subject.id]
        done = self._commands.get(subject.id, [])
        bodies = self.bodies
        records = {key: body for key in asked.records if (body := bodies.get(key)) is not None}
        for above in asked.below:
            records |= {key: body for key in self._below[above] if (body := bodies.get(key)) is not None}
        return Facts(
            records=records,
            balances=self.books.without(subject.id, asked.balances),
            standing=self.books.standing_of(subject.id),
            commands=tuple(done if subject.command is None else [*done, subject.command]),
            capture=self._capture(subject),
            conflicts=subject.conflicts,
            document=subject.id,
            books={book: self.books.at(subject.id, book) for book in asked.books},
            times=self.books.times_of(subject.id),
        )

    def kept(self, subject: Subject, facts: Facts) -> str:
        """The facts as they are stored with the decision: versions, not bodies."""
        kept: dict[str, Any] = {
            "records": [[key.kind, key.key, self._versions[key]] for key in facts.records],
            "balances": [[key.ledger, key.account, key.item, amount] for key, amount in facts.balances.items()],
            "commands": len(facts.commands),
            "changes": subject.changes,
            "capture": facts.capture,
        }
        for name in ("stock", "lot"):
            listed = [[book.location, book.item, book.at, n] for book, n in facts.books.items() if book.ledger == name]
            if listed:
                kept[BOOKS_OF[name]] = listed
        return msgspec.json.encode(kept).decode()

    def _capture(self, subject: Subject) -> Capture:
        return Capture(subject.received_at, self.now, subject.clock_offset, self._clocks.get(subject.id, {}))

    def publish(self, document: str, decision: Decision, before: Before | None) -> tuple[RecordWrite, ...]:
        """Let what a decision publishes be a fact for those that follow; the records that are gone with it, each in the scope
        that it was in. What another document has published under the same key meanwhile is that one's, and stays."""
        if not decision.records and (before is None or decision.keeps):
            return ()
        stood = before.records() if before is not None else {}
        named: dict[RecordKey, dict[str, Any] | None] = {RecordKey(r.kind, r.key): r.body for r in decision.records}
        gone = (
            ()
            if decision.keeps
            else tuple(sorted(key for key in stood if key not in named and self._is_of(key, document)))
        )
        gone = tuple(key for key in gone if stood[key].body is not None)
        for key, body in [*named.items(), *((key, None) for key in gone)]:
            body = msgspec.json.decode(msgspec.json.encode(body))
            if key in stood and stood[key].body == body and self._is_of(key, document):
                continue
            self._asked.add(key)
            self._versions[key] = AS_PUBLISHED
            if body is None:
                self.bodies.pop(key, None)
            else:
                self.bodies[key] = body
            self.published[key] = (self.books.step, document)
            for above in above_of(key):
                if above in self._below:
                    self._below[above].add(key)
        return tuple(msgspec.structs.replace(stood[key], body=None) for key in gone)

    def _is_of(self, key: RecordKey, document: str) -> bool:
        """Has nobody else published it in this transaction?"""
        return self.published.get(key, (0, document))[1] == document

    def ask_anew(self, subjects: list[Subject]) -> None:
        """What a record names can only be asked for when the record is there: by now another document may have published it."""
        for subject in subjects if self.published else ():
            asked = self.requests.get(subject.id, FactRequests())
            if self.kinds[subject.kind].more_facts and not self.published.keys().isdisjoint(asked.records):
                del self._readings[subject.id]

    async def balances(self, keys: Iterable[BalanceKey]) -> dict[BalanceKey, int]:
        """These balances with what this transaction has moved so far; those that no document asked for are not held."""
        books, wanted = self.books, set(keys)
        lacking = {(key.ledger, key.account, key.item) for key in wanted if not books.known(key)}
        found = await ledger.balances(self.tx, lacking) if lacking else {}
        stored = {BalanceKey(*key): amount for key, amount in found.items()}  # type: ignore[arg-type]
        return {
            key: books.balances[key] if books.known(key) else stored.get(key, 0) + books.moves.get(key, 0)
            for key in wanted
        }

    async def load_records(self, *keys: Iterable[RecordKey]) -> None:
        """The newest versions of these records, each asked for once."""
        new = set().union(*keys) - self._asked
        if not new:
            return
        self._asked |= new
        for row in await records.newest(self.tx, [(key.kind, key.key) for key in new]):
            if row["body"] is not None:
                key = RecordKey(row["kind"], row["key"])
                self.bodies[key] = _body(row["body"])
                self._versions[key] = row["version"] if key.kind in MASTER else AS_PUBLISHED

    def _ask_more(self, subjects: list[Subject]) -> list[RecordKey]:
        """What the kinds ask for with the records that are known by now."""
        wanted: list[RecordKey] = []
        for subject in subjects:
            if self.kinds[subject.kind].more_facts is None:
                continue
            first = self.requests[subject.id]
            more = ruling.wanted_more(self._readings[subject.id], Asked(self.bodies, first.records))
            self.requests[subject.id] = both(first, more)
            wanted += more.records
        return wanted

    async def _load_moments(self, subjects: list[Subject]) -> None:
        """What the kinds ask for that read ledgers by time: they must know the clocks of the devices that wrote."""
        timed = [subject for subject in subjects if self.kinds[subject.kind].moments is not None]
        there = [subject.id for subject in timed if subject.arrived is not None]
        for row in await log.clocks(self.tx, there) if there else ():
            clocks = self._clocks.setdefault(row["document"], {})
            clocks[row["device"]] = Clock(row["clock_offset"], row["received_at"])
        for subject in timed:
            self._clocks[subject.id] = self._clocks.get(subject.id, {}) | subject.clocks
            first = self.requests[subject.id]
            known = Asked(self.bodies, first.records)
            more = ruling.wanted_moments(self._readings[subject.id], known, self._capture(subject))
            self.requests[subject.id] = both(first, more)

    async def _load_below(self, keys: set[RecordKey]) -> None:
        """What other documents published below these keys."""
        new = sorted(keys - self._below.keys())
        if not new:
            return
        self._below |= {key: {each for each in self.published if key in above_of(each)} for key in new}
        for row in await records.below(self.tx, [(key.kind, key.key) for key in new]):
            key = RecordKey(row["kind"], row["key"])
            if key not in self._asked:
                self._asked.add(key)
                self.bodies[key] = msgspec.json.decode(row["body"])
                self._versions[key] = AS_PUBLISHED
            for above in above_of(key):
                if above in self._below:
                    self._below[above].add(key)

    async def _load_movements(self, since: Mapping[BalanceKey, int]) -> None:
        """What moved on these accounts from these moments on."""
        new = {key: at for key, at in since.items() if not self.books.reaches(key, at)}
        if not new:
            return
        found: dict[BalanceKey, list[Movement]] = {key: [] for key in new}
        for book in sorted({key.ledger for key in new}):
            since_of = [(key.account, key.item, at) for key, at in new.items() if key.ledger == book]
            for row in await ledger.movements(self.tx, book, since_of):
                key = BalanceKey(book, row["account"], row["item"])
                found[key].append(Movement(row["happened_at"], row["document"], row["amount"]))
        for key, movements in found.items():
            self.books.learn_movements(key, new[key], movements)

    async def _load_past(self, documents: list[str]) -> None:
        """What was decided, done and posted before, for documents that exist."""
        if not documents:
            return
        for row in await ledger.last_decisions(self.tx, documents):
            self.before[row["document"]] = Before(row["body"], msgspec.json.decode(row["heads"]))
        for row in await commands.of_documents(self.tx, documents):
            self._commands.setdefault(row["document"], []).append(command_of(row))
        rows = await ledger.standing(self.tx, documents)
        times = standing_times(rows)
        for name, sets in standing_sets(rows).items():
            self.books.stand(name, sets, times.get(name))

    def did(self, document: str, command: Command) -> None:
        """A command that this transaction carried out: from now on a fact."""
        self._commands.setdefault(document, []).append(command)


@lru_cache(maxsize=REMEMBERED_BODIES)
def _body(text: str) -> dict[str, Any]:
    """The body of a record. Rules change no facts, so the same one serves every transaction."""
    body: dict[str, Any] = msgspec.json.decode(text)
    return body


def both(first: FactRequests, more: FactRequests) -> FactRequests:
    """What either asks for, once."""
    if more == FactRequests():
        return first
    return FactRequests(
        tuple(dict.fromkeys(first.records + more.records)),
        tuple(dict.fromkeys(first.balances + more.balances)),
        tuple(dict.fromkeys(first.books + more.books)),
        tuple(dict.fromkeys(first.below + more.below)),
    )
