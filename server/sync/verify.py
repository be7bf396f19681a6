"""Admission of the changes of one document: which are taken, in which order, and why the others are not.

Nothing here touches Automerge; what passes goes on to the merge (`server.sync.merge`).
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from .chunk import DEVICE_BYTES, Change, change_hash, read_change
from .index import Index
from .operations import admit
from .paths import Place, root_of
from .refusals import Refusal
from .verdict import Refused, Task

__all__ = ["change_hash", "check", "hashes", "in_order", "read_changes", "rebuild"]


def read_changes(task: Task) -> tuple[list[Change], list[Refused]]:
    """Frame and header of every pushed change, and that its actor is the device's."""
    changes: list[Change] = []
    refused: list[Refused] = []
    for position, chunk in enumerate(task.changes):
        try:
            change = read_change(chunk, position)
            if len(task.device) != DEVICE_BYTES or not change.actor.startswith(task.device):
                raise Refusal("actor_not_of_device", change.actor.hex())
        except Refusal as refusal:
            refused.append(Refused(position, refusal.code, refusal.detail))
        else:
            changes.append(change)
    return changes, refused


def rebuild(history: Iterable[bytes]) -> Index:
    """The index of a document from all its stored chunks, dependencies first. They were admitted once: a Refusal here means that
    the store is damaged."""
    index = Index.load(None)
    anywhere = root_of(("**",))
    for position, chunk in enumerate(history):
        admit(index, read_change(chunk, position), anywhere)
    return index


def check(index: Index, changes: list[Change], root: Place, lost: set[bytes]) -> tuple[list[Change], list[Refused]]:
    """Takes into the index what can be taken, dependencies first, else in the order given -> (taken, refused).

    `lost` holds the hashes of refused changes, and gets more: what builds on them is refused too.
    """
    taken: list[Change] = []
    refused: list[Refused] = []
    waiting: dict[bytes, list[Change]] = {}
    for first in changes:
        ready = [first]
        while ready:
            change = ready.pop()
            missing = next((dep for dep in change.deps if dep not in index.change_of), None)
            if missing is not None and missing not in lost:
                waiting.setdefault(missing, []).append(change)
                continue
            try:
                if missing is not None:
                    raise Refusal("dependency_refused", missing.hex())
                if change.hash in index.change_of:
                    raise Refusal("change_repeated", "")
                admit(index, change, root)
            except Refusal as refusal:
                refused.append(Refused(change.position, refusal.code, refusal.detail))
                if change.hash not in index.change_of:
                    lost.add(change.hash)
            else:
                taken.append(change)
            ready += reversed(waiting.pop(change.hash, ()))
    for dep, stuck in waiting.items():
        refused += [Refused(change.position, "dependency_missing", dep.hex()) for change in stuck]
    return taken, refused


def in_order(chunks: list[bytes]) -> list[int]:
    """Positions of the chunks, each after those it builds on; what cannot be read comes last."""
    changes: list[Change] = []
    for position, chunk in enumerate(chunks):
        with suppress(Refusal):
            changes.append(read_change(chunk, position))
    by_hash = {change.hash: change for change in changes}
    ordered: list[int] = []
    placed: set[bytes] = set()
    for change in changes:
        left = [change]
        while left:
            at = left[-1]
            below = next((dep for dep in at.deps if dep in by_hash and dep not in placed), None)
            if below is not None and at.hash not in placed:
                left.append(by_hash[below])
                continue
            left.pop()
            if at.hash not in placed:
                placed.add(at.hash)
                ordered.append(at.position)
    readable = set(ordered)
    return ordered + [position for position in range(len(chunks)) if position not in readable]


def hashes(chunks: Iterable[bytes]) -> list[bytes]:
    """Identities of those whose frame is sound."""
    found = []
    for chunk in chunks:
        with suppress(Refusal):
            found.append(change_hash(chunk))
    return found
