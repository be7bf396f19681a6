"""The gate: whatever a worker does, every change gets its answer, and only the culprit a bad one."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator

import psutil
import pytest
import pytest_asyncio

from server.problems import Problem
from server.sync.admission import Gate, Task, Verdict

from .authors import DEVICE
from .chunks import ACTOR, OTHER, change, hash_of

pytestmark = [pytest.mark.rule("SY4"), pytest.mark.rule("SY5")]
MEBIBYTE = 1024 * 1024
MEMORY = 256 * MEBIBYTE
SECONDS = 0.4


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def gate() -> AsyncIterator[Gate]:
    """One whose workers misbehave when a change says so."""
    gate = Gate(2, SECONDS, MEMORY, module="tests.sync.misbehaving_worker")
    await gate.start()
    yield gate
    await gate.stop()


def task(name: str, *changes: bytes) -> Task:
    return Task(name, None, None, [], list(changes), DEVICE, ("**",))


def chain(*messages: str, actor: bytes = ACTOR, key: str = "k") -> list[bytes]:
    """Changes one after the other, each with its message."""
    found: list[bytes] = []
    for number, message in enumerate(messages, 1):
        deps = [hash_of(found[-1])] if found else []
        row = {"key": f"{key}{number}", "value": (4, b"\x01")}
        found.append(change(row, actor=actor, seq=number, start=number, deps=deps, message=message.encode()))
    return found


def codes(verdict: Verdict) -> dict[int, str]:
    return {entry.position: entry.code for entry in verdict.refused}


DEEDS = [
    ("die", "gate_died"),
    ("abort", "gate_died"),
    ("hang", "gate_timeout"),
    ("eat", "gate_memory"),
    ("panic", "merge_failed"),
    ("fail", "merge_failed"),
]


@pytest.mark.parametrize(("deed", "code"), DEEDS)
async def test_one_bad_document_among_fifty(gate: Gate, deed: str, code: str) -> None:
    tasks = [task(f"good {number}", *chain("", "")) for number in range(50)]
    tasks.insert(23, task("bad", *chain(deed)))
    verdicts = await gate.examine(tasks)
    assert [verdict.document for verdict in verdicts] == [asked.document for asked in tasks]
    bad = verdicts.pop(23)
    assert codes(bad) == {0: code}
    assert (bad.admitted, bad.saved) == ([], None)
    assert all(len(verdict.admitted) == 2 and not verdict.refused for verdict in verdicts)
    assert all(verdict.content == {"k1": 1, "k2": 1} for verdict in verdicts)


@pytest.mark.parametrize(("deed", "code"), DEEDS)
async def test_one_bad_change_in_a_document(gate: Gate, deed: str, code: str) -> None:
    """Eight good ones of one actor, beside them another's good one, a bad one, and what builds on it."""
    good = chain(*[""] * 8)
    other = chain("", deed, "", actor=OTHER, key="o")
    pushed = [other[2], *good[::-1], other[1], other[0]]
    (verdict,) = await gate.examine([task("mixed", *pushed)])
    assert codes(verdict) == {0: "dependency_refused", 9: code}
    assert [entry.hash for entry in verdict.admitted if entry.actor == ACTOR.hex()] == [
        hash_of(chunk) for chunk in good
    ]
    assert sorted(entry.position for entry in verdict.admitted) == [1, 2, 3, 4, 5, 6, 7, 8, 10]
    assert sorted(entry.order for entry in verdict.admitted) == list(range(1, 10))
    assert verdict.heads == sorted([hash_of(good[-1]).hex(), hash_of(other[0]).hex()])
    assert verdict.content == {"o1": 1, **{f"k{number}": 1 for number in range(1, 9)}}
    more = change({"key": "next"}, seq=9, start=9, deps=[hash_of(good[-1])])
    asked = Task("mixed", verdict.saved, verdict.index, [], [more], DEVICE, ("**",))
    (after,) = await gate.examine([asked])
    assert [entry.order for entry in after.admitted] == [10]


