"""Changed bytes: whatever passes the checks merges, loads again and reads; whatever does not is refused with a code."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from server.sync import merge
from server.sync.admission import REFUSALS, Task
from server.sync.gate_work import examine

from .authors import DEVICE, Authors
from .chunks import body_of, frame

pytestmark = [pytest.mark.rule("SY4"), pytest.mark.rule("SY5")]
MUTATIONS = 3_000
_HEADER = 50


def mutated(pick: random.Random, inside: bytes) -> bytes:
    octets = bytearray(inside)
    for _ in range(pick.choice((1, 1, 1, 2, 3))):
        lowest = _HEADER if len(octets) > _HEADER + 10 and pick.random() < 0.8 else 0
        at = pick.randrange(lowest, len(octets))
        how = pick.random()
        if how < 0.4:
            octets[at] = pick.choice((0, 1, 2, 127, 128, 255, pick.randrange(256)))
        elif how < 0.6:
            octets[at] = (octets[at] + pick.choice((1, -1, 2, 16))) % 256
        elif how < 0.75:
            octets.insert(at, pick.randrange(256))
        elif how < 0.9:
            del octets[at]
        else:
            other = pick.randrange(len(octets))
            octets[at], octets[other] = octets[other], octets[at]
    return bytes(octets)


@pytest.mark.parametrize("seed", range(3))
def test_mutated_changes(seed: int) -> None:
    pick = random.Random(seed)
    documents = [Authors(number, 1 + number % 3).write((2, 4, 8)[number % 3]) for number in range(30)]
    codes: Counter[str] = Counter()
    for _ in range(MUTATIONS // 3):
        chunks = list(pick.choice(documents))
        position = pick.randrange(len(chunks))
        chunks[position] = frame(mutated(pick, body_of(chunks[position])))
        verdict = examine(Task("d", None, None, [], chunks, DEVICE, ("**",)))
        answered = sorted(
            [entry.position for entry in verdict.admitted] + [entry.position for entry in verdict.refused]
        )
        assert answered == list(range(len(chunks)))
        assert {entry.code for entry in verdict.refused} <= set(REFUSALS) - {"merge_failed", "gate_died"}
        codes.update(entry.code for entry in verdict.refused if entry.position == position)
    assert merge.panics == 0
    assert len(codes) > 12, codes
