"""The first change of a document that headquarters begins: an Automerge change chunk, made byte by byte.

Only `merge.py` imports Automerge, because the binding may take its process along. What is made here goes through the merge gate like
what a tablet sends, and devices go on from it as from any other change.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping
from typing import Any

import msgspec

from .chunk import CHANGE, MAGIC
from .rows import SET

MAKE_MAP, MAKE_TEXT = 0, 4
_ROOT = 0
_NULL, _FALSE, _TRUE, _INT, _STRING = 0, 1, 2, 4, 6
"""Types of values, as the value column tells them."""


class _Operation(msgspec.Struct):
    """One row of the change; all its actors are the change's own. Its number is its place, from 1 on."""

    parent: int
    """The operation that made the object; 0 is the root."""
    action: int
    key: str | None = None
    after: int | None = None
    """Of a character: the one that it comes after; 0 is the head of the text."""
    kind: int = _NULL
    raw: bytes = b""


def first_change(actor: bytes, content: Mapping[str, Any], prose: Collection[str], made_at: int, message: str) -> bytes:
    """A document with this content in one plain change. `prose`: keys of the root that are collaborative text. TypeError for what
    documents do not hold: floats, lists."""
    operations: list[_Operation] = []
    _write_map(operations, _ROOT, content, prose)
    return _framed(_body(actor, operations, made_at // 1000, message))


def _write_map(operations: list[_Operation], parent: int, content: Mapping[str, Any], prose: Collection[str]) -> None:
    for key in sorted(content):
        value = content[key]
        if isinstance(value, Mapping):
            operations.append(_Operation(parent, MAKE_MAP, key))
            _write_map(operations, len(operations), value, ())
        elif key in prose and isinstance(value, str):
            operations.append(_Operation(parent, MAKE_TEXT, key))
            _write_text(operations, len(operations), value)
        else:
            operations.append(_Operation(parent, SET, key, None, *_scalar(value)))


def _write_text(operations: list[_Operation], parent: int, text: str) -> None:
    before = 0
    for character in text:
        operations.append(_Operation(parent, SET, None, before, _STRING, character.encode()))
        before = len(operations)


def _scalar(value: Any) -> tuple[int, bytes]:
    if value is None:
        return _NULL, b""
    if isinstance(value, bool):
        return (_TRUE if value else _FALSE), b""
    if isinstance(value, int):
        return _INT, _signed(value)
    if isinstance(value, str):
        return _STRING, value.encode()
    raise TypeError(f"a document holds no {type(value).__name__}")


def _body(actor: bytes, operations: list[_Operation], seconds: int, message: str) -> bytes:
    inside = [each.parent or None for each in operations]
    columns = [
        (0x01, _runs([None if parent is None else 0 for parent in inside], _unsigned)),
        (0x02, _runs(inside, _unsigned)),
        (0x11, _runs([0 if each.after else None for each in operations], _unsigned)),
        (0x13, _deltas([each.after for each in operations])),
        (0x15, _runs([each.key for each in operations], _string)),
        (0x34, _booleans([each.after is not None for each in operations])),
        (0x42, _runs([each.action for each in operations], _unsigned)),
        (0x56, _runs([len(each.raw) << 4 | each.kind for each in operations], _unsigned)),
        (0x57, b"".join(each.raw for each in operations)),
        (0x70, _runs([0] * len(operations), _unsigned)),
    ]
    columns = [(spec, octets) for spec, octets in columns if octets]
    said = message.encode()
    head = [
        _unsigned(0),  # it builds on nothing
        _unsigned(len(actor)) + actor,
        _unsigned(1) + _unsigned(1) + _signed(seconds),
        _unsigned(len(said)) + said,
        _unsigned(0),  # no other actors
        _unsigned(len(columns)),
    ]
    head += [_unsigned(spec) + _unsigned(len(octets)) for spec, octets in columns]
    return b"".join([*head, *(octets for _, octets in columns)])


def _framed(body: bytes) -> bytes:
    framed = bytes([CHANGE]) + _unsigned(len(body)) + body
    return MAGIC + hashlib.sha256(framed).digest()[:4] + framed


# --- the encodings that columns.py reads


def _unsigned(number: int) -> bytes:
    out = bytearray()
    while True:
        number, low = number >> 7, number & 0x7F
        out.append(low | (0x80 if number else 0))
        if not number:
            return bytes(out)


def _signed(number: int) -> bytes:
    out = bytearray()
    while True:
        number, low = number >> 7, number & 0x7F
        if (number == 0 and not low & 0x40) or (number == -1 and low & 0x40):
            out.append(low)
            return bytes(out)
        out.append(low | 0x80)


def _string(text: str) -> bytes:
    raw = text.encode()
    return _unsigned(len(raw)) + raw


def _runs(values: list[Any], encode: Callable[[Any], bytes]) -> bytes:
    """Equal neighbours as a run, single ones together as literals, nulls counted. Nothing for nulls alone."""
    if all(value is None for value in values):
        return b""
    out, literals, at = bytearray(), [], 0
    while at < len(values):
        end = at
        while end < len(values) and values[end] == values[at]:
            end += 1
        single = values[at] is not None and end - at == 1
        if single:
            literals.append(values[at])
        if literals and (not single or end == len(values)):
            out += _signed(-len(literals)) + b"".join(map(encode, literals))
            literals = []
        if values[at] is None:
            out += _signed(0) + _unsigned(end - at)
        elif not single:
            out += _signed(end - at) + encode(values[at])
        at = end
    return bytes(out)


def _deltas(values: list[int | None]) -> bytes:
    steps: list[int | None] = []
    last = 0
    for value in values:
        steps.append(None if value is None else value - last)
        last = last if value is None else value
    return _runs(steps, _signed)


def _booleans(values: list[bool]) -> bytes:
    out, now, count = bytearray(), False, 0
    for value in values:
        if value is not now:
            out += _unsigned(count)
            now, count = value, 0
        count += 1
    return bytes(out) + _unsigned(count) if values else b""
