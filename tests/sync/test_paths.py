"""Which paths a role may write."""

from __future__ import annotations

from typing import Any

import pytest

from server.sync.admission import Refusal
from server.sync.chunk import read_change
from server.sync.index import Index
from server.sync.operations import admit
from server.sync.paths import root_of, written

from .chunks import change, hash_of

pytestmark = pytest.mark.rule("SY5")
MAP, SET, LIST, DELETE, TEXT = 0, 1, 2, 3, 4
LINES = [
    {"key": "lines", "action": MAP},
    {"key": "l1", "obj": (1, 0), "action": MAP},
    {"key": "quantity", "obj": (2, 0), "value": (6, b"3")},
    {"key": "note", "action": TEXT},
    {"elem": None, "insert": True, "obj": (4, 0), "value": (6, b"x")},
    {"key": "tags", "action": LIST},
    {"elem": None, "insert": True, "obj": (6, 0), "value": (6, b"t")},
    {"key": "stage", "value": (6, b"draft")},
]


def attempt(row: dict[str, Any], *patterns: str) -> str | None:
    """The code that the row gets on top of `LINES`, None when it is admitted."""
    index = Index.load(None)
    first = change(*LINES)
    admit(index, read_change(first), root_of(("**",)))
    second = change(row, seq=2, start=len(LINES) + 1, deps=[hash_of(first)])
    try:
        admit(index, read_change(second), root_of(patterns))
    except Refusal as refusal:
        return refusal.code
    return None


@pytest.mark.parametrize(
    ("row", "allowed", "forbidden"),
    [
        ({"key": "stage"}, ["stage", "*", "**"], ["", "stages", "stage/*", "*/*"]),
        (
            {"key": "quantity", "obj": (2, 0)},
            ["lines/*/quantity", "lines/l1/*", "*/*/*", "lines/**"],
            ["lines/*", "lines/*/price", "lines", "lines/l2/**", "quantity"],
        ),
        (
            {"key": "l2", "obj": (1, 0), "action": MAP},
            ["lines/*", "lines/*/quantity", "lines/**", "lines/l2/a/b"],
            ["lines", "lines/l1/quantity", "*"],
        ),
        (
            {"key": "l1", "obj": (1, 0), "action": DELETE, "pred": [(2, 0)]},
            ["lines/*", "lines/*/quantity", "lines/**"],
            ["lines", "lines/*/a/b"],
        ),
        (
            {"key": "l1", "obj": (1, 0), "action": MAP, "pred": [(2, 0)]},
            ["lines/*", "lines/*/quantity"],
            ["lines/*/a/b"],
        ),
        ({"key": "l1", "obj": (1, 0), "pred": [(2, 0)]}, ["lines/*", "lines/**"], ["lines/*/quantity"]),
        ({"key": "lines", "action": DELETE, "pred": [(1, 0)]}, ["lines", "lines/**", "lines/*"], ["lines/*/quantity"]),
        ({"key": "stage", "action": DELETE, "pred": [(8, 0)]}, ["stage", "stage/**"], ["stage/*"]),
        (
            {"elem": (5, 0), "insert": True, "obj": (4, 0), "value": (6, b"y")},
            ["note", "note/**", "**"],
            ["notes/**", "note/*"],
        ),
        ({"elem": (5, 0), "action": DELETE, "obj": (4, 0), "pred": [(5, 0)]}, ["note", "note/**"], ["tags/**"]),
        (
            {"elem": (7, 0), "insert": True, "obj": (6, 0), "value": (6, b"y")},
            ["tags/*", "tags/**"],
            ["tags", "tags/7"],
        ),
        ({"elem": (7, 0), "insert": True, "obj": (6, 0), "action": MAP}, ["tags/*", "tags/*/name"], ["tags"]),
    ],
)
def test_patterns(row: dict[str, Any], allowed: list[str], forbidden: list[str]) -> None:
    for pattern in allowed:
        assert attempt(row, pattern) is None, pattern
        assert attempt(row, "other/*/x", pattern) is None, pattern
    for pattern in filter(None, forbidden):
        assert attempt(row, pattern) == "path_forbidden", pattern
    assert attempt(row) == "path_forbidden"
    assert attempt(row, *filter(None, forbidden)) == "path_forbidden"


def test_nothing_is_left_of_a_change_that_was_forbidden() -> None:
    index = Index.load(None)
    before = index.pack()
    with pytest.raises(Refusal, match="path_forbidden"):
        admit(index, read_change(change(*LINES)), root_of(("lines/**", "note/**", "tags/**")))
    assert index.pack() == before
    assert not index.slot_of
    assert list(index.object_of) == [0]


def test_patterns_that_are_none() -> None:
    for pattern in ("", "a//b", "**/a", "a/**/b", "/a"):
        with pytest.raises(ValueError, match="not a pattern"):
            root_of((pattern,))


def test_written_paths_are_told_apart() -> None:
    assert written(["a/b", "c~d", "数"]) == "a~1b/c~0d/数"


@pytest.mark.parametrize("patterns", [("**",), ("*",), ("lines/*/quantity", "lines/**"), ("__proto__/**",)])
def test_no_pattern_covers_the_key_that_browsers_hide(patterns: tuple[str, ...]) -> None:
    for start in ([], ["lines"], ["lines", "l1"]):
        place = root_of(patterns)
        for key in [*start, "__proto__"]:
            place = place.at(key)
        reached = (place.matches, place.below, place.directly_below, place.at("quantity").matches)
        assert not any(reached)
