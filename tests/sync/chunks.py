"""Change chunks written by hand: an encoder of the format, so that tests can say exactly what stands in a change."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Any

from server.sync.columns import read_unsigned

ACTOR = bytes.fromhex("d0d1d2d3d4d5d6d7") + b"\x01" * 8
OTHER = bytes.fromhex("d0d1d2d3d4d5d6d7") + b"\x02" * 8


def unsigned(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def signed(value: int) -> bytes:
    out = bytearray()
    while not -0x40 <= value < 0x40:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value & 0x7F)
    return bytes(out)


def string(value: str | bytes) -> bytes:
    octets = value.encode() if isinstance(value, str) else value
    return unsigned(len(octets)) + octets


def runs(values: Iterable[Any], write: Callable[[Any], bytes]) -> bytes:
    """Run-length encoding in its one canonical form."""
    groups: list[tuple[Any, int]] = []
    for value in values:
        if groups and groups[-1][0] == value:
            groups[-1] = value, groups[-1][1] + 1
        else:
            groups.append((value, 1))
    if all(value is None for value, _ in groups):
        return b""
    out = b""
    literal: list[bytes] = []

    def flush() -> bytes:
        octets = signed(-len(literal)) + b"".join(literal) if literal else b""
        literal.clear()
        return octets

    for value, count in groups:
        if value is not None and count == 1:
            literal.append(write(value))
        elif value is None:
            out += flush() + b"\x00" + unsigned(count)
        else:
            out += flush() + signed(count) + write(value)
    return out + flush()


def deltas(values: Iterable[int | None]) -> bytes:
    before, steps = 0, []
    for value in values:
        steps.append(None if value is None else value - before)
        before = before if value is None else value
    return runs(steps, signed)


def booleans(values: Iterable[bool]) -> bytes:
    counts, now = [0], False
    for value in values:
        if value is not now:
            counts.append(0)
            now = value
        counts[-1] += 1
    return b"".join(map(unsigned, counts)) if counts != [0] else b""


def frame(body: bytes, kind: int = 1) -> bytes:
    """Any body as a chunk with a sound frame."""
    framed = bytes([kind]) + unsigned(len(body)) + body
    return b"\x85\x6f\x4a\x83" + hashlib.sha256(framed).digest()[:4] + framed


def body_of(chunk: bytes) -> bytes:
    return chunk[read_unsigned(chunk, 9)[1] :]


def columns_of(*rows: dict[str, Any]) -> dict[int, bytes]:
    """Rows -> columns. A row may have: `obj` and `elem` (counter, actor), `key`, `insert`, `action` (1: set), `value`
    (type, bytes), `pred` [(counter, actor)]. An `elem` of None is the head of a list."""

    def pairs(name: str) -> list[tuple[Any, Any]]:
        return [row.get(name) or (None, None) for row in rows]

    objects, preds = pairs("obj"), [row.get("pred", []) for row in rows]
    elements = [((0, None) if row["elem"] is None else row["elem"]) if "elem" in row else (None, None) for row in rows]
    values = [row.get("value", (0, b"")) for row in rows]
    flat = [pred for some in preds for pred in some]
    columns = {
        0x01: runs([actor for _, actor in objects], unsigned),
        0x02: runs([counter for counter, _ in objects], unsigned),
        0x11: runs([actor for _, actor in elements], unsigned),
        0x13: deltas([counter for counter, _ in elements]),
        0x15: runs([row.get("key") for row in rows], string),
        0x34: booleans([row.get("insert", False) for row in rows]),
        0x42: runs([row.get("action", 1) for row in rows], unsigned),
        0x56: runs([len(octets) << 4 | kind for kind, octets in values], unsigned),
        0x57: b"".join(octets for _, octets in values),
        0x70: runs([len(some) for some in preds], unsigned),
        0x71: runs([actor for _, actor in flat], unsigned),
        0x73: deltas([counter for counter, _ in flat]),
    }
    return {spec: octets for spec, octets in columns.items() if octets}


def body(
    columns: dict[int, bytes] | list[tuple[int, bytes]],
    *,
    deps: Iterable[bytes] = (),
    actor: bytes = ACTOR,
    seq: int = 1,
    start: int = 1,
    time: int = 0,
    message: bytes = b"",
    others: Iterable[bytes] = (),
) -> bytes:
    """The inside of a change chunk."""
    deps, others = list(deps), list(others)
    pairs = list(columns.items()) if isinstance(columns, dict) else columns
    return b"".join(
        (
            unsigned(len(deps)),
            *deps,
            string(actor),
            unsigned(seq),
            unsigned(start),
            signed(time),
            string(message),
            unsigned(len(others)),
            *(string(other) for other in others),
            unsigned(len(pairs)),
            *(unsigned(spec) + unsigned(len(octets)) for spec, octets in pairs),
            *(octets for _, octets in pairs),
        )
    )


def change(*rows: dict[str, Any], **header: Any) -> bytes:
    """A change chunk of these rows."""
    return frame(body(columns_of(*rows), **header))


def hash_of(chunk: bytes) -> bytes:
    return hashlib.sha256(chunk[8:]).digest()


def split(octets: bytes) -> list[bytes]:
    """A file of several chunks; what is no sound frame stays whole."""
    found, at = [], 0
    while at < len(octets):
        try:
            length, begin = read_unsigned(octets, at + 9)
        except IndexError:
            return [octets]
        if begin + length > len(octets):
            return [octets]
        found.append(octets[at : begin + length])
        at = begin + length
    return found
