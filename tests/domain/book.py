"""A book in memory that does what the pipeline does for documents of any kind: facts, decide, post, decide again what waited.

Every decision that it sees is checked: posting sets sum to zero, codes are as declared, and deciding twice is the same.
"""

from __future__ import annotations

from typing import Any

import msgspec

from server.domain.codes import COMMAND_REFUSALS, PUBLISHED, mismatches
from server.domain.decision import BalanceKey, Decision
from server.domain.facts import Capture, Command, Facts, RecordKey
from server.domain.kind import Kind
from server.domain.ledger import check_balanced, difference, sums
from server.domain.reasons import mismatch
from server.domain.registry import KINDS

Refusal = tuple[str, dict[str, Any]]


class Entry(msgspec.Struct):
    """One document of the book."""

    kind: Kind
    content: dict[str, Any]
    received_at: int
    clock_offset: int = 0
    conflicts: tuple[str, ...] = ()
    commands: list[Command] = []
    standing: dict[str, tuple[Any, ...]] = {}
    decision: Decision | None = None
    row: dict[str, Any] = {}


class Book:
    def __init__(self, records: dict[RecordKey, dict[str, Any]], now: int = 0) -> None:
        self.records = records
        self.balances: dict[BalanceKey, int] = {}
        self.entries: dict[str, Entry] = {}
        """By document id, in order of arrival."""
        self.now = now

    def push(self, document: str, content: dict[str, Any], **about: Any) -> Decision:
        """A document arrives, or an edit of it."""
        entry = self.entries.get(document)
        if entry is None:
            entry = self.entries[document] = Entry(KINDS[content["kind"]], content, self.now)
        entry.content = content
        for name, value in about.items():
            setattr(entry, name, value)
        return self._decided(document)

    def command(self, document: str, name: str, params: dict[str, Any], by: str = "hq-1") -> Decision | Refusal:
        """Headquarters acts; (code, figures) where the check refuses."""
        entry = self.entries[document]
        spec = entry.kind.command(name)
        assert spec is not None, name
        content, asked = entry.kind.document.model_validate(entry.content), spec.params.model_validate(params)
        facts = self.facts(document)
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
        self.entries[document] = Entry(KINDS[kind], params, self.now)
        made = self.command(document, str(KINDS[kind].create), params, by)
        if not isinstance(made, Decision):
            del self.entries[document]
        return made

    def facts(self, document: str) -> Facts:
        entry = self.entries[document]
        content = entry.kind.document.model_validate(entry.content)
        wanted = entry.kind.facts_needed(content)
        known = self._known(wanted.records)
        keys = list(wanted.balances)
        if entry.kind.more_facts is not None:
            more = entry.kind.more_facts(content, known)
            known |= self._known(more.records)
            keys += more.balances
        own = sums(posting for postings in entry.standing.values() for posting in postings)
        balances = {key: self.balances.get(key, 0) - own.get(key, 0) for key in keys}
        capture = Capture(entry.received_at, self.now, entry.clock_offset)
        return Facts(known, balances, entry.standing, tuple(entry.commands), capture, entry.conflicts, document)

    def _known(self, keys: Any) -> dict[RecordKey, dict[str, Any]]:
        return {key: self.records[key] for key in keys if key in self.records}

    def _decided(self, document: str) -> Decision:
        _, moved = self._decide(document)
        self.settle(moved)
        decision = self.entries[document].decision
        assert decision is not None
        return decision

    def settle(self, moved: set[BalanceKey]) -> None:
        """Decides again, in order of arrival, whatever waited for one of these balances, until nothing moves."""
        for _ in range(100):
            waiting = [
                name
                for name, entry in self.entries.items()
                if entry.decision is not None and moved & set(entry.decision.waits)
            ]
            if not waiting:
                return
            moved = set()
            for name in waiting:
                moved |= self._decide(name)[1]
        raise AssertionError("the decisions do not come to rest")

    def _decide(self, document: str) -> tuple[Decision, set[BalanceKey]]:
        entry, facts = self.entries[document], self.facts(document)
        content = entry.kind.document.model_validate(entry.content)
        decision = entry.kind.decide(content, facts)
        assert entry.kind.decide(content, facts) == decision
        assert mismatches(decision) == []
        msgspec.json.encode(decision)
        if entry.kind.figures is not None:
            entry.kind.figures.model_validate(decision.figures)
        for record in decision.records:
            if record.body is not None:
                PUBLISHED[record.kind].model_validate(record.body)
        for name, postings in decision.posting_sets.items():
            check_balanced(name, postings)
        changes = difference(entry.standing, decision.posting_sets)
        moves = sums(posting for postings in changes.values() for posting in postings)
        for key, amount in moves.items():
            self.balances[key] = self.balances.get(key, 0) + amount
        entry.standing, entry.decision = dict(decision.posting_sets), decision
        entry.row = entry.kind.row(content, decision)
        # Nothing moves by deciding again what has just been decided.
        again = entry.kind.decide(content, self.facts(document))
        assert difference(entry.standing, again.posting_sets) == {}, "a decision does not hold against itself"
        return decision, set(moves)