async def test_others_are_answered_while_a_worker_hangs(gate: Gate) -> None:
    hanging = asyncio.create_task(gate.examine([task("bad", *chain("hang")), task("good", *chain(""))]))
    await asyncio.sleep(0.05)
    took = []
    while not hanging.done() and len(took) < 40:
        began = time.perf_counter()
        (verdict,) = await gate.examine([task("other", *chain("", ""))])
        took.append(time.perf_counter() - began)
        assert len(verdict.admitted) == 2
        await asyncio.sleep(0.02)
    assert len(took) > 5
    assert sorted(took)[len(took) // 2] < SECONDS / 2
    bad, good = await hanging
    assert codes(bad) == {0: "gate_timeout"}
    assert len(good.admitted) == 1


async def test_a_worker_that_only_sleeps_is_found_out() -> None:
    gate = Gate(1, 0.1, MEMORY, module="tests.sync.misbehaving_worker")
    await gate.start()
    bad, good = await gate.examine([task("bad", *chain("sleep")), task("good", *chain(""))])
    await gate.stop()
    assert codes(bad) == {0: "gate_timeout"}
    assert len(good.admitted) == 1


async def test_a_worker_killed_from_outside_blames_nobody(gate: Gate) -> None:
    await gate.examine([task("first", *chain(""))])
    asked = asyncio.create_task(gate.examine([task(f"d{number}", *chain("", "")) for number in range(300)]))
    await asyncio.sleep(0.01)
    for child in psutil.Process().children():
        if "tests.sync.misbehaving_worker" in child.cmdline():
            child.kill()
    verdicts = await asked
    assert all(len(verdict.admitted) == 2 for verdict in verdicts)


async def test_memory_of_a_worker_is_bounded(gate: Gate) -> None:
    await gate.examine([task("bad", *chain("eat"))])
    await gate.examine([task(f"good {number}", *chain("")) for number in range(20)])
    assert 0 < gate.peak_bytes <= MEMORY


async def test_stopping_tells_those_who_wait() -> None:
    gate = Gate(1, 30.0, MEMORY, module="tests.sync.misbehaving_worker")
    with pytest.raises(Problem) as closed:
        await gate.examine([task("d", *chain(""))])
    assert closed.value.status == 503
    await gate.start()
    assert await gate.examine([]) == []
    waiting = [asyncio.create_task(gate.examine([task("d", *chain("sleep"))])) for _ in range(2)]
    await asyncio.sleep(0.3)
    workers = [child for child in psutil.Process().children() if str(30.0) in child.cmdline()]
    assert workers
    await gate.stop()
    for one in waiting:
        with pytest.raises(Problem):
            await one
    assert not any(worker.is_running() and worker.status() != psutil.STATUS_ZOMBIE for worker in workers)


async def test_a_caller_who_goes_away_costs_nothing_more(gate: Gate) -> None:
    asked = asyncio.create_task(gate.examine([task(f"d{number}", *chain("")) for number in range(500)]))
    await asyncio.sleep(0)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    (verdict,) = await gate.examine([task("next", *chain(""))])
    assert len(verdict.admitted) == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no such limits on this system")
async def test_the_worker_itself_has_the_limits() -> None:
    gate = Gate(1, 2.0, MEMORY)
    await gate.start()
    await gate.examine([task("d", *chain(""))])
    (worker,) = [
        child
        for child in psutil.Process().children()
        if "server.sync.gate_worker" in child.cmdline() and str(MEMORY) in child.cmdline()
    ]
    assert worker.rlimit(psutil.RLIMIT_AS) == (MEMORY, MEMORY)
    assert worker.memory_info().rss < 64 * MEBIBYTE
    assert "DAYBOOK_DATABASE_URL" not in worker.environ()
    await gate.stop()


async def test_a_worker_ends_with_its_server() -> None:
    """Even when the server was killed: the worker's standard input ends then."""
    worker = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "server.sync.gate_worker", str(MEMORY), "1.0"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    answered, _ = await asyncio.wait_for(worker.communicate(b""), 20)
    assert (worker.returncode, answered) == (0, b"")


async def test_the_server_never_loads_automerge() -> None:
    code = "import server.sync.admission, sys; sys.exit('automerge' in sys.modules)"
    checked = await asyncio.create_subprocess_exec(sys.executable, "-c", code)
    assert await checked.wait() == 0
