"""Writes documents the way a tablet does: Automerge changes, one chunk each, never compressed.

For the demo, for `daybook import orders` and for tests. The server's own answers never pass through here.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

from automerge.core import ROOT, Document, ObjType, ScalarType, extract

_MAGIC = b"\x85\x6f\x4a\x83"
_CHANGE, _DEFLATED = 1, 2


class DocumentWriter:
    """One document in memory, written by one writing session of a device (a fresh actor)."""

    def __init__(
        self, device: str, chunks: Iterable[bytes] = (), *, prose: frozenset[str] = frozenset({"note"})
    ) -> None:
        """`device`: 16 hex digits. `chunks`: what is there already, dependencies first. `prose`: root keys that are text."""
        joined = b"".join(chunks)
        self._document = Document.load(joined) if joined else Document()
        self._document.set_actor(bytes.fromhex(device) + os.urandom(8))
        self._prose = prose

    @property
    def heads(self) -> list[str]:
        return sorted(head.hex() for head in self._document.get_heads())

    def content(self) -> dict[str, Any]:
        """The document as plain values; text as a string."""
        root = extract(self._document)
        if not isinstance(root, dict):
            raise TypeError("the root of a document is a map")
        return {key: _plain(value) for key, value in root.items()}

    def holds(self, heads: Iterable[str]) -> bool:
        """Whether the changes with these hashes (hex) are in the document."""
        there = {change.hash for change in self._document.get_changes([])}
        return all(bytes.fromhex(head) in there for head in heads)

    def write(self, values: Mapping[str, Any], *, delete: Iterable[str] = ()) -> bytes | None:
        """Sets each path (``stage``, ``lines/l1/quantity``) to its value and returns the change as one plain chunk,
        or None when all of it was so already.

        A mapping makes a map, a list of strings a list, a string a scalar (text where the path is prose). KeyError when a parent is missing.
        """
        before = self._document.get_heads()
        with self._document.transaction() as tx:
            for path, value in values.items():
                parent, key = self._parent(tx, path)
                self._put(tx, parent, key, value, prose=path in self._prose)
            for path in delete:
                parent, key = self._parent(tx, path)
                tx.delete(parent, key)
        made = self._document.get_changes(before)
        return plain_chunk(bytes(made[0].bytes)) if made else None

    def merge(self, chunks: Iterable[bytes]) -> None:
        """Takes in changes of others. Loads anew: the binding has no other safe way."""
        actor = self._document.get_actor()
        self._document = Document.load(b"".join([self._document.save(), *chunks]))
        self._document.set_actor(actor)

    def _parent(self, tx: Any, path: str) -> tuple[bytes, str]:
        *parents, key = path.split("/")
        at = ROOT
        for name in parents:
            found = tx.get(at, name)
            if found is None:
                raise KeyError(path)
            at = found[1]
        return at, key

    def _put(self, tx: Any, parent: bytes, key: str, value: Any, *, prose: bool = False) -> None:
        if isinstance(value, Mapping):
            made = tx.put_object(parent, key, ObjType.Map)
            for name, inner in value.items():
                self._put(tx, made, name, inner)
        elif isinstance(value, list):
            made = tx.put_object(parent, key, ObjType.List)
            for index, each in enumerate(value):
                tx.insert(made, index, ScalarType.Str, each)
        elif prose:
            made = tx.put_object(parent, key, ObjType.Text)
            for index, character in enumerate(value):
                tx.insert(made, index, ScalarType.Str, character)
        elif value is None:
            tx.put(parent, key, ScalarType.Null, None)
        elif isinstance(value, bool):
            tx.put(parent, key, ScalarType.Boolean, value)
        elif isinstance(value, int):
            tx.put(parent, key, ScalarType.Int, value)
        else:
            tx.put(parent, key, ScalarType.Str, value)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return str(value) if isinstance(value, str) else value


def plain_chunk(chunk: bytes) -> bytes:
    """The same change as a type 1 chunk: the binding deflates above 256 bytes, and the server takes plain ones only."""
    if chunk[8] == _CHANGE:
        return chunk
    if chunk[8] != _DEFLATED:
        raise ValueError(f"not a change chunk: type {chunk[8]}")
    _, at = _leb128(chunk, 9)
    body = zlib.decompress(chunk[at:], wbits=-15)
    framed = bytes([_CHANGE]) + _to_leb128(len(body)) + body
    return _MAGIC + hashlib.sha256(framed).digest()[:4] + framed


def _leb128(octets: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        octet = octets[at]
        value |= (octet & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if octet < 0x80:
            return value, at


def _to_leb128(value: int) -> bytes:
    out = bytearray()
    while True:
        value, low = value >> 7, value & 0x7F
        out.append(low | (0x80 if value else 0))
        if not value:
            return bytes(out)
