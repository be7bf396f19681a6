"""Commands of headquarters: one effect for a key, refusals by name, outcomes in the feed; master data in versions."""

from __future__ import annotations

import asyncio

import pytest
import pytest_asyncio

from server.access.principal import Principal
from server.problems import Problem
from server.store.engine import Database
from server.sync.masters import RecordPut
from server.sync.pipeline import Pipeline
from server.sync.shown import MadeNotice
from tests.sync.world import SALES, World, order


@pytest_asyncio.fixture(loop_scope="session")
async def world(database: Database, pipeline: Pipeline) -> World:
    return await World(database, pipeline).begin()


async def refused(doing: object) -> Problem:
    with pytest.raises(Problem) as raised:
        await doing  # type: ignore[misc]
    return raised.value


@pytest.mark.rule("SY11")
async def test_the_same_key_answers_the_same_and_another_body_is_refused(world: World) -> None:
    tablet = await world.device()
    pushed = tablet.write(order(p1=10))
    await tablet.push(pushed)
    answers = await asyncio.gather(
        *(world.command(pushed.id, "ship", "key-1", lines={"l1": "4"}, carrier="SF") for _ in range(6))
    )
    assert all(answer == answers[0] for answer in answers)
    assert len(await world.rows("SELECT id FROM command WHERE id = 'key-1'")) == 1
    assert await world.balance("stock", "transit:alfki", "p1") == 4_000
    problem = await refused(world.command(pushed.id, "ship", "key-1", lines={"l1": "5"}, carrier="SF"))
    assert (problem.status, problem.code) == (409, "key_reused")
    await world.command(pushed.id, "ship", "key-2", lines={"l1": "4"}, carrier="SF")
    assert await world.balance("stock", "transit:alfki", "p1") == 8_000
    await world.check_ledgers()


@pytest.mark.rule("SY11")
async def test_a_created_document_is_created_once(world: World) -> None:
    params = {"dealer": "alfki", "amount": 500, "currency": "CNY", "received_on": "2026-03-01"}
    answers = await asyncio.gather(
        *(world.pipeline.command(SALES, "payment", None, "record", params, "pay-1") for _ in range(5))
    )
    assert len({answer.document for answer in answers}) == 1
    assert await world.balance("money", "receivable:alfki", "CNY") == -500
    tablet = await world.device()
    await tablet.sync()
    assert tablet.records["account_balance", "alfki"]["receivable"] == -500
    assert tablet.verdicts[answers[0].document] == "closed"


async def test_a_refusal_has_a_code_and_changes_nothing(world: World) -> None:
    tablet = await world.device()
    pushed = tablet.write(order(p1=10))
    await tablet.push(pushed)
    before = await world.rows("SELECT * FROM scope ORDER BY name")
    problem = await refused(world.command(pushed.id, "ship", lines={"l1": "11"}))
    assert (problem.status, problem.code, problem.extra["figures"]["rest"]) == (409, "more_than_allocated", "10")
    for doing, status, code in (
        (world.command(pushed.id, "dance"), 404, "command_unknown"),
        (world.command("0" * 32, "ship", lines={"l1": "1"}), 404, "document_unknown"),
        (world.command(pushed.id, "ship", lines={"l1": -1}), 400, "params_invalid"),
        (world.pipeline.command(SALES, "order", pushed.id, "ship", {"lines": {"l1": "1"}}, ""), 400, "key_invalid"),
        (world.pipeline.command(SALES, "payment", pushed.id, "reverse", {"reason": "x"}, "k"), 404, "document_unknown"),
        (world.pipeline.command(SALES, "spaceship", None, "fly", {}, "k"), 404, "kind_unknown"),
        (
            world.pipeline.command(Principal("x", "x", "X", "service"), "order", pushed.id, "invoice", {}, "k"),
            403,
            "role_may_not",
        ),
    ):
        problem = await refused(doing)
        assert (problem.status, problem.code) == (status, code)
    assert await world.rows("SELECT * FROM scope ORDER BY name") == before


async def test_the_outcome_reaches_the_tablet_with_notices(world: World) -> None:
    made: list[MadeNotice] = []

    async def outbox(_: object, notices: list[MadeNotice]) -> None:
        made.extend(notices)

    world.pipeline.outbox = outbox
    tablet = await world.device()
    await tablet.sync()
    pushed = tablet.write(order(p1=10))
    await tablet.sync(pushed)
    await world.command(pushed.id, "ship", lines={"l1": "10"}, carrier="SF", tracking="T1")
    await tablet.sync()
    assert any(kind == "shipment" for kind, _ in tablet.records)
    assert [notice.code for notice in made] == ["order_accepted", "order_shipped"]
    assert {notice.scope for notice in made} == {"dealer:alfki"}
    told = [body["code"] for (kind, _), body in tablet.records.items() if kind == "notice"]
    assert sorted(told) == ["order_accepted", "order_shipped"]


async def test_master_data_in_versions(world: World) -> None:
    put = RecordPut("catalog", "category", "tea", {"id": "tea", "name": {"en": "Tea"}})
    assert await world.pipeline.put_records("me", [put]) == 1
    assert await world.pipeline.put_records("me", [put, put]) == 0
    newer = RecordPut("catalog", "category", "tea", {"id": "tea", "name": {"en": "Teas\0"}})
    gone = RecordPut("catalog", "category", "tea", None)
    assert await world.pipeline.put_records("me", [newer]) == 1
    tablet = await world.device()
    await tablet.sync()
    assert tablet.records["category", "tea"]["name"] == {"en": "Teas\ufffd"}
    assert await world.pipeline.put_records("me", [gone]) == 1
    await tablet.sync()
    assert tablet.records["category", "tea"] is None
    rows = await world.rows("SELECT version, body FROM record_version WHERE kind = 'category' ORDER BY version")
    assert [row["version"] for row in rows] == [1, 2, 3]
    assert rows[2]["body"] is None


async def test_what_was_decided_does_not_change_with_master_data(world: World) -> None:
    tablet = await world.device()
    pushed = tablet.write(order(p1=10))
    await tablet.push(pushed)
    price = {"product": "p1", "list": "retail", "version": 1, "units": {"pcs": {"price": 9_999}}}
    await world.pipeline.put_records("me", [RecordPut("tier:retail", "price", "retail@1/p1", price)])
    assert len(await world.rows("SELECT id FROM decision WHERE document = ?", pushed.id)) == 1
