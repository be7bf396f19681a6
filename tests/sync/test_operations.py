"""Operations against the document: what refers to nothing, or to the wrong thing, is refused by name."""

from __future__ import annotations

from typing import Any

import pytest

from server.sync.admission import Refusal
from server.sync.chunk import read_change
from server.sync.index import Index
from server.sync.operations import admit
from server.sync.paths import root_of

from .chunks import ACTOR, OTHER, body, change, columns_of, frame, hash_of, signed, unsigned

pytestmark = pytest.mark.rule("SY5")
MAP, SET, LIST, DELETE, TEXT, INCREMENT, TABLE, MARK = range(8)
ANYWHERE = root_of(("**",))
BASE = [
    {"key": "m", "action": MAP},  # 1
    {"key": "l", "action": LIST},  # 2
    {"key": "t", "action": TEXT},  # 3
    {"elem": None, "insert": True, "obj": (2, 0), "value": (4, b"\x01")},  # 4
    {"elem": None, "insert": True, "obj": (3, 0), "value": (6, b"x")},  # 5
    {"key": "s", "value": (6, b"scalar")},  # 6
    {"key": "gone", "value": (0, b"")},  # 7
    {"key": "gone", "action": DELETE, "pred": [(7, 0)]},  # 8
]


def on_base(*rows: dict[str, Any], **header: Any) -> str | None:
    """The code that a second change of these rows gets; None when it is admitted. A refused one must leave no trace."""
    index = Index.load(None)
    first = change(*BASE)
    admit(index, read_change(first), ANYWHERE)
    before = index.pack()
    second = change(*rows, **{"seq": 2, "start": len(BASE) + 1, "deps": [hash_of(first)], **header})
    try:
        admit(index, read_change(second), ANYWHERE)
    except Refusal as refusal:
        assert index.pack() == before
        assert Index.load(before).slot_of == index.slot_of
        return refusal.code
    assert Index.load(index.pack()).pack() == index.pack()
    return None


def raw(columns: dict[int, bytes]) -> str | None:
    try:
        admit(Index.load(None), read_change(frame(body(columns))), ANYWHERE)
    except Refusal as refusal:
        return refusal.code
    return None


@pytest.mark.parametrize(
    "row",
    [
        {"key": "s", "pred": [(6, 0)], "value": (6, b"new")},
        {"key": "s", "pred": [(6, 0)], "action": DELETE},
        {"key": "n", "obj": (1, 0), "value": (1, b"")},
        {"elem": (4, 0), "insert": True, "obj": (2, 0), "value": (3, b"\x05")},
        {"elem": (4, 0), "obj": (2, 0), "pred": [(4, 0)], "value": (5, b"\x00" * 8)},
        {"elem": (4, 0), "obj": (2, 0), "pred": [(4, 0)], "action": DELETE},
        {"elem": (5, 0), "obj": (3, 0), "pred": [(5, 0)], "action": DELETE},
        {"key": "b", "value": (7, b"\xff\x00")},
        {"key": "d", "value": (9, signed(253_402_300_799_999))},
        {"key": "d", "value": (9, signed(-62_135_596_800_000))},
        {"key": "i", "value": (4, signed(-(2**63)))},
        {"key": "k" * 512},
    ],
)
def test_good_operations(row: dict[str, Any]) -> None:
    assert on_base(row) is None


