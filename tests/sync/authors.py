"""Honest authors for the tests: random documents written by several actors at once, with the binding itself."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from automerge.core import ROOT, Document, ObjType, ScalarType

from server.demo.document_writer import plain_chunk

DEVICE = bytes.fromhex("d0d1d2d3d4d5d6d7")
_KEYS = ["a", "b", "lines", "l1", "quantity", "note", "数量", "with/slash", " ", "k" * 40]
_TEXTS = ["", "x", "héllo", "发货到仓库", "😀👍🏽", "line\nbreak", "\x00", "a" * 300]


def chunks_since(document: Document, heads: list[bytes]) -> list[bytes]:
    return [plain_chunk(bytes(change.bytes)) for change in document.get_changes(heads)]


class Authors:
    """Several writing sessions on one document that merge now and then. Seeded: the same seed writes the same operations
    (but for the times)."""

    def __init__(self, seed: int, actors: int = 3, *, device: bytes = DEVICE) -> None:
        self.random = random.Random(seed)
        self.documents: list[Document] = []
        for _ in range(actors):
            self.documents.append(Document(device + self.random.randbytes(8)))

    def write(self, changes: int) -> list[bytes]:
        """All changes so far, dependencies first, after so many more; the last one joins all heads."""
        pick = self.random
        for _ in range(changes):
            document = pick.choice(self.documents)
            with document.transaction() as tx:
                for _ in range(pick.choice((1, 1, 1, 2, 5, 12))):
                    self._edit(tx)
            if pick.random() < 0.3:
                self.merge(document, pick.choice(self.documents))
        first = self.documents[0]
        for other in self.documents[1:]:
            self.merge(first, other)
        return chunks_since(first, [])

    @staticmethod
    def merge(into: Document, other: Document) -> None:
        if into is not other:
            into.merge(other)

    def content(self) -> Document:
        return self.documents[0]

    def _edit(self, tx: Any) -> None:
        pick = self.random
        at, kind = ROOT, ObjType.Map
        for _ in range(pick.randrange(4)):
            inner = self._objects_in(tx, at, kind)
            if not inner or pick.random() < 0.3:
                break
            at = pick.choice(inner)
            kind = tx.object_type(at)
        if kind == ObjType.Map:
            self._edit_map(tx, at)
        elif kind == ObjType.List:
            self._edit_list(tx, at)
        else:
            self._edit_text(tx, at)

    @staticmethod
    def _objects_in(tx: Any, at: bytes, kind: Any) -> list[bytes]:
        if kind == ObjType.Text:
            return []
        return [inner for value, inner in tx.values(at) if isinstance(value, ObjType)]

    def _edit_map(self, tx: Any, at: bytes) -> None:
        pick = self.random
        key = pick.choice(_KEYS)
        if pick.random() < 0.2 and tx.get(at, key) is not None:
            tx.delete(at, key)
        elif pick.random() < 0.4:
            tx.put_object(at, key, pick.choice((ObjType.Map, ObjType.List, ObjType.Text)))
        else:
            tx.put(at, key, *self._scalar())

    def _edit_list(self, tx: Any, at: bytes) -> None:
        pick = self.random
        length = tx.length(at)
        if length and pick.random() < 0.25:
            tx.delete(at, pick.randrange(length))
        elif length and pick.random() < 0.25:
            tx.put(at, pick.randrange(length), *self._scalar())
        elif pick.random() < 0.3:
            tx.insert_object(at, pick.randint(0, length), pick.choice((ObjType.Map, ObjType.List, ObjType.Text)))
        else:
            tx.insert(at, pick.randint(0, length), *self._scalar())

    def _edit_text(self, tx: Any, at: bytes) -> None:
        pick = self.random
        length = tx.length(at)
        if length > 3 and pick.random() < 0.4:
            for _ in range(pick.randint(1, 3)):
                tx.delete(at, pick.randrange(tx.length(at)))
            return
        place = pick.randint(0, length)
        for character in pick.choice(("a", "hello", "备注😀")):
            tx.insert(at, place, ScalarType.Str, character)
            place += 1

    def _scalar(self) -> tuple[Any, Any]:
        pick = self.random
        return pick.choice(
            (
                (ScalarType.Null, None),
                (ScalarType.Boolean, pick.random() < 0.5),
                (
                    ScalarType.Int,
                    pick.choice((0, 1, -1, 127, -64, 64, 2**53, -(2**63), 2**63 - 1, pick.randint(-(10**6), 10**6))),
                ),
                (ScalarType.Uint, pick.choice((0, 1, 128, 2**62))),
                (ScalarType.F64, pick.choice((0.0, 1.5, -2.0, 1e300, float("inf"), float("nan")))),
                (ScalarType.Str, pick.choice(_TEXTS)),
                (ScalarType.Bytes, pick.randbytes(pick.randrange(20))),
                (ScalarType.Timestamp, datetime(2026, 1, 1) + timedelta(milliseconds=pick.randint(-(10**12), 10**12))),
            )
        )
