"""The attack files: each alone, each among fifty good documents, each among fifty good changes of one document.

`index.json` beside them says which are to be refused; the codes are ours. A file may hold several changes: they are pushed as
what they are, and once more as one, as a tablet could.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from server.sync.admission import REFUSALS, Gate, Refusal, Task
from server.sync.chunk import read_change
from server.sync.index import Index
from server.sync.operations import admit
from server.sync.paths import root_of
from server.sync.verify import in_order

from .authors import DEVICE, Authors
from .chunks import split

pytestmark = [pytest.mark.rule("SY4"), pytest.mark.rule("SY5"), pytest.mark.shared]
MEBIBYTE = 1024 * 1024
MEMORY = 256 * MEBIBYTE
ANYWHERE = root_of(("**",))

NAMED = {
    "actor_idx_2p32.bin": "actor_unknown",
    "actor_oob_pred.bin": "actor_unknown",
    "bool_run_max.bin": "run_length_cap",
    "chunk_len_lie.bin": "chunk_length",
    "chunk_len_max.bin": "chunk_length",
    "counter.bin": "counter_forbidden",
    "cycle.bin": "operation_id_used",
    "deflate_bomb_64MB.bin": "chunk_type",
    "del_nopred.bin": "predecessor_unknown",
    "doc_changes_rle_bomb.bin": "chunk_type",
    "dup_col_spec.bin": "column_order",
    "dup_opid.bin": "operation_id_used",
    "dup_seq.bin": "sequence_used",
    "dup_seq_queued.bin": "sequence_used",
    "future_obj.bin": "object_unknown",
    "insert_missing_elem.bin": "element_unknown",
    "key_badutf8.bin": "text_not_utf8",
    "laughs_40.bin": "operation_id_used",
    "listop_on_map.bin": "object_wrong_type",
    "literal_run_lie.bin": "run_length_cap",
    "mark_bad.bin": "mark_forbidden",
    "mutual_obj.bin": "object_unknown",
    "nest_map_1000.bin": "depth_exceeded",
    "null_run_max.bin": "run_length_cap",
    "obj_is_scalar.bin": "object_unknown",
    "others_lie.bin": "header_malformed",
    "pred_bomb_2p26.bin": "run_length_cap",
    "pred_bomb_2p40.bin": "run_length_cap",
    "pred_otherkey.bin": "predecessor_elsewhere",
    "pred_unknown.bin": "predecessor_unknown",
    "rle_ops_2p16.bin": "run_length_cap",
    "rle_ops_2p40.bin": "run_length_cap",
    "self_obj.bin": "object_unknown",
    "seq_gap.bin": "sequence_gap",
    "startop_u32max_1op.bin": "operation_id_gap",
    "table.bin": "table_forbidden",
    "trailing_extra.bin": "trailing_bytes",
    "ts_change_y10k.bin": "time_implausible",
    "ts_value_max.bin": "value_out_of_range",
    "unknown_col.bin": "column_unknown",
    "unknown_val_12.bin": "value_type_unknown",
    "val_len_wrap.bin": "column_malformed",
    "unreloadable-1.automerge": "not_canonical",
    "unreloadable-2.automerge": "column_malformed",
    "unreloadable-3.automerge": "sequence_gap",
    "unreloadable-4.automerge": "sequence_gap",
    "unreloadable-5.automerge": "trailing_bytes",
    "unreloadable-6.automerge": "column_malformed",
}
"""The code by which an attack is known here."""


@pytest.fixture(scope="module")
def attacks(shared_data: Path) -> list[tuple[str, bytes, bool]]:
    """(file, its bytes, whether it is to be refused)."""
    folder = shared_data / "attacks"
    listed = json.loads((folder / "index.json").read_text())
    assert {entry["file"] for entry in listed if entry["expect"] == "refused"} == set(NAMED)
    return [(entry["file"], (folder / entry["file"]).read_bytes(), entry["expect"] == "refused") for entry in listed]


@pytest_asyncio.fixture(scope="module", loop_scope="session", params=[True, False], ids=["compiled", "sources"])
async def gate(request: pytest.FixtureRequest) -> AsyncIterator[Gate]:
    if request.param:
        request.getfixturevalue("machine_code")
    gate = Gate(2, 5.0, MEMORY, compiled=request.param)
    await gate.start()
    yield gate
    await gate.stop()


def device_of(changes: list[bytes]) -> bytes:
    """The attacker's own device, so that the rule about actors does not hide the others."""
    try:
        return read_change(changes[0]).actor[:8]
    except Refusal:
        return DEVICE


