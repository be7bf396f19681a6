"""Decide the documents of one transaction, in order of arrival.

Their facts are loaded first (`server.sync.known`); then the documents are decided one after the other on balances in memory, so
that each sees what the one before it took. Documents that wait for a balance which moved are decided again, until
nothing moves any more or `ROUNDS` are over (then the next movement will come to them).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import msgspec

from server.domain.decision import BalanceKey, Decision, Reason
from server.domain.facts import RecordKey
from server.store import ledger, log
from server.store.transaction import Transaction

from . import ruling
from .books import accounts_behind
from .known import Kinds, Known
from .subjects import Before, Ruled, Subject, above_of, subject_of

ROUNDS = 32
RECORD = "record"
"""Stands for a ledger where a document waits for a published record."""
BREATH = 64
"""Documents between two looks at what else the server has to do."""
journal = logging.getLogger(__name__)


class Session:
    """The decisions of one transaction."""

    def __init__(self, tx: Transaction, kinds: Kinds, now: int) -> None:
        self.tx = tx
        self.known = Known(tx, kinds, now)
        self.ruled: list[Ruled] = []
        """Every decision that is to be stored, in order."""
        self.latest: dict[str, tuple[Subject, Decision, int]] = {}
        """Document -> what was decided last here, stored or not, and at which step of the books."""
        self._stored: dict[str, Ruled] = {}

    def decide(self, subject: Subject, after: Ruled | None = None) -> Ruled | None:
        """Decide one document whose facts are loaded. None: it is as it was before, nothing is to be stored."""
        known = self.known
        reading, facts = known.reading(subject), known.facts(subject)
        decision = ruling.rule(reading, subject.scope, facts)
        if not known.books.fits(decision.posting_sets):
            decision = ruling.undecided("held", Reason("posting_unsound", {"error": "balance"}), facts)
        legs = known.books.post(subject.id, decision.posting_sets, decision.times)
        body = msgspec.json.encode(decision).decode()
        now = Before(body, subject.heads)
        before = known.before.get(subject.id)
        self.latest[subject.id] = (subject, decision, known.books.step)
        if before is not None and before.same(now) and subject.command is None:
            return None
        gone = known.publish(subject.id, decision, before)
        known.before[subject.id] = now
        ruled = Ruled(
            subject=subject,
            decision=decision,
            body=body,
            facts=known.kept(subject, facts),
            row=ruling.row(reading, decision),
            legs=legs,
            cause=subject.cause,
            after=after,
            told=before is None or not before.says_the_same(now),
            gone=gone,
        )
        self.ruled.append(ruled)
        self._stored[subject.id] = ruled
        if subject.command is not None:
            known.did(subject.id, subject.command)
            subject.command = None
        return ruled

    async def decide_all(self, subjects: list[Subject], enter: Callable[[list[str]], Any]) -> None:
        """Load and decide these, then whoever waits for what they moved. `enter(scopes)` is awaited before documents of other
        scopes are touched, so that their counters are held first."""
        await self.known.load(subjects)
        for number, subject in enumerate(subjects, 1):
            self.known.ask_anew([subject])
            await self.known.load([subject])
            self.decide(subject)
            if number % BREATH == 0:
                await asyncio.sleep(0)
        asked: dict[BalanceKey, int | None] = {}
        for _ in range(ROUNDS):
            waiting = await self._waiting(asked, enter)
            if not waiting:
                return
            self.known.ask_anew(waiting)
            await self.known.load(waiting)
            for subject in waiting:
                self.decide(subject, after=self._mover(subject))
        journal.warning("balances still move after %s rounds; the next movement decides again", ROUNDS)

    def _mover(self, subject: Subject) -> Ruled | None:
        """The decision that last moved something which this document's facts hold."""
        asked = self.known.requests[subject.id]
        keys = [*asked.balances, *(key for book in asked.books for key in accounts_behind(book))]
        document = self.known.books.last_mover(keys, but=subject.id)
        if document is None:
            changed = [
                step
                for key, step in self.known.published.items()
                if key in asked.records or any(above in asked.below for above in above_of(key))
            ]
            document = max(changed)[1] if changed else None
        return self._stored.get(document) if document else None

    async def _waiting(self, asked: dict[BalanceKey, int | None], enter: Callable[[list[str]], Any]) -> list[Subject]:
        """Who is to be decided again: those whose goods are counted by time first, in the order of their times, then the others in
        order of arrival. `asked`: what was looked for in the rounds before."""
        again = [
            subject for subject, decision, step in self.latest.values() if self._moved_for(decision, step, subject.id)
        ]
        for subject in again:
            subject.cause = "balance"
            subject.moment = min((book.at for book in self.latest[subject.id][1].books), default=None)
        moved = self.known.books.moved() | {
            BalanceKey(RECORD, key.kind, each): None  # type: ignore[arg-type]
            for key in self.known.published
            for each in (key.key, *(above.key for above in above_of(key)))
        }
        new = {
            key: since
            for key, since in moved.items()
            if key not in asked or (since is not None and ((was := asked[key]) is None or since < was))
        }
        asked |= new
        found: list[Subject] = []
        if new:
            keys = [(key.ledger, key.account, key.item, since) for key, since in new.items()]
            waiting = await ledger.waiting_for(self.tx, keys)
            names = [name for name in waiting if name not in self.latest]
            if names:
                found = await self._subjects(names, enter)
                for subject in found:
                    subject.moment = waiting[subject.id]
        return sorted(found + again, key=self._turn)

    def _moved_for(self, decision: Decision, step: int, document: str) -> bool:
        if decision.waits and self.known.books.moved_since(step, decision.waits, document):
            return True
        if decision.books and self.known.books.moved_before(step, decision.books, document):
            return True
        if not decision.records_read or not self.known.published:
            return False
        wanted = {RecordKey(*name) for name in decision.records_read}
        return any(
            at > step and by != document and (key in wanted or not wanted.isdisjoint(above_of(key)))
            for key, (at, by) in self.known.published.items()
        )

    @staticmethod
    def _turn(subject: Subject) -> tuple[int, int, str]:
        if subject.moment is not None:
            return 0, subject.moment, subject.id
        return (1, subject.arrived, subject.id) if subject.arrived is not None else (2, 0, subject.id)

    async def _subjects(self, names: list[str], enter: Callable[[list[str]], Any]) -> list[Subject]:
        states = await log.document_states(self.tx, names)
        await enter([row["scope"] for row in states])
        return [subject_of(row, "balance") for row in await log.documents_whole(self.tx, names)]
