"""What a push brings, document by document: which changes are known, which are new, which are refused and why."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from typing import Any

import msgspec

from server.access.principal import Principal, writes_in
from server.store import log
from server.store.transaction import Row, Transaction

from .admission import Refusal, Task, Verdict, change_hash
from .known import Kinds
from .protocol import LARGEST_CHANGE, DocumentResult, PushedDocument, RefusedChange
from .refusals import RETRY
from .ruling import plain
from .scope import DOCUMENT_ID, SCOPE_REFUSALS, refusal_of
from .subjects import Subject, conflict_paths

CACHE_DAMAGED = "cache_damaged"


class Arrival(msgspec.Struct, kw_only=True):
    """One pushed document on its way in."""

    pushed: PushedDocument
    state: Row | None = None
    """The stored document as admission saw it."""
    hashes: list[bytes | None]
    """By position; None where the bytes are no chunk."""
    refused: dict[int, tuple[str, str]]
    """Position -> code and detail."""
    stored: set[bytes]
    """Hashes of this push that are in the database."""
    fresh: list[int] = []
    """Positions that go to admission."""
    verdict: Verdict | None = None

    @property
    def id(self) -> str:
        return self.pushed.id

    @property
    def admitted_verdict(self) -> Verdict:
        """The verdict of a document of which something was admitted."""
        if self.verdict is None or self.verdict.content is None:
            raise ValueError("nothing of this document was admitted")
        return self.verdict

    @property
    def changed(self) -> bool:
        return self.verdict is not None and bool(self.verdict.admitted)

    def present(self) -> set[bytes]:
        """Hashes of this push that are in the database now."""
        admitted = {each.hash for each in self.verdict.admitted} if self.verdict else set()
        return self.stored | admitted

    def result(self) -> DocumentResult:
        refused = [RefusedChange(position, *why) for position, why in sorted(self.refused.items())]
        return DocumentResult(self.id, len(self.pushed.changes) - len(refused), refused)

    def unmoved(self, now: Row | None) -> bool:
        """Is the stored document still what admission saw?"""
        if self.state is None or now is None:
            return self.state is None and now is None
        return (self.state["changes"], self.state["heads"]) == (now["changes"], now["heads"])


def arrive(pushed: PushedDocument) -> Arrival:
    """Hash every change; what has no hash is refused at once."""
    arrival = Arrival(pushed=pushed, hashes=[], refused={}, stored=set())
    for position, chunk in enumerate(pushed.changes):
        try:
            if len(chunk) > LARGEST_CHANGE:
                raise Refusal("change_too_large", f"{len(chunk)} bytes")
            arrival.hashes.append(change_hash(chunk))
        except Refusal as refusal:
            arrival.hashes.append(None)
            arrival.refused[position] = (refusal.code, refusal.detail)
    return arrival


async def look_up(
    tx: Transaction,
    arrivals: list[Arrival],
    principal: Principal,
    kinds: Kinds,
    rebuild: Collection[str] = (),
) -> list[Task]:
    """What the database knows of these documents; the tasks for admission: a fixed number of queries.

    `rebuild`: documents whose caches are damaged; admission gets their whole history instead.
    """
    writes = await writes_in(tx, principal)
    ids = [arrival.id for arrival in arrivals if DOCUMENT_ID.fullmatch(arrival.id)]
    states = {row["id"]: row for row in await log.document_caches(tx, ids)} if ids else {}
    pairs = [
        (arrival.id, found)
        for arrival in arrivals
        if arrival.id in states
        for found in dict.fromkeys(arrival.hashes)
        if found is not None
    ]
    known: dict[str, dict[bytes, str]] = {}
    for row in await log.known_changes(tx, pairs) if pairs else []:
        known.setdefault(row["document"], {})[row["hash"]] = row["device"]
    for arrival in arrivals:
        arrival.state = states.get(arrival.id)
        _sort_out(arrival, principal, kinds, known.get(arrival.id, {}), writes)
    lost = [
        arrival.id
        for arrival in arrivals
        if arrival.fresh
        and (state := arrival.state) is not None
        and (arrival.id in rebuild or state["saved"] is None or state["index"] is None)
    ]
    histories = await log.chunks_of(tx, lost) if lost else {}
    return [_task(arrival, principal, kinds, histories.get(arrival.id, [])) for arrival in arrivals if arrival.fresh]


def _sort_out(
    arrival: Arrival, principal: Principal, kinds: Kinds, known: dict[bytes, str], writes: Collection[str]
) -> None:
    """Known (SY1), refused as a whole, or on to admission."""
    refusal = refusal_of(arrival.pushed, principal, kinds, arrival.state, writes)
    if refusal is not None:
        # What this very device brought before is stored, whatever it may do today: SY1 answers the same each time.
        known = {found: device for found, device in known.items() if device == principal.device}
    arrival.stored = set(known)
    arrival.fresh = []
    arrival.verdict = None
    seen: set[bytes] = set()
    for position, found in enumerate(arrival.hashes):
        if found is None:
            continue
        arrival.refused.pop(position, None)
        if found in known or found in seen:
            continue
        seen.add(found)
        if refusal is None:
            arrival.fresh.append(position)
        else:
            arrival.refused[position] = (refusal, SCOPE_REFUSALS[refusal])
    _copy_to_repeats(arrival)


def _task(arrival: Arrival, principal: Principal, kinds: Kinds, history: list[bytes]) -> Task:
    state = arrival.state
    return Task(
        document=arrival.id,
        saved=None if state is None or history else state["saved"],
        index=None if state is None or history else state["index"],
        history=history,
        changes=[arrival.pushed.changes[position] for position in arrival.fresh],
        device=bytes.fromhex(principal.device or ""),
        writable=kinds[arrival.pushed.kind].writable[principal.role],
    )


def take_verdicts(arrivals: list[Arrival], verdicts: Iterable[Verdict]) -> None:
    """Enter what admission said."""
    by_document = {arrival.id: arrival for arrival in arrivals}
    for verdict in verdicts:
        arrival = by_document[verdict.document]
        arrival.verdict = verdict
        for refused in verdict.refused:
            arrival.refused[arrival.fresh[refused.position]] = (refused.code, refused.detail.replace("\0", ""))
        _copy_to_repeats(arrival)


def damaged(arrivals: list[Arrival]) -> set[str]:
    """Documents of which admission says that the stored cache is not what the changes make."""
    return {arrival.id for arrival in arrivals if any(code == CACHE_DAMAGED for code, _ in arrival.refused.values())}


def _copy_to_repeats(arrival: Arrival) -> None:
    """The same change twice in a push gets the same answer twice."""
    first: dict[bytes, int] = {}
    for position, found in enumerate(arrival.hashes):
        if found is None:
            continue
        earlier = first.setdefault(found, position)
        if earlier != position:
            if earlier in arrival.refused:
                arrival.refused[position] = arrival.refused[earlier]
            else:
                arrival.refused.pop(position, None)


def subject_of_arrival(arrival: Arrival, state: Row | None, now: int, clock_offset: int) -> Subject:
    """The document as it is after the admitted changes; `state` is the stored one."""
    verdict = arrival.admitted_verdict
    return Subject(
        id=arrival.id,
        kind=arrival.pushed.kind,
        scope=arrival.pushed.scope,
        content=plain(verdict.content or {}),
        conflicts=conflict_paths(verdict.conflicts),
        heads=verdict.heads,
        changes=(state["changes"] if state else 0) + len(verdict.admitted),
        received_at=state["received_at"] if state else now,
        clock_offset=clock_offset,
        arrived=state["arrived"] if state else None,
        cause="change",
    )


def change_rows(arrival: Arrival, seq: int, device: str, now: int, clock_offset: int) -> list[tuple[Any, ...]]:
    """Rows of `log.CHANGE_COLUMNS`."""
    return [
        (
            admitted.hash, arrival.id, arrival.pushed.scope, seq, admitted.order, device, admitted.actor, admitted.actor_seq,
            admitted.made_at, clock_offset, now, admitted.message.replace("\0", ""),
            arrival.pushed.changes[arrival.fresh[admitted.position]],
        )
        for admitted in arrival.admitted_verdict.admitted
    ]  # fmt: skip


def quarantine_rows(arrivals: list[Arrival], device: str, now: int) -> list[tuple[Any, ...]]:
    """What was refused for good. A refusal that only asks to be sent again leaves nothing behind."""
    rows = []
    for arrival in arrivals:
        pushed = arrival.pushed
        names = [name.replace("\0", "") for name in (pushed.id, pushed.kind, pushed.scope)]
        for position, (code, detail) in sorted(arrival.refused.items()):
            if code not in RETRY:
                chunk = pushed.changes[position]
                digest = hashlib.sha256(chunk).hexdigest()
                rows.append((device, *names, digest, code, detail, chunk[:LARGEST_CHANGE], now))
    return rows