@pytest.mark.parametrize(
    ("code", "row"),
    [
        ("object_unknown", {"key": "x", "obj": (99, 0)}),
        ("object_unknown", {"key": "x", "obj": (6, 0)}),  # a scalar
        ("object_unknown", {"key": "x", "obj": (9, 0), "action": MAP}),  # itself
        ("object_unknown", {"key": "x", "obj": (10, 0)}),  # later in the same change
        ("object_unknown", {"key": "x", "obj": (0, 0)}),
        ("object_unknown", {"key": "x", "obj": (2**40, 0)}),
        ("actor_unknown", {"key": "x", "obj": (1, 1)}),
        ("actor_unknown", {"key": "x", "obj": (1, 2**32)}),
        ("object_wrong_type", {"key": "x", "obj": (2, 0)}),
        ("object_wrong_type", {"elem": None, "insert": True, "obj": (1, 0)}),
        ("object_wrong_type", {"elem": None, "insert": True}),
        ("object_wrong_type", {"obj": (1, 0)}),
        ("operation_malformed", {"key": "x", "insert": True}),
        ("operation_malformed", {"key": "", "value": (1, b"")}),
        ("operation_malformed", {"elem": None, "insert": True, "obj": (3, 0), "value": (4, b"\x01")}),
        ("operation_malformed", {"elem": None, "insert": True, "obj": (3, 0), "action": MAP}),
        ("operation_malformed", {"elem": (4, 0), "insert": True, "obj": (2, 0), "pred": [(4, 0)]}),
        ("operation_malformed", {"key": "m2", "action": MAP, "value": (6, b"x")}),
        ("element_unknown", {"elem": (99, 0), "insert": True, "obj": (2, 0)}),
        ("element_unknown", {"elem": (5, 0), "insert": True, "obj": (2, 0)}),  # of another list
        ("element_unknown", {"elem": (6, 0), "insert": True, "obj": (2, 0)}),  # no element
        ("element_unknown", {"elem": None, "obj": (2, 0), "pred": [(4, 0)]}),
        ("predecessor_unknown", {"elem": (4, 0), "obj": (2, 0)}),
        ("predecessor_elsewhere", {"elem": (4, 0), "obj": (2, 0), "pred": [(5, 0)]}),
        ("predecessor_unknown", {"key": "s", "pred": [(99, 0)]}),
        ("predecessor_unknown", {"key": "s", "pred": [(9, 0)]}),  # itself
        ("predecessor_unknown", {"key": "gone", "pred": [(8, 0)]}),  # a deletion
        ("predecessor_elsewhere", {"key": "s", "pred": [(1, 0)]}),
        ("predecessor_elsewhere", {"key": "new", "pred": [(6, 0)]}),
        ("predecessor_unknown", {"key": "s", "action": DELETE}),
        ("not_canonical", {"key": "s", "pred": [(6, 0), (6, 0)]}),
        ("actor_unknown", {"key": "s", "pred": [(6, 7)]}),
        ("key_too_long", {"key": "k" * 513}),
        ("key_too_long", {"key": "数" * 200}),
        ("text_not_utf8", {"key": b"\xff"}),
        ("text_not_utf8", {"key": "x", "value": (6, b"\xc3")}),
        ("counter_forbidden", {"key": "x", "value": (8, b"\x03")}),
        ("counter_forbidden", {"key": "s", "action": INCREMENT, "value": (4, b"\x01"), "pred": [(6, 0)]}),
        ("table_forbidden", {"key": "x", "action": TABLE}),
        ("mark_forbidden", {"elem": None, "obj": (3, 0), "action": MARK}),
        ("action_unknown", {"key": "x", "action": 8}),
        ("action_unknown", {"key": "x", "action": 2**40}),
        *[("value_type_unknown", {"key": "x", "value": (kind, b"\x01")}) for kind in range(10, 16)],
        *[("column_malformed", {"key": "x", "value": (kind, b"\x01")}) for kind in (0, 1, 2, 5)],
        ("column_malformed", {"key": "x", "value": (4, b"")}),
        ("column_malformed", {"key": "x", "value": (4, b"\x01\x01")}),
        ("column_malformed", {"key": "x", "value": (4, b"\x81")}),
        ("number_malformed", {"key": "x", "value": (4, b"\x81\x00")}),
        ("number_malformed", {"key": "x", "value": (3, b"\x80" * 9 + b"\x02")}),
        ("value_out_of_range", {"key": "x", "value": (3, unsigned(2**63))}),
        ("value_out_of_range", {"key": "x", "value": (9, signed(253_402_300_800_000))}),
        ("value_out_of_range", {"key": "x", "value": (9, signed(-62_135_596_800_001))}),
        ("value_out_of_range", {"key": "x", "value": (9, signed(2**63 - 1))}),
    ],
)
def test_bad_operations(code: str, row: dict[str, Any]) -> None:
    assert on_base(row) == code


def test_depth() -> None:
    def nested(depth: int) -> list[dict[str, Any]]:
        return [{"key": "d", "action": MAP, "obj": (at, 0) if at else None} for at in range(depth)]

    index = Index.load(None)
    admit(index, read_change(change(*nested(32))), ANYWHERE)
    with pytest.raises(Refusal, match="depth_exceeded"):
        admit(Index.load(None), read_change(change(*nested(33))), ANYWHERE)
    deeper = change({"key": "x", "action": LIST, "obj": (32, 0)}, seq=2, start=33, deps=index.heads())
    with pytest.raises(Refusal, match="depth_exceeded"):
        admit(index, read_change(deeper), ANYWHERE)


