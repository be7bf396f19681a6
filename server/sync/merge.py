"""The one place that imports automerge: loading, saving and reading of merged documents.

Called in gate workers only. The binding panics with a `BaseException`, aborts or hangs when bytes are hostile; the callers
expect that. Documents are only ever loaded, saved and read: `diff`, `fork` and transactions are not safe on them.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from automerge.core import ROOT, Document, ObjType

from .index import ACTOR_BITS, MAX_ACTORS, Index
from .paths import written

_MAP, _TEXT = ObjType.Map, ObjType.Text
Merged = tuple[Document, bytes]
"""A document, and its one saved chunk."""
_EXACT = float(1 << 53)
_MOST_CONFLICTS = 100
"""More than a person decides: the rest comes when these are settled."""


class MergeFailed(Exception):
    """The changes do not make a document that can be saved, loaded again and read."""


panics = 0
"""How often the binding panicked in this process. Once is enough to end it: its state is not to be trusted any more."""


@contextmanager
def _guarded() -> Iterator[None]:
    """Turns what the binding raises into MergeFailed; its panics are no `Exception`."""
    global panics
    try:
        yield
    except (MergeFailed, MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        if not isinstance(error, Exception):
            panics += 1
        raise MergeFailed(f"{type(error).__name__}: {error}"[:200]) from error


def merge(saved: bytes | None, chunks: list[bytes], heads: list[bytes]) -> Merged:
    """Loads, saves, and loads what was saved -> (that document, its one chunk). MergeFailed when the heads are not those expected."""
    with _guarded():
        document = Document.load(b"".join([saved, *chunks] if saved else chunks))
        _check_heads(document, heads)
        whole = document.save()
        again = Document.load(whole)
        _check_heads(again, heads)
    return again, whole


def _check_heads(document: Document, heads: list[bytes]) -> None:
    if sorted(document.get_heads()) != heads:
        raise MergeFailed("other heads than expected")


def extract(document: Document) -> dict[str, Any]:
    """The document as plain JSON values. MergeFailed when it cannot be read."""
    with _guarded():
        return _read_map(document, ROOT)


def _read_map(document: Document, object_id: bytes) -> dict[str, Any]:
    return {
        key: _plain(document, value, inner)
        for key, (value, inner) in zip(document.keys(object_id), document.values(object_id), strict=True)
    }


def _plain(document: Document, value: Any, object_id: bytes) -> Any:
    """What the binding returned, as a JSON value. Bytes become base64, dates ISO 8601 in UTC, whole floats integers, NaN and
    infinities null."""
    if type(value) is not tuple:
        if value == _MAP:
            return _read_map(document, object_id)
        if value == _TEXT:
            return document.text(object_id)
        return [_plain(document, element, inner) for element, inner in document.values(object_id)]
    scalar = value[1]
    kind = type(scalar)
    if kind is float:
        if not math.isfinite(scalar):
            return None
        return int(scalar) if scalar.is_integer() and abs(scalar) < _EXACT else scalar
    if kind is datetime:  # workers run with TZ=UTC: the binding gives naive local time
        return scalar.replace(tzinfo=UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if kind is list or kind is bytes:
        return base64.b64encode(bytes(scalar)).decode()
    return scalar


def conflicts(document: Document, index: Index) -> list[dict[str, Any]]:
    """Where several values stand, and what each author had written; the one that shows is first. Equal plain values are no conflict.

    The binding cannot list competing values; but right after the change that set one, that one shows.
    """
    with _guarded():
        return _conflicts(document, index)


def _conflicts(document: Document, index: Index) -> list[dict[str, Any]]:
    found = []
    stored = index.stored
    for number, slot, ops in index.undecided(_MOST_CONFLICTS):
        key = stored.slot_key[slot]
        values = [
            {
                "value": _value_of(document, index, number, key, op),
                "actor": stored.actors[op & MAX_ACTORS - 1].hex(),
                "op": index.op_name(op),
            }
            for op in ops
        ]
        first = values[0]["value"]
        if all(entry["value"] == first for entry in values) and not isinstance(first, dict):
            continue
        found.append({"path": written([*index.path_of(number), index.key_name(key)]), "values": values})
    return found


def _value_of(document: Document, index: Index, number: int, key: str | int, op: int) -> Any:
    """The value that operation `op` set. None when it does not show even there."""
    object_id = ROOT if number == 0 else _binding_id(index, index.stored.objects[number])
    wanted = _binding_id(index, op)
    heads = [index.change_with(op)]
    shown = [document.get(object_id, key, heads)] if isinstance(key, str) else document.values(object_id, heads)
    for pair in shown:
        if pair is not None and _same_operation(pair[1], wanted):
            return _plain(document, *pair)
    return None


def _binding_id(index: Index, op: int) -> bytes:
    """An operation as the binding names it: version, actor, a hint where the actor stands in its table, counter."""
    actor = index.stored.actors[op & MAX_ACTORS - 1]
    return b"\x10" + bytes([len(actor)]) + actor + b"\x00" + _unsigned(op >> ACTOR_BITS)


def _same_operation(given: bytes, wanted: bytes) -> bool:
    """Equal but for the hint, one number between actor and counter."""
    if given[:18] != wanted[:18]:
        return False
    at = 18
    while given[at] >= 0x80:
        at += 1
    return given[at + 1 :] == wanted[19:]


def _unsigned(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
