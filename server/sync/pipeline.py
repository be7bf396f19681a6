"""The one way in: every push, command and master record goes through here, each in one transaction.

receive -> admission (outside the transaction: slow work never holds the writer) -> append -> decide -> post -> publish
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Any, TypeVar

import msgspec

from server.access.principal import Principal
from server.domain.costing import Step, moving_average
from server.domain.facts import Clock
from server.domain.registry import KINDS
from server.problems import Problem
from server.store import log
from server.store.engine import Database
from server.store.migrate import epoch
from server.store.transaction import Busy, Conflict, Transaction

from .admission import Gate
from .append import Arrival, arrive, damaged, look_up, quarantine_rows, subject_of_arrival, take_verdicts
from .command import CommandAnswer, begun, run_command
from .counters import Counters
from .decide import Session
from .known import Kinds
from .masters import RecordPut, write_records
from .protocol import MOST_CHANGES, DocumentResult, PushedDocument
from .publish import Outbox, Publication
from .shown import MadeNotice

ATTEMPTS = 8
PORTION = 600
"""Documents of a push that are stored in one transaction. While one portion is decided, the workers examine those that follow."""
FIRST_PORTION = 400
"""Fewer, for until it is examined there is nothing to decide."""
BREATH = 16
"""Documents that are hashed between two looks at what else there is to do: the workers are to have the first portion at once."""
SEEN_EVERY = 60_000
"""Milliseconds between two notes of a device that only pulls."""
SECOND = 1_000
"""Milliseconds to which a device's clock is measured (SY7). What is below is the time that the request took: an order of which
a reason names the offset would be told anew at each push."""
journal = logging.getLogger(__name__)
Answer = TypeVar("Answer")


class Pushed(msgspec.Struct):
    results: list[DocumentResult]
    brought: dict[str, int]
    """Document -> how many of its stored changes this very request carried: who sent them needs none of them back."""


def now_ms() -> int:
    return time.time_ns() // 1_000_000


class Pipeline:
    """`outbox` is awaited in the transaction with the notices that it published."""

    def __init__(
        self,
        database: Database,
        gate: Gate,
        kinds: Kinds = KINDS,
        outbox: Outbox | None = None,
        clock: Callable[[], int] = now_ms,
        costing: Step = moving_average,
    ) -> None:
        self.database = database
        self.gate = gate
        self.kinds = kinds
        self.outbox = outbox
        self.clock = clock
        self.costing = costing
        self._seen: dict[str, int] = {}

    async def epoch(self) -> str:
        async with self.database.reading() as tx:
            return await epoch(tx)

    async def push(self, principal: Principal, documents: Sequence[PushedDocument], sent_at: int) -> Pushed:
        """Take in the changes of a device. When this returns, what it calls stored is committed (SY2).

        Problem 413 for too many changes, 400 for a document named twice, 503 when the documents keep moving away.
        """
        if sum(len(pushed.changes) for pushed in documents) > MOST_CHANGES:
            raise Problem(413, "too_large", f"at most {MOST_CHANGES} changes in one request")
        if len({pushed.id for pushed in documents}) != len(documents):
            raise Problem(400, "malformed", "a document stands in the push at most once")
        if principal.device is None:
            raise Problem(403, "device_needed", "only a device pushes changes")
        now = self.clock()
        clock_offset = round((now - sent_at) / SECOND) * SECOND
        arrivals: list[Arrival] = []
        admissions: list[asyncio.Task[list[Arrival]]] = []
        arriving = asyncio.Lock()
        for portion in _portions(documents):
            admissions.append(asyncio.create_task(self._admitted(principal, portion, admissions[-1:], arriving)))
        try:
            for admission in admissions:
                admitted = await admission
                await self._store(principal, now, clock_offset, admitted)
                arrivals += admitted
        finally:
            for admission in admissions:
                admission.cancel()
            await asyncio.gather(*admissions, return_exceptions=True)
        brought = {arrival.id: len(arrival.present()) for arrival in arrivals}
        return Pushed([arrival.result() for arrival in arrivals], brought)

    async def _admitted(
        self,
        principal: Principal,
        documents: Sequence[PushedDocument],
        before: list[asyncio.Task[list[Arrival]]],
        arriving: asyncio.Lock,
    ) -> list[Arrival]:
        """One portion after the other, so that the first is ready soon; none waits for the writing of another."""
        arrivals: list[Arrival] = []
        async with arriving:
            for pushed in documents:
                arrivals.append(arrive(pushed))
                if len(arrivals) % BREATH == 0:
                    await asyncio.sleep(0)
        for admission in before:
            await admission
        await self._admit(principal, arrivals)
        return arrivals

    async def _admit(self, principal: Principal, arrivals: list[Arrival]) -> None:
        """Admission; once more from their history for documents whose caches turn out to be damaged."""
        await self._examine(principal, arrivals)
        broken = damaged(arrivals)
        if broken:
            journal.warning("%s cached documents are damaged; made anew from their changes", len(broken))
            await self._examine(principal, [arrival for arrival in arrivals if arrival.id in broken], broken)

    async def _store(self, principal: Principal, now: int, clock_offset: int, arrivals: list[Arrival]) -> None:
        """Append and decide what was admitted. Problem 503 when the documents keep moving away."""
        pending = await self._append(principal, now, clock_offset, arrivals)
        for attempt in range(1, ATTEMPTS):
            if not pending:
                return
            # Somebody else wrote to these documents meanwhile; what was examined is no longer what is stored.
            await asyncio.sleep(random.random() * 0.01 * attempt)
            await self._admit(principal, pending)
            pending = await self._append(principal, now, clock_offset, pending)
        if pending:
            raise Problem(503, "busy", "these documents are being written to", {"Retry-After": "1"})

    async def _examine(self, principal: Principal, arrivals: list[Arrival], rebuild: Collection[str] = ()) -> None:
        """Admission, outside of any write transaction."""
        async with self.database.reading() as tx:
            tasks = await look_up(tx, arrivals, principal, self.kinds, rebuild)
        take_verdicts(arrivals, await self.gate.examine(tasks) if tasks else [])

    async def _append(
        self, principal: Principal, now: int, clock_offset: int, arrivals: list[Arrival]
    ) -> list[Arrival]:
        """Write one batch. Returns the arrivals whose documents moved since admission saw them: nothing of those is written."""
        device = principal.device or ""
        refused = any(arrival.refused for arrival in arrivals)
        changed = [arrival for arrival in arrivals if arrival.changed]
        if not changed and not refused and now - self._seen.get(device, 0) < SEEN_EVERY:
            return []

        async def write(tx: Transaction) -> list[Arrival]:
            counters = Counters(tx)
            await counters.enter(arrival.pushed.scope for arrival in changed)
            rows = await log.document_states(tx, [arrival.id for arrival in changed]) if changed else []
            states = {row["id"]: row for row in rows}
            moved = [arrival for arrival in changed if not arrival.unmoved(states.get(arrival.id))]
            still = [arrival for arrival in changed if arrival not in moved] if moved else changed
            if still:
                session = Session(tx, self.kinds, now)
                subjects = [subject_of_arrival(each, states.get(each.id), now, clock_offset) for each in still]
                for subject in subjects:
                    subject.clocks = {device: Clock(clock_offset, now)}
                publication = Publication(tx, session, counters, now, self.costing)
                await session.known.load(subjects)
                await publication.changes(still, device, clock_offset)
                await session.decide_all(subjects, counters.enter)
                await publication.finish(still, states)
                await self._told(tx, publication.notices)
            await log.quarantine(tx, quarantine_rows([each for each in arrivals if each not in moved], device, now))
            await log.device_synced(tx, device, now, clock_offset)
            self.database.notify(tx, counters.moved)
            return moved

        moved = await self.in_transaction(write)
        self._seen[device] = now
        return moved

    async def command(
        self, principal: Principal, kind: str, document: str | None, name: str, params: dict[str, Any], key: str
    ) -> CommandAnswer:
        """Do what headquarters asks, once for each key (SY11). Problem 404 for an unknown kind, document or command, 403 for the
        role, 400 for the params, 409 `key_reused`, and 409 with the rule's own code and `figures` when it is refused."""
        arrival = await self._begun(principal, kind, document, name, params)

        async def write(tx: Transaction) -> CommandAnswer:
            answer, counters, notices = await run_command(
                tx, self.kinds, principal, kind, document, name, params, key, self.clock(), self.costing, arrival
            )
            await self._told(tx, notices)
            self.database.notify(tx, counters.moved)
            return answer

        return await self.in_transaction(write)

    async def _begun(
        self, principal: Principal, kind: str, document: str | None, name: str, params: dict[str, Any]
    ) -> Arrival | None:
        """The first change of a document that devices go on with, admitted as a device's would be."""
        made = begun(self.kinds, principal, kind, document, name, params, self.clock())
        if made is None:
            return None
        arrival, task = made
        take_verdicts([arrival], await self.gate.examine([task]))
        if arrival.refused:
            raise RuntimeError(f"headquarters' own change was refused: {arrival.refused}")
        return arrival

    async def put_records(self, by: str, puts: Sequence[RecordPut]) -> int:
        """Write master data; only what differs gets a version and a number. The number of records that changed.

        Documents that were decided on an older version keep their decision: prices are frozen at capture, and the next edit,
        command or movement of a balance sees the newer one.
        """

        async def write(tx: Transaction) -> int:
            counters = Counters(tx)
            changed, notices = await write_records(tx, counters, by, puts, self.clock())
            await self._told(tx, notices)
            self.database.notify(tx, counters.moved)
            return changed

        return await self.in_transaction(write)

    async def in_transaction(self, work: Callable[[Transaction], Awaitable[Answer]]) -> Answer:
        """Run `work` in a transaction, again from its start when another was in the way. Problem 503 when it always is."""
        for attempt in range(ATTEMPTS):
            try:
                async with self.database.transaction() as tx:
                    return await work(tx)
            except (Busy, Conflict) as error:
                journal.info("another try, after: %s", error)
                await asyncio.sleep(random.random() * 0.02 * (attempt + 1))
        raise Problem(503, "busy", "the database is busy", {"Retry-After": "1"})

    async def _told(self, tx: Transaction, notices: list[MadeNotice]) -> None:
        if self.outbox is not None and notices:
            await self.outbox(tx, notices)


def _portions(documents: Sequence[PushedDocument]) -> list[Sequence[PushedDocument]]:
    """What is stored together; one empty portion when nothing was pushed."""
    starts = [0, *range(FIRST_PORTION, len(documents), PORTION)]
    return [documents[start:end] for start, end in zip(starts, [*starts[1:], len(documents)], strict=True)]