def test_columns_that_are_not_known_or_do_not_fit() -> None:
    good = columns_of({"key": "a", "value": (4, b"\x01")})
    assert raw(good) is None
    assert raw({**good, 0xC2: b"\x7f\x00"}) == "column_unknown"
    assert raw({0x03: b"\x7f\x00", **good}) == "column_unknown"
    assert raw({**dict(sorted({**good, 0x4A: good[0x42]}.items()))}) == "column_unknown"  # a deflated one
    assert raw({**good, 0x94: b"\x01"}) == "mark_forbidden"
    assert raw({**good, 0xA5: b"\x7f\x01a"}) == "mark_forbidden"
    for spec in good:
        assert raw({other: octets for other, octets in good.items() if other != spec}) is not None
    assert raw({**good, 0x34: b"\x02"}) == "column_malformed"
    assert raw({**good, 0x42: b"\x02\x01"}) == "column_malformed"
    assert raw({**good, 0x57: b"\x01\x01"}) == "trailing_bytes"
    assert raw({**good, 0x56: b"\x7f" + unsigned(2**59 << 4 | 4)}) == "column_malformed"
    assert raw({**good, 0x70: b"\x7f\x01"}) == "column_malformed"


@pytest.mark.parametrize("count", [20_001, 2**26, 2**40, 2**62])
def test_run_lengths_are_capped(count: int) -> None:
    run = signed(count)
    rows = {0x15: run + b"\x01a", 0x34: unsigned(count), 0x42: run + b"\x01", 0x56: run + b"\x00", 0x70: run + b"\x00"}
    assert raw(rows) == "run_length_cap"
    one = columns_of({"key": "a"})
    assert raw({**one, 0x70: b"\x7f" + unsigned(count), 0x71: run + b"\x00", 0x73: run + b"\x00"}) == "run_length_cap"
    assert raw({**one, 0x34: unsigned(count)}) == "run_length_cap"


def test_what_an_author_had_not_seen_is_unknown_to_him() -> None:
    """References reach only into what a change builds on: it may come to a device before the rest."""
    index = Index.load(None)
    first = change({"key": "s", "value": (6, b"1")})
    second = change({"key": "m", "action": MAP}, seq=2, start=2, deps=[hash_of(first)])
    for chunk in (first, second):
        admit(index, read_change(chunk), ANYWHERE)
    header: dict[str, Any] = {"actor": OTHER, "others": [ACTOR], "deps": [hash_of(first)], "start": 2}
    for code, row in (
        ("object_unknown", {"key": "x", "obj": (2, 1)}),
        ("predecessor_unknown", {"key": "m", "pred": [(2, 1)], "action": DELETE}),
    ):
        with pytest.raises(Refusal, match=code):
            admit(index, read_change(change(row, **header)), ANYWHERE)
    admit(index, read_change(change({"key": "s", "pred": [(1, 1)], "value": (6, b"2")}, **header)), ANYWHERE)


def test_an_actor_builds_on_its_own_changes() -> None:
    index = Index.load(None)
    first = change({"key": "s"})
    second = change({"key": "t"}, seq=2, start=2, deps=[hash_of(first)])
    other = change({"key": "u"}, actor=OTHER, start=2, deps=[hash_of(first)])
    for chunk in (first, second, other):
        admit(index, read_change(chunk), ANYWHERE)
    third = change({"key": "v"}, seq=3, start=3, deps=[hash_of(other)])
    with pytest.raises(Refusal, match="own_change_missing"):
        admit(index, read_change(third), ANYWHERE)
    again = change({"key": "v"}, seq=2, start=3, deps=[hash_of(other)])
    with pytest.raises(Refusal, match="sequence_used"):
        admit(index, read_change(again), ANYWHERE)
    joined = change({"key": "v"}, seq=3, start=3, deps=sorted([hash_of(second), hash_of(other)]))
    admit(index, read_change(joined), ANYWHERE)


def test_operation_ids_are_taken_once() -> None:
    assert on_base({"key": "x"}, start=1) == "operation_id_used"
    assert on_base({"key": "x"}, start=8) == "operation_id_used"
    assert on_base({"key": "x"}, start=10) == "operation_id_gap"
    assert on_base({"key": "x"}, start=2**31) == "operation_id_gap"
