"""What honest authors write is admitted, all of it, in any order, at once or bit by bit, with the same outcome."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from automerge.core import ROOT, Document, ObjType, ScalarType
from msgspec import structs

from server.demo.document_writer import DocumentWriter
from server.sync.admission import Task, Verdict, change_hash
from server.sync.gate_work import examine
from server.sync.index import Index
from server.sync.verify import rebuild

from .authors import DEVICE, Authors, chunks_since

pytestmark = [pytest.mark.rule("SY4"), pytest.mark.rule("SY5")]
SEEDS = range(60)


@pytest.fixture(autouse=True)
def _as_in_a_worker() -> Iterator[None]:
    """The binding gives local time; workers run in UTC."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = "UTC"
    time.tzset()
    yield
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


def task(changes: list[bytes], on: Verdict | None = None, **others: Any) -> Task:
    saved, index = (on.saved, on.index) if on else (None, None)
    return structs.replace(Task("d", saved, index, [], changes, DEVICE, ("**",)), **others)


def test_thousands_of_random_changes_are_admitted() -> None:
    changes = 0
    for seed in SEEDS:
        authors = Authors(seed, actors=1 + seed % 4)
        chunks = authors.write((5, 30, 80)[seed % 3])
        verdict = examine(task(chunks))
        assert not verdict.refused, seed
        assert [entry.order for entry in verdict.admitted] == list(range(1, len(chunks) + 1))
        assert verdict.heads == sorted(head.hex() for head in authors.content().get_heads())
        changes += len(chunks)
    assert changes > 2000


@pytest.mark.parametrize("seed", range(12))
def test_order_and_portions_do_not_matter(seed: int) -> None:
    chunks = Authors(seed, actors=3).write(40)
    whole = examine(task(chunks))
    pick = random.Random(seed)
    mixed = pick.sample(chunks, len(chunks))
    assert _outcome(examine(task(mixed))) == _outcome(whole)
    verdict: Verdict | None = None
    at = 0
    while at < len(chunks):
        some = chunks[at : at + pick.randint(1, 5)]
        at += len(some)
        verdict = examine(task(some, verdict))
        assert not verdict.refused
    assert verdict is not None
    assert _outcome(verdict) == _outcome(whole)


def _outcome(verdict: Verdict) -> Any:
    assert not verdict.refused
    return verdict.content, verdict.heads, sorted(map(repr, verdict.conflicts))


def test_a_lost_cache_is_built_again_from_the_history() -> None:
    chunks = Authors(3, actors=3).write(30)
    first = examine(task(chunks[:20]))
    expected = _outcome(examine(task(chunks[20:], first)))
    for lost in ({"index": None}, {"saved": None}, {"index": None, "saved": None}, {"index": b"\x91\x63"}):
        assert _outcome(examine(task(chunks[20:], first, **{**lost, "history": chunks[:20]}))) == expected
    assert rebuild(chunks[:20]).pack() == first.index


def test_a_damaged_cache_is_no_fault_of_the_change() -> None:
    chunks = Authors(3, actors=1).write(12)
    first = examine(task(chunks[:10]))
    for saved in (first.saved[:-1], b"nonsense", examine(task(chunks[:9])).saved):
        verdict = examine(task(chunks[10:], first, saved=saved))
        assert [entry.code for entry in verdict.refused] == ["cache_damaged"] * 2
        assert not verdict.admitted


def test_the_index_survives_packing() -> None:
    index = rebuild(Authors(9, actors=4).write(60))
    again = Index.load(index.pack())
    assert (again.slot_of, again.object_of, again.change_of) == (index.slot_of, index.object_of, index.change_of)
    with pytest.raises(ValueError, match="version"):
        Index.load(b"\x91\x63")


