"""A book in memory that does what the pipeline does for documents of any kind: facts, decide, post, decide again what waited.

Every decision that it sees is checked: posting sets sum to zero, codes are as declared, and deciding twice is the same.
"""

from __future__ import annotations

from typing import Any

import msgspec
from pydantic import BaseModel

from server.domain.codes import COMMAND_REFUSALS, PUBLISHED, mismatches
from server.domain.decision import BalanceKey, Decision, Posting
from server.domain.facts import Capture, Clock, Command, Facts, RecordKey
from server.domain.kind import Kind
from server.domain.ledger import check_balanced, difference
from server.domain.reasons import mismatch
from server.domain.registry import KINDS
from server.sync.books import Books
from server.sync.known import STEPS
from server.sync.ruling import netted
from server.sync.subjects import above_of

Refusal = tuple[str, dict[str, Any]]


class Entry(msgspec.Struct):
    """One document of the book."""

    kind: Kind
    content: dict[str, Any]
    model: BaseModel
    """The content as its kind reads it."""
    received_at: int
    clock_offset: int = 0
    conflicts: tuple[str, ...] = ()
    clocks: dict[str, Clock] = {}
    commands: list[Command] = []
    decision: Decision | None = None
    row: dict[str, Any] = {}
    step: int = 0
    """The step of the books at which it was decided last."""


