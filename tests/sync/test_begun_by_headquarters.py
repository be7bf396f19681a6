"""A document that headquarters begins with a command is one that devices go on with (decision note 12)."""

from __future__ import annotations

import pytest
import pytest_asyncio

from server.problems import Problem
from server.store.engine import Database
from server.sync.admission import Gate
from server.sync.first_change import first_change
from server.sync.gate_work import examine
from server.sync.pipeline import Pipeline
from server.sync.replay import replay
from server.sync.verdict import Task
from tests.sync.service_world import service_device, technician
from tests.sync.world import SALES, World

REQUEST = {"dealer": "alfki", "serial": "TR90-1", "fault": "发动机 won't start 🚜", "urgency": "down", "contact": "Li"}


@pytest_asyncio.fixture(loop_scope="session")
async def world(database: Database, pipeline: Pipeline) -> World:
    return await World(database, pipeline).begin()


@pytest.mark.parametrize(
    "content",
    [
        {"a": 1},
        {"note": "", "b": None, "c": True, "d": False, "e": -5, "f": 2**40, "g": ""},
        {"note": "ab", "z": {"y": {"x": "deep"}, "w": {}}, "zz": "after"},
        {"note": "汉字 🚜 \n tab\t", "m": {"note": "a scalar here"}},
        {f"k{number}": number % 3 for number in range(300)},
    ],
)
def test_what_is_written_is_what_automerge_reads(content: dict[str, object]) -> None:
    actor = bytes(8) + b"12345678"
    chunk = first_change(actor, content, ("note",), 1_772_442_000_000, "open · HQ")
    verdict = examine(Task("d", None, None, [], [chunk], bytes(8), ("**",)))
    assert verdict.refused == []
    assert verdict.content == content
    assert (verdict.admitted[0].message, verdict.admitted[0].made_at) == ("open · HQ", 1_772_442_000_000)


def test_a_document_holds_no_floats() -> None:
    with pytest.raises(TypeError):
        first_change(bytes(16), {"a": 0.5}, (), 0, "")


@pytest.mark.rule("SY11")
async def test_a_device_goes_on_with_what_headquarters_began(world: World, gate: Gate) -> None:
    answer = await world.pipeline.command(SALES, "service_request", None, "open", REQUEST, "open-1")
    assert await world.pipeline.command(SALES, "service_request", None, "open", REQUEST, "open-1") == answer
    assert len(await world.rows("SELECT id FROM document WHERE kind = 'service_request'")) == 1
    tablet, tech = await service_device(world, "alfki"), await technician(world, "alfki")
    await tablet.sync()
    await tech.sync()
    assert tablet.rows[answer.document]["urgency"] == "down"
    first = tablet.edited("service_request", answer.document, {"contact": "Wang", "urgency": "high"})
    other = tech.edited("service_request", answer.document, {"serial": "TR90-2", "urgency": "low"})
    for device, pushed in ((tablet, first), (tech, other)):
        (result,) = (await device.push(pushed)).results
        assert result.refused == []
    (row,) = await world.rows("SELECT content, changes, conflicts FROM document WHERE id = ?", answer.document)
    assert row["changes"] == 3
    assert '"serial":"TR90-2"' in row["content"]
    assert '"contact":"Wang"' in row["content"]
    assert "won't start 🚜" in row["content"]
    assert '"path":"urgency"' in row["conflicts"]
    result = await replay(world.database, gate)
    assert result.differences == []


async def test_what_does_not_fit_is_refused_as_ever(world: World) -> None:
    for params, status, code in (
        ({**REQUEST, "urgency": "soon"}, 400, "params_invalid"),
        ({**REQUEST, "dealer": "nobody"}, 409, "unknown_dealer"),
    ):
        with pytest.raises(Problem) as raised:
            await world.pipeline.command(SALES, "service_request", None, "open", params, f"k-{code}")
        assert (raised.value.status, raised.value.code) == (status, code)
    with pytest.raises(Problem) as raised:
        await world.pipeline.command(SALES, "service_request", "a" * 32, "open", REQUEST, "k-named")
    assert raised.value.code == "malformed"
    assert await world.rows("SELECT id FROM document WHERE kind = 'service_request'") == []


async def test_a_device_cannot_take_the_hand_of_headquarters(world: World) -> None:
    tablet = await service_device(world, "alfki")
    chunk = first_change(bytes(16), {"kind": "service_request"}, (), 1_772_442_000_000, "")
    (result,) = (await tablet.push(tablet.pushed("b" * 32, "service_request", chunk))).results
    assert [each.code for each in result.refused] == ["actor_not_of_device"]