def test_content_is_plain_json() -> None:
    document = Document(DEVICE + b"\x00" * 8)
    with document.transaction() as tx:
        for key, kind, value in (
            ("whole", ScalarType.F64, 3.0),
            ("part", ScalarType.F64, 2.5),
            ("huge", ScalarType.F64, 1e300),
            ("nan", ScalarType.F64, float("nan")),
            ("infinite", ScalarType.F64, float("-inf")),
            ("unsigned", ScalarType.Uint, 7),
            ("signed", ScalarType.Int, -(2**63)),
            ("bytes", ScalarType.Bytes, b"\xff\x00a"),
            ("at", ScalarType.Timestamp, datetime(2026, 2, 3, 4, 5, 6, 789000)),
            ("yes", ScalarType.Boolean, True),
            ("null", ScalarType.Null, None),
            ("code", ScalarType.Str, "数量"),
        ):
            tx.put(ROOT, key, kind, value)
        text = tx.put_object(ROOT, "prose", ObjType.Text)
        for place, character in enumerate("备注😀"):
            tx.insert(text, place, ScalarType.Str, character)
        some = tx.put_object(ROOT, "some", ObjType.List)
        tx.insert(some, 0, ScalarType.Int, 1)
        inner = tx.insert_object(some, 1, ObjType.Map)
        tx.put(inner, "x", ScalarType.F64, -0.0)
    assert examine(task(chunks_since(document, []))).content == {
        "whole": 3,
        "part": 2.5,
        "huge": 1e300,
        "nan": None,
        "infinite": None,
        "unsigned": 7,
        "signed": -(2**63),
        "bytes": "/wBh",
        "at": "2026-02-03T04:05:06.789Z",
        "yes": True,
        "null": None,
        "code": "数量",
        "prose": "备注😀",
        "some": [1, {"x": 0}],
    }


def _two_devices() -> tuple[bytes, DocumentWriter, DocumentWriter]:
    first = DocumentWriter(DEVICE.hex())
    start = first.write({"stage": "draft", "lines": {"l1": {"quantity": "1", "note": "n"}}})
    return start, first, DocumentWriter(DEVICE.hex(), [start])


def test_competing_values_are_shown_and_a_later_choice_ends_it() -> None:
    start, one, two = _two_devices()
    left = one.write({"lines/l1/quantity": "2", "stage": "submitted"})
    right = two.write({"lines/l1/quantity": "3", "stage": "submitted"})
    verdict = examine(task([start, right, left]))
    (conflict,) = verdict.conflicts  # both set the same stage: nothing to choose there
    assert conflict["path"] == "lines/l1/quantity"
    assert sorted(entry["value"] for entry in conflict["values"]) == ["2", "3"]
    assert conflict["values"][0]["value"] == verdict.content["lines"]["l1"]["quantity"]
    for entry in conflict["values"]:
        counter, _, actor = entry["op"].partition("@")
        assert actor == entry["actor"]
        assert counter.isdigit()
    one.merge([right])
    chosen = examine(task([one.write({"lines/l1/quantity": "3"})], verdict))
    assert chosen.conflicts == []
    assert chosen.content["lines"]["l1"]["quantity"] == "3"


def test_an_unrelated_change_does_not_hide_a_conflict() -> None:
    start, one, two = _two_devices()
    verdict = examine(task([start, one.write({"stage": "submitted"}), right := two.write({"stage": "withdrawn"})]))
    one.merge([right])
    later = examine(task([one.write({"lines/l1/note": "joined"})], verdict))
    assert len(later.heads) == 1
    assert [sorted(entry["value"] for entry in found["values"]) for found in later.conflicts] == [
        ["submitted", "withdrawn"]
    ]


def test_conflicts_in_what_was_deleted_are_not_shown() -> None:
    start, one, two = _two_devices()
    changes = [start, one.write({"lines/l1/quantity": "2"}), two.write({"lines/l1/quantity": "3"})]
    verdict = examine(task(changes))
    assert verdict.conflicts
    one.merge(changes[2:])
    assert examine(task([one.write({}, delete=["lines/l1"])], verdict)).conflicts == []


