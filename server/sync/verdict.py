"""What goes into admission and what comes out of it: one `Task` and one `Verdict` a document."""

from __future__ import annotations

from typing import Any

import msgspec


class Task(msgspec.Struct):
    """One document with the changes that were pushed for it. The caller has taken out those that are stored already."""

    document: str
    saved: bytes | None
    """The whole document as last merged, one chunk: a cache. None for a new document, or when the cache is lost."""
    index: bytes | None
    """What admission must remember of the document: opaque, as the last `Verdict` gave it."""
    history: list[bytes]
    """All stored chunks, dependencies first. Only filled when `index` or `saved` is None and the document exists."""
    changes: list[bytes]
    device: bytes
    """The first 8 bytes of every actor id that this device may use."""
    writable: tuple[str, ...]
    """Patterns of the paths that may be written: see `server.sync.paths`."""
    lost: list[bytes] = []
    """Hashes of changes that were refused before: what builds on them is refused as well."""


class Admitted(msgspec.Struct):
    position: int
    """Counts from 0 in `Task.changes`."""
    hash: bytes
    actor: str
    actor_seq: int
    made_at: int
    """By the device's clock, UTC milliseconds. 0: not told."""
    message: str
    order: int
    """1, 2, 3 … within the document's whole history, dependencies first."""


class Refused(msgspec.Struct):
    position: int
    code: str
    """One of `server.sync.refusals.REFUSALS`."""
    detail: str


class Verdict(msgspec.Struct):
    """One document. When nothing was admitted, `saved`, `index` and `content` are None and the stored ones stay."""

    document: str
    admitted: list[Admitted]
    """Dependencies first."""
    refused: list[Refused]
    saved: bytes | None = None
    index: bytes | None = None
    heads: list[str] = []
    """Hex, sorted. Those of the document after the admitted changes."""
    content: dict[str, Any] | None = None
    """Plain JSON values."""
    conflicts: list[dict[str, Any]] = []
    """`{"path": "lines/l1/quantity", "values": [{"value": …, "actor": hex, "op": "12@hex"}]}`; the value that shows is first."""


def refuse_all(task: Task, code: str, detail: str) -> Verdict:
    """Every change of the document is refused for one reason."""
    return Verdict(task.document, [], [Refused(position, code, detail) for position in range(len(task.changes))])


class Answer(msgspec.Struct, array_like=True):
    """What a gate worker says to a slice of tasks."""

    verdicts: list[Verdict]
    """On the tasks from the first on; fewer than the tasks when the worker had to end in between."""
    spent: bool
    """The worker is not to be used any more, and ends: the binding panicked in it, or memory ran out."""
    peak_bytes: int
    """The most memory that the process ever held."""
