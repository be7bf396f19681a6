"""The attack files against the merge gate alone, with the checks before it taken out: what Automerge does then stays in the worker."""

from __future__ import annotations

import asyncio
import json
import re
import time
from pathlib import Path

import pytest

from server.sync.admission import Gate, Task

from .authors import DEVICE, Authors
from .chunks import split

pytestmark = [pytest.mark.rule("SY4"), pytest.mark.rule("SY5"), pytest.mark.shared]
MEBIBYTE = 1024 * 1024
MEMORY = 256 * MEBIBYTE
HARMFUL = re.compile(r"load: |data loss|HANG|in (load|merge|extract)\b")
"""What concerns the steps that the gate takes; the binding's other functions are never called."""


def task(name: str, changes: list[bytes]) -> Task:
    return Task(name, None, None, [], changes, DEVICE, ("**",))


async def test_bombs_explode_in_the_worker_only(shared_data: Path) -> None:
    folder = shared_data / "attacks"
    attacks = [entry for entry in json.loads((folder / "index.json").read_text()) if entry["expect"] == "refused"]
    gate, watched = Gate(2, 0.5, MEMORY, module="tests.sync.trusting_worker"), Gate(1)
    await gate.start()
    await watched.start()
    tasks = []
    for number, entry in enumerate(attacks):
        chunks = split((folder / entry["file"]).read_bytes())
        tasks += [task(f"good {number}", Authors(number, actors=1).write(2)), task(entry["file"], [b"".join(chunks)])]
    flood = asyncio.create_task(gate.examine(tasks))
    took = []
    while not flood.done():
        began = time.perf_counter()
        (verdict,) = await watched.examine([task("other", Authors(1, actors=1).write(2))])
        took.append(time.perf_counter() - began)
        assert not verdict.refused
        await asyncio.sleep(0.05)
    verdicts = {verdict.document: verdict for verdict in await flood}
    await gate.stop()
    await watched.stop()
    assert all(verdicts[f"good {number}"].admitted for number in range(len(attacks)))
    stopped = {name: verdict.refused[0].code for name, verdict in verdicts.items() if verdict.refused}
    harmful = [entry["file"] for entry in attacks if HARMFUL.search(entry["seen_without_a_gate"])]
    assert len(harmful) > 30
    assert set(harmful) <= set(stopped)
    assert set(stopped.values()) >= {"merge_failed", "gate_timeout"}
    assert gate.peak_bytes <= MEMORY
    assert sorted(took)[len(took) // 2] < 0.5, took
