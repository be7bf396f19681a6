"""The outsider's own maker of Automerge change chunks, byte by byte from the public format and docs/sync.md."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

MAGIC = bytes.fromhex("856f4a83")
MAKE_MAP, SET, MAKE_LIST, DELETE, MAKE_TEXT = range(5)
ROOT = (None, None)

Id = tuple[int | None, int | None]  # operation number, index of its actor


def uleb(number: int) -> bytes:
    out = bytearray()
    while True:
        byte, number = number & 0x7F, number >> 7
        if not number:
            return bytes([*out, byte])
        out.append(byte | 0x80)


def sleb(number: int) -> bytes:
    out = bytearray()
    while True:
        byte, number = number & 0x7F, number >> 7
        if (number == 0 and not byte & 0x40) or (number == -1 and byte & 0x40):
            return bytes([*out, byte])
        out.append(byte | 0x80)


def string(text: str) -> bytes:
    raw = text.encode()
    return uleb(len(raw)) + raw


def runs(values: list[Any], encode: Callable[[Any], bytes]) -> bytes:
    """Run-length encoding: equal neighbours as a run, single ones together as a literal, nulls counted."""
    if all(value is None for value in values):
        return b""
    out, literal, at = bytearray(), [], 0

    def flush() -> None:
        if literal:
            out.extend(sleb(-len(literal)) + b"".join(map(encode, literal)))
            literal.clear()

    while at < len(values):
        end = at
        while end < len(values) and values[end] == values[at]:
            end += 1
        if values[at] is None:
            flush()
            out += sleb(0) + uleb(end - at)
        elif end - at > 1:
            flush()
            out += sleb(end - at) + encode(values[at])
        else:
            literal.append(values[at])
        at = end
    flush()
    return bytes(out)


def deltas(values: list[int | None]) -> bytes:
    out: list[int | None] = []
    last = 0
    for value in values:
        out.append(None if value is None else value - last)
        last = last if value is None else value
    return runs(out, sleb)


def booleans(values: list[bool]) -> bytes:
    out, now, count = bytearray(), False, 0
    for value in values:
        if value is not now:
            out += uleb(count)
            now, count = value, 0
        count += 1
    return bytes(out) + uleb(count) if values else b""


def scalar(value: Any) -> tuple[int, bytes]:
    if value is None:
        return 0, b""
    if isinstance(value, bool):
        return 2 if value else 1, b""
    if isinstance(value, int):
        return 4, sleb(value)
    if isinstance(value, str):
        return 6, value.encode()
    raise TypeError(type(value))


@dataclass
class Op:
    obj: Id
    key: str | Id  # a key of a map, or the element that this one comes after
    action: int
    value: Any = None
    insert: bool = False
    pred: tuple[Id, ...] = ()


def chunk(actor: bytes, seq: int, start: int, deps: list[bytes], ops: list[Op], when: int) -> tuple[bytes, bytes]:
    """One change of one actor: `(bytes, hash)`."""
    values = [scalar(op.value) if op.action == SET else (0, b"") for op in ops]
    keys = [(None, None) if isinstance(op.key, str) else op.key for op in ops]
    preds = [one for op in ops for one in op.pred]
    columns = [
        (0x01, runs([op.obj[1] for op in ops], uleb)),
        (0x02, runs([op.obj[0] for op in ops], uleb)),
        (0x11, runs([key[1] for key in keys], uleb)),
        (0x13, deltas([key[0] for key in keys])),
        (0x15, runs([op.key if isinstance(op.key, str) else None for op in ops], string)),
        (0x34, booleans([op.insert for op in ops])),
        (0x42, runs([op.action for op in ops], uleb)),
        (0x56, runs([len(raw) << 4 | kind for kind, raw in values], uleb)),
        (0x57, b"".join(raw for _, raw in values)),
        (0x70, runs([len(op.pred) for op in ops], uleb)),
        (0x71, runs([one[1] for one in preds], uleb)),
        (0x73, deltas([one[0] for one in preds])),
    ]
    columns = [(spec, data) for spec, data in columns if data]
    body = b"".join(
        [
            uleb(len(deps)),
            *sorted(deps),
            uleb(len(actor)) + actor,
            uleb(seq) + uleb(start) + sleb(when),
            uleb(0),  # no message
            uleb(0),  # no other actors
            uleb(len(columns)),
            *(uleb(spec) + uleb(len(data)) for spec, data in columns),
            *(data for _, data in columns),
        ]
    )
    framed = b"\x01" + uleb(len(body)) + body
    digest = hashlib.sha256(framed).digest()
    return MAGIC + digest[:4] + framed, digest


class Writer:
    """One document that this session alone writes: its changes are a chain."""

    def __init__(self, device: str, kind: str, scope: str) -> None:
        self.id = secrets.token_hex(16)
        self.kind, self.scope = kind, scope
        self.actor = bytes.fromhex(device) + secrets.token_bytes(8)
        self.changes: list[bytes] = []
        self.hashes: list[bytes] = []
        self.start = 1
        self.ops: list[Op] = []
        self.places: dict[tuple[str, ...], Id] = {(): ROOT}
        self.last: dict[tuple[str, ...], Id] = {}

    def _add(self, op: Op) -> Id:
        self.ops.append(op)
        return self.start + len(self.ops) - 1, 0

    def put(self, path: str, value: Any) -> None:
        """Sets a value at `a/b/c`, a dict makes the map."""
        *above, key = keys = tuple(path.split("/"))
        action = MAKE_MAP if isinstance(value, dict) else SET
        pred = (self.last[keys],) if keys in self.last else ()
        self.last[keys] = self._add(Op(self.places[tuple(above)], key, action, value, pred=pred))
        if action == MAKE_MAP:
            self.places[keys] = self.last[keys]
            for inner, one in value.items():
                self.put(f"{path}/{inner}", one)

    def text(self, path: str, letters: str) -> None:
        *above, key = keys = tuple(path.split("/"))
        place = self._add(Op(self.places[tuple(above)], key, MAKE_TEXT))
        self.last[keys] = self.places[keys] = place
        after: Id = (0, None)
        for letter in letters:
            after = self._add(Op(place, after, SET, letter, insert=True))

    def commit(self) -> bytes:
        data, digest = chunk(
            self.actor, len(self.changes) + 1, self.start, self.hashes[-1:], self.ops, int(time.time())
        )
        self.start += len(self.ops)
        self.ops = []
        self.changes.append(data)
        self.hashes.append(digest)
        return data
