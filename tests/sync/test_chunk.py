"""Frame and header of a change chunk."""

from __future__ import annotations

from typing import Any

import pytest
from automerge.core import ROOT, Document, ScalarType

from server.sync.admission import Refusal, change_hash
from server.sync.chunk import MAX_CHANGE_BYTES, read_change
from server.sync.index import Index
from server.sync.operations import admit
from server.sync.paths import root_of

from .authors import Authors, chunks_since
from .chunks import ACTOR, OTHER, body, change, columns_of, frame, unsigned

pytestmark = pytest.mark.rule("SY5")
ROW = {"key": "a", "value": (4, b"\x05")}


def code_of(chunk: bytes) -> str:
    with pytest.raises(Refusal) as caught:
        admit(Index.load(None), read_change(chunk), root_of(("**",)))
    return caught.value.code


def test_header_says_what_the_binding_says() -> None:
    authors = Authors(5)
    authors.write(40)
    changes = authors.content().get_changes([])
    for known, chunk in zip(changes, chunks_since(authors.content(), []), strict=True):
        read = read_change(chunk)
        assert read.hash == change_hash(chunk) == known.hash
        assert sorted(read.deps) == sorted(known.deps)
        assert (read.actor, read.seq, read.start) == (known.actor_id, known.seq, known.start_op)
        assert read.others == list(known.other_actor_ids)


def test_hand_written_change_is_what_the_binding_writes() -> None:
    document = Document(ACTOR)
    with document.transaction() as tx:
        tx.put(ROOT, "a", ScalarType.Int, 5)
    (chunk,) = chunks_since(document, [])
    time = read_change(chunk).made_at
    assert change(ROW, time=time) == chunk


@pytest.mark.parametrize(
    ("time", "made_at"),
    [(0, 0), (1_795_490_949, 1_795_490_949_000), (1_795_490_949_123, 1_795_490_949_123), (253_402_300_799_999,) * 2],
)
def test_time_is_seconds_or_milliseconds(time: int, made_at: int) -> None:
    assert read_change(change(ROW, time=time)).made_at == made_at


@pytest.mark.parametrize(
    ("code", "header"),
    [
        ("time_implausible", {"time": -1}),
        ("time_implausible", {"time": 253_402_300_800_000}),
        ("time_implausible", {"time": -(2**62)}),
        ("message_invalid", {"message": b"\xff"}),
        ("message_invalid", {"message": b"a" * 2001}),
        ("message_invalid", {"message": b"a\x00"}),
        ("actor_not_of_device", {"actor": ACTOR[:15]}),
        ("actor_not_of_device", {"actor": ACTOR + b"\x00"}),
        ("actor_not_of_device", {"others": [b"\x01"]}),
        ("not_canonical", {"others": [OTHER, OTHER]}),
        ("not_canonical", {"others": [ACTOR]}),
        ("not_canonical", {"deps": [b"\x02" * 32, b"\x01" * 32]}),
        ("dependency_missing", {"deps": [b"\x02" * 32]}),
        ("actor_unknown", {"others": [OTHER]}),
        ("sequence_gap", {"seq": 2}),
        ("sequence_gap", {"seq": 2**63}),
        ("sequence_used", {"seq": 0}),
        ("operation_id_used", {"start": 0}),
        ("operation_id_gap", {"start": 2}),
        ("operation_id_gap", {"start": 2**32 - 1}),
        ("operation_id_gap", {"start": 2**64 - 1}),
    ],
)
def test_header_is_refused(code: str, header: dict[str, Any]) -> None:
    assert code_of(change(ROW, **header)) == code


def test_frame_is_refused() -> None:
    chunk = change(ROW)
    for end in range(len(chunk)):
        assert code_of(chunk[:end]) in ("chunk_malformed", "chunk_length")
    assert code_of(chunk + b"\x00") == "chunk_length"
    assert code_of(chunk + chunk) == "chunk_length"
    assert code_of(b"\x84" + chunk[1:]) == "chunk_malformed"
    assert code_of(chunk[:-1] + bytes([chunk[-1] ^ 1])) == "checksum_mismatch"
    assert code_of(chunk[:4] + b"\x00" * 4 + chunk[8:]) == "checksum_mismatch"
    inside = body(columns_of(ROW))
    for kind in (0, 2, 3, 4, 255):
        assert code_of(frame(inside, kind)) == "chunk_type"
    assert code_of(frame(b"\x00" * MAX_CHANGE_BYTES)) == "change_too_large"


def test_a_length_in_a_longer_form_is_refused() -> None:
    chunk = change(ROW)
    assert code_of(chunk[:9] + bytes([chunk[9] | 0x80, 0]) + chunk[10:]) == "number_malformed"
    assert code_of(chunk[:9] + b"\x80" * 10 + b"\x01" + chunk[10:]) == "number_malformed"


def test_every_shortened_body_is_refused() -> None:
    inside = body(columns_of(ROW, {"key": "b", "value": (6, b"text")}), time=1_700_000_000, message=b"m")
    for end in range(len(inside)):
        assert code_of(frame(inside[:end])) != "dependency_missing"
    assert code_of(frame(inside + b"\x00")) == "trailing_bytes"


def test_counts_that_lie_are_refused_without_being_believed() -> None:
    inside = body(columns_of(ROW))
    head = b"\x00" + unsigned(16) + ACTOR + b"\x01\x01\x00\x00"
    assert inside.startswith(head)
    assert code_of(frame(unsigned(2**60) + inside[1:])) == "header_malformed"
    assert code_of(frame(head + unsigned(2**60))) == "header_malformed"
    assert code_of(frame(head + b"\x00" + unsigned(2**60))) == "header_malformed"
    assert code_of(frame(head + b"\x00\x01\x42" + unsigned(2**62))) == "column_malformed"
