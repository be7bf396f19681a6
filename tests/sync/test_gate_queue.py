"""Whose turn it is at the gate, and what a worker has besides what it works on."""

from __future__ import annotations

from collections import deque

import pytest

from server.sync.admission import Task, Turn
from server.sync.gate_queue import HELD, SLICE_DOCUMENTS, Call, Held, Queue

from .authors import DEVICE

pytestmark = [pytest.mark.rule("SY4"), pytest.mark.rule("SY5")]
WORKERS = 2
MANY = 8 * SLICE_DOCUMENTS


def call(name: str, count: int, turn: Turn | None = None) -> Call:
    tasks = [Task(f"{name}{number}", None, None, [], [b"change"], DEVICE, ("**",)) for number in range(count)]
    return Call(tasks, turn or Turn(), WORKERS)


def queue(*calls: Call) -> Queue:
    made = Queue(WORKERS)
    for each in calls:
        made.add(each)
    return made


def handed_out(waiting: Queue) -> list[str]:
    """The first document of each slice, as a worker that holds nothing gets them."""
    found = []
    while taken := waiting.take(()):
        found.append(taken.call.tasks[taken.places[0]].document)
    return found


async def test_callers_take_turns_and_each_is_answered_in_order() -> None:
    push, small = Turn(), call("small", 3)
    first, second = call("first", 3 * SLICE_DOCUMENTS, push), call("second", 2, push)
    got = handed_out(queue(first, second, small))
    assert got[1] == "small0"
    of_the_push = [name for name in got if name != "small0"]
    assert of_the_push == sorted(of_the_push, key=lambda name: (name.startswith("second"), int(name.lstrip("firstecond"))))
    assert of_the_push[-1] == "second0"


async def test_a_worker_has_the_next_slice_of_a_caller_who_is_alone() -> None:
    waiting = queue(call("d", MANY))
    held = [waiting.take(())]
    while more := waiting.take(held):  # type: ignore[arg-type]
        held.append(more)
    assert len(held) == HELD


async def test_nobody_stands_behind_another_caller_s_slice() -> None:
    waiting = queue(call("large", MANY), call("other", MANY))
    held = [waiting.take(())]
    assert waiting.take(held) is None  # type: ignore[arg-type]


async def test_the_last_slices_are_for_whoever_is_free() -> None:
    waiting = queue(call("d", 8))  # in slices of four
    held = [waiting.take(())]
    assert waiting.take(held) is None  # type: ignore[arg-type]
    assert waiting.take(()) is not None


async def test_a_suspect_is_alone_and_what_was_not_begun_is_none() -> None:
    asked = call("d", MANY)
    waiting = queue(asked)
    first, second = waiting.take(()), waiting.take(())
    assert first is not None and second is not None
    waiting.give_back(asked, slices=[second.places])
    waiting.give_back(asked, suspects=first.places)
    again = waiting.take(())
    assert again == Held(asked, second.places)
    while (taken := waiting.take(())) and not taken.alone:
        pass
    assert taken == Held(asked, first.places[:1], alone=True)
    assert waiting.take([taken]) is None
    assert asked.suspects == deque(first.places[1:])


async def test_of_a_caller_who_has_gone_nothing_comes_back() -> None:
    asked = call("d", MANY)
    waiting = queue(asked)
    taken = waiting.take(())
    assert taken is not None
    asked.drop()
    asked.done.cancel()
    waiting.give_back(asked, slices=[taken.places])
    assert waiting.take(()) is None