def task(name: str, changes: list[bytes], device: bytes = DEVICE) -> Task:
    return Task(name, None, None, [], changes, device, ("**",))


def test_each_is_known_by_name(attacks: list[tuple[str, bytes, bool]]) -> None:
    """The checks alone, in this process: whatever they let pass would go on to Automerge."""
    for name, octets, refused in attacks:
        index = Index.load(None)
        codes = []
        chunks = split(octets)
        for position in in_order(chunks):
            try:
                admit(index, read_change(chunks[position]), ANYWHERE)
            except Refusal as refusal:
                codes.append(refusal.code)
        assert bool(codes) is refused, name
        if refused:
            assert codes[0] == NAMED[name], (name, codes)


async def test_each_alone(attacks: list[tuple[str, bytes, bool]], gate: Gate) -> None:
    for name, octets, refused in attacks:
        for changes in (split(octets), [octets]):
            (verdict,) = await gate.examine([task(name, changes, device_of(changes))])
            assert len(verdict.admitted) + len(verdict.refused) == len(changes), name
            assert bool(verdict.refused) is refused, name
            assert all(entry.code in REFUSALS for entry in verdict.refused)
            if refused and changes == split(octets):
                assert NAMED[name] in {entry.code for entry in verdict.refused}, (name, verdict.refused)
    assert gate.replaced == 0
    assert 0 < gate.peak_bytes < 64 * MEBIBYTE


async def test_each_among_fifty_good_documents(attacks: list[tuple[str, bytes, bool]], gate: Gate) -> None:
    good = [task(f"good {seed}", Authors(seed, actors=2).write(3)) for seed in range(50)]
    expected = await gate.examine(good)
    assert not any(verdict.refused for verdict in expected)
    for name, octets, refused in attacks:
        changes = split(octets)
        verdicts = await gate.examine([*good[:25], task(name, changes, device_of(changes)), *good[25:]])
        assert bool(verdicts.pop(25).refused) is refused, name
        assert [verdict.content for verdict in verdicts] == [verdict.content for verdict in expected], name
        assert [verdict.saved for verdict in verdicts] == [verdict.saved for verdict in expected], name


async def test_each_among_fifty_good_changes_of_its_document(
    attacks: list[tuple[str, bytes, bool]], gate: Gate
) -> None:
    """Every chunk stands between good ones of another actor of the same device."""
    for name, octets, refused in attacks:
        changes = split(octets)
        device = device_of(changes)
        good = Authors(7, actors=2, device=device).write(50)[:50]
        (verdict,) = await gate.examine([task(name, [*good[:20], *changes, *good[20:]], device)])
        ours = {*range(20), *range(20 + len(changes), len(good) + len(changes))}
        assert ours <= {entry.position for entry in verdict.admitted}, name
        assert bool(verdict.refused) is refused, name
        assert {entry.position for entry in verdict.refused} <= {*range(20, 20 + len(changes))}
        assert verdict.saved is not None


async def test_others_are_answered_meanwhile(attacks: list[tuple[str, bytes, bool]], gate: Gate) -> None:
    hostile = [
        task(f"{name} {turn}", split(octets), device_of(split(octets)))
        for turn in range(10)
        for name, octets, _ in attacks
    ]
    flood = asyncio.create_task(gate.examine(hostile))
    took = []
    good = task("good", Authors(1, actors=1).write(2))
    for _ in range(10):
        began = time.perf_counter()
        (verdict,) = await gate.examine([good])
        took.append(time.perf_counter() - began)
        assert not verdict.refused
    await flood
    assert sorted(took)[5] < 0.5