class Book:
    """`check=False` leaves out what only finds mistakes of rules: for simulations of many thousand documents."""

    def __init__(self, records: dict[RecordKey, dict[str, Any]], now: int = 0, check: bool = True) -> None:
        self.records = records
        self.published: dict[RecordKey, dict[str, Any]] = {}
        self.books = Books()
        self.entries: dict[str, Entry] = {}
        """By document id, in order of arrival."""
        self.now = now
        self.check = check
        self._changed: dict[RecordKey, tuple[int, str]] = {}

    @property
    def balances(self) -> dict[BalanceKey, int]:
        return self.books.balances

    def push(self, document: str, content: dict[str, Any], **about: Any) -> Decision:
        """A document arrives, or an edit of it."""
        entry = self.entries.get(document)
        if entry is None:
            entry = self.entries[document] = self._entry(content["kind"], content)
        elif entry.content is not content:
            entry.content, entry.model = content, entry.kind.document.model_validate(content)
        for name, value in about.items():
            setattr(entry, name, value)
        return self._decided(document)

    def command(self, document: str, name: str, params: dict[str, Any], by: str = "hq-1") -> Decision | Refusal:
        """Headquarters acts; (code, figures) where the check refuses."""
        entry = self.entries[document]
        spec = entry.kind.command(name)
        assert spec is not None, name
        content, asked = entry.model, spec.params.model_validate(params)
        facts = self.facts(document)
        if spec.needs is not None:
            facts = msgspec.structs.replace(facts, records=facts.records | self._known(spec.needs(content, asked)))
        refusal = spec.check(content, asked, facts)
        if refusal is not None:
            assert mismatch(*refusal, COMMAND_REFUSALS) is None
            return refusal
        stored = spec.complete(content, asked, facts) if spec.complete else asked.model_dump(mode="json")
        stored = msgspec.json.decode(msgspec.json.encode(stored))
        number = sum(len(each.commands) for each in self.entries.values()) + 1
        entry.commands.append(Command(f"c{number}", name, stored, by, self.now))
        return self._decided(document)

    def create(self, document: str, kind: str, params: dict[str, Any], by: str = "hq-1") -> Decision | Refusal:
        """A document that headquarters writes, by its kind's `create` command."""
        self.entries[document] = self._entry(kind, params)
        made = self.command(document, str(KINDS[kind].create), params, by)
        if not isinstance(made, Decision):
            del self.entries[document]
        return made

    def _entry(self, name: str, content: dict[str, Any]) -> Entry:
        kind = KINDS[name]
        return Entry(kind, content, kind.document.model_validate(content), self.now)

    def facts(self, document: str) -> Facts:
        entry = self.entries[document]
        content = entry.model
        wanted = entry.kind.facts_needed(content).of(document)
        known = self._known(wanted.records)
        keys, books, below = list(wanted.balances), list(wanted.books), list(wanted.below)
        for _ in range(STEPS if entry.kind.more_facts is not None else 0):
            assert entry.kind.more_facts is not None
            more = entry.kind.more_facts(content, known)
            known |= self._known(more.records)
            keys, books, below = [*keys, *more.balances], [*books, *more.books], [*below, *more.below]
        capture = Capture(entry.received_at, self.now, entry.clock_offset, entry.clocks)
        if entry.kind.moments is not None:
            timed = entry.kind.moments(content, known, capture)
            known |= self._known(timed.records)
            keys, books, below = [*keys, *timed.balances], [*books, *timed.books], [*below, *timed.below]
        known |= self._below(below)
        return Facts(
            known,
            self.books.without(document, keys),
            self.books.standing_of(document),
            tuple(entry.commands),
            capture,
            entry.conflicts,
            document,
            {book: self.books.at(document, book) for book in books},
            self.books.times_of(document),
        )

    def _known(self, keys: Any) -> dict[RecordKey, dict[str, Any]]:
        return {key: known[key] for key in keys for known in (self.published, self.records) if key in known}

    def _below(self, keys: list[RecordKey]) -> dict[RecordKey, dict[str, Any]]:
        kinds = {key.kind for key in keys}
        return {
            key: body
            for bodies in (self.records, self.published)
            for key, body in bodies.items()
            if key.kind in kinds and not set(keys).isdisjoint(above_of(key))
        }

    def _decided(self, document: str) -> Decision:
        start = self.books.step
        self._decide(document)
        self._settle(start)
        decision = self.entries[document].decision
        assert decision is not None
        return decision

    def post(self, key: BalanceKey, amount: int, happened_at: int | None = None) -> None:
        """A balance moves by itself, goods at a moment; whoever waited for it is decided again."""
        start = self.books.step
        other = BalanceKey(key.ledger, "elsewhere", key.item)
        self.books.learn({each: 0 for each in (key, other) if not self.books.known(each)})
        legs = (Posting(key.ledger, key.account, key.item, amount), Posting(key.ledger, "elsewhere", key.item, -amount))
        self.books.post(f"by itself {start}", {"moved": legs}, {} if happened_at is None else {"moved": happened_at})
        self._settle(start)

    def _settle(self, start: int) -> None:
        """Decides again whatever waited, until nothing moves: those that read the stock ledger by time first, in the order of
        their times, then the others in order of arrival."""
        for _ in range(100):
            waiting = [name for name, entry in self.entries.items() if self._waits(name, entry, start)]
            if not waiting:
                return
            for name in sorted(waiting, key=self._turn):
                self._decide(name)
        raise AssertionError("the decisions do not come to rest")

    def _waits(self, name: str, entry: Entry, start: int) -> bool:
        decision, since = entry.decision, max(entry.step, start)
        if decision is None or since == self.books.step:
            return False
        if self.books.moved_since(since, decision.waits, name) or self.books.moved_before(since, decision.books, name):
            return True
        read = {RecordKey(*each) for each in decision.records_read}
        return bool(read) and any(
            step > since and by != name and (key in read or read & set(above_of(key)))
            for key, (step, by) in self._changed.items()
        )

    def _turn(self, name: str) -> tuple[int, int]:
        decision = self.entries[name].decision
        if decision is not None and decision.books:
            return 0, min(book.at for book in decision.books)
        return 1, list(self.entries).index(name)

    def _decide(self, document: str) -> Decision:
        entry, facts = self.entries[document], self.facts(document)
        content = entry.model
        decision = entry.kind.decide(content, facts)
        if self.check:
            self._checked(entry, content, facts, decision)
        before = entry.decision
        for key in [BalanceKey(p.ledger, p.account, p.item) for legs in decision.posting_sets.values() for p in legs]:
            self.books.balances.setdefault(key, self.books.moves.get(key, 0))
        self.books.post(document, decision.posting_sets, decision.times)
        entry.decision, entry.step = decision, self.books.step
        entry.row = entry.kind.row(content, decision)
        self._publish(document, before, decision)
        if self.check:
            # Nothing moves by deciding again what has just been decided.
            again = entry.kind.decide(content, self.facts(document))
            assert difference(self.books.standing_of(document), netted_sets(again)) == {}, (
                "a decision does not hold against itself"
            )
        return decision

    def _publish(self, document: str, before: Decision | None, decision: Decision) -> None:
        stood = {RecordKey(each.kind, each.key): each.body for each in before.records} if before is not None else {}
        named = {RecordKey(each.kind, each.key): each.body for each in decision.records}
        for key in stood.keys() | named.keys():
            body = named.get(key)
            another = self._changed.get(key, (0, document))[1] != document
            if another if key not in named else body == stood.get(key) and not another:
                continue  # what another document has published since is that one's
            self._changed[key] = (self.books.step, document)
            if body is None:
                self.published.pop(key, None)
            else:
                self.published[key] = msgspec.json.decode(msgspec.json.encode(body))

    @staticmethod
    def _checked(entry: Entry, content: Any, facts: Facts, decision: Decision) -> None:
        assert entry.kind.decide(content, facts) == decision
        assert mismatches(decision) == []
        msgspec.json.encode(decision)
        assert set(decision.times) <= set(decision.posting_sets)
        assert set(decision.costs) <= set(decision.times)
        if entry.kind.figures is not None:
            entry.kind.figures.model_validate(decision.figures)
        for record in decision.records:
            if record.body is not None:
                PUBLISHED[record.kind].model_validate(record.body)
        for name, postings in decision.posting_sets.items():
            check_balanced(name, postings)


def netted_sets(decision: Decision) -> dict[str, tuple[Posting, ...]]:
    return {name: net for name, postings in decision.posting_sets.items() if (net := netted(postings))}