def test_competing_objects_and_elements() -> None:
    base = Document(DEVICE + b"\x01" * 8)
    with base.transaction() as tx:
        some = tx.put_object(ROOT, "some", ObjType.List)
        tx.insert(some, 0, ScalarType.Int, 1)
    other = Document.load(base.save())
    other.set_actor(DEVICE + b"\x02" * 8)
    for document, name, value in ((base, "a", 10), (other, "b", 20)):
        with document.transaction() as tx:
            tx.put(tx.put_object(ROOT, "ship_to", ObjType.Map), "name", ScalarType.Str, name)
            tx.put(some, 0, ScalarType.Int, value)
    base.merge(other)
    verdict = examine(task(chunks_since(base, [])))
    found = {conflict["path"]: [entry["value"] for entry in conflict["values"]] for conflict in verdict.conflicts}
    element = f"some/[2@{(DEVICE + bytes([1]) * 8).hex()}]"
    assert {path: sorted(values, key=str) for path, values in found.items()} == {
        "ship_to": [{"name": "a"}, {"name": "b"}],
        element: [10, 20],
    }
    assert verdict.content["ship_to"] == found["ship_to"][0]
    assert verdict.content["some"] == [found[element][0]]


def test_a_change_that_stands_twice() -> None:
    chunks = Authors(1, actors=1).write(3)
    verdict = examine(task([*chunks, chunks[0]]))
    assert len(verdict.admitted) == 3
    assert [(entry.position, entry.code) for entry in verdict.refused] == [(3, "change_repeated")]


def test_what_builds_on_a_missing_or_a_refused_change() -> None:
    first, second, third = Authors(1, actors=1).write(3)
    verdict = examine(task([second, third]))
    assert {entry.code for entry in verdict.refused} == {"dependency_missing"}
    assert (verdict.saved, verdict.index, verdict.content) == (None, None, None)
    verdict = examine(task([second, third], lost=[change_hash(first)]))
    assert {entry.code for entry in verdict.refused} == {"dependency_refused"}
    stranger = examine(task([first, second, third], device=b"\x00" * 8))
    assert {entry.code for entry in stranger.refused} == {"actor_not_of_device"}


def test_a_long_history_of_one_key_and_a_long_text() -> None:
    writer = DocumentWriter(DEVICE.hex())
    chunks = [writer.write({"note": "x" * 2000, "stage": "0"})]
    chunks += [writer.write({"stage": str(number)}) for number in range(1, 400)]
    verdict = examine(task(chunks))
    assert not verdict.refused
    assert verdict.content == {"note": "x" * 2000, "stage": "399"}
    assert verdict.conflicts == []


def test_conflicts_inside_what_does_not_show_are_not_shown() -> None:
    """Two devices made the same map; inside the one that lost, two more disagree. Only the maps compete."""
    one, two = DocumentWriter(DEVICE.hex()), DocumentWriter(DEVICE.hex())
    made = {writer: writer.write({"ship_to": {"name": "x"}}) for writer in (one, two)}
    both = examine(task(list(made.values())))
    shown = both.conflicts[0]["values"][0]["actor"]
    loser = next(chunk for chunk in made.values() if chunk[12:28].hex() != shown)
    third, fourth = DocumentWriter(DEVICE.hex(), [loser]), DocumentWriter(DEVICE.hex(), [loser])
    later = [third.write({"ship_to/name": "y"}), fourth.write({"ship_to/name": "z"})]
    assert [found["path"] for found in examine(task([loser, *later])).conflicts] == ["ship_to/name"]
    assert [found["path"] for found in examine(task(later, both)).conflicts] == ["ship_to"]


def test_many_heads_and_many_conflicts_stay_cheap() -> None:
    """200 sessions wrote 50 keys each without having seen one another; then one who saw half of them."""
    start = DocumentWriter(DEVICE.hex())
    first = start.write({"kind": "order"})
    writers = [DocumentWriter(DEVICE.hex(), [first]) for _ in range(200)]
    chunks = [writer.write({f"k{key}": number for key in range(50)}) for number, writer in enumerate(writers)]
    late = DocumentWriter(DEVICE.hex(), [first, *chunks[:100]])
    began = time.process_time()
    verdict = examine(task([first, *chunks, late.write({"k0": "late"})]))
    assert not verdict.refused
    assert len(verdict.heads) == 101
    assert len(verdict.conflicts) == 50
    assert all(len(found["values"]) >= 101 for found in verdict.conflicts)
    assert time.process_time() - began < 20
