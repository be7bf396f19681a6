"""A threshold of stock that is crossed is told once for each crossing: to the dealer's people and to headquarters, in the feed and as
a push."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_asyncio

from server.assembly import put_on_the_list
from server.store.engine import Database
from server.store.transaction import Transaction
from server.sync.masters import RecordPut
from server.sync.pipeline import Pipeline
from server.sync.shown import MadeNotice
from tests.sync.test_goods import HOUR, count, tally
from tests.sync.world import Device, World, now_ms

Told = list[tuple[str, str, dict[str, Any]]]


@pytest_asyncio.fixture(loop_scope="session")
async def world(database: Database, pipeline: Pipeline) -> World:
    return await World(database, pipeline).begin()


@pytest.fixture
def told(pipeline: Pipeline) -> Told:
    """What would be pushed, as the server puts it on the list."""
    heard: Told = []

    async def outbox(tx: Transaction, notices: list[MadeNotice]) -> None:
        heard.extend((each.scope, each.code, each.params) for each in notices if each.code.startswith("stock_"))
        await put_on_the_list(tx, notices)

    pipeline.outbox = outbox
    return heard


async def lies_there(tablet: Device, quantity: str, hours_ago: int) -> None:
    """Counted: so much of p1 lies in the store."""
    at = now_ms() - hours_ago * HOUR
    await tablet.push(tablet.write(count(at, **{f"{tablet.principal.device}_1": tally("p1", quantity, at)})))


async def thresholds(world: World, **levels: str) -> None:
    empty = dict.fromkeys(("low", "high", "reorder_level", "reorder_quantity"))
    body = {"location": "dealer:alfki", "product": "p1", **empty, "on_order": "0", **levels}
    await world.pipeline.put_records("test", [RecordPut("dealer:alfki", "stock_policy", "dealer:alfki/p1", body)])


async def test_once_for_each_crossing_to_the_dealer_and_to_headquarters(world: World, told: Told) -> None:
    tablet = await world.device()
    await thresholds(world, low="5", high="20")
    steps = ["8", "5", "3", "4", "9", "2", "21", "25", "20", "1"]
    crossed = {1: "stock_low", 5: "stock_low", 6: "stock_high", 9: "stock_low"}
    for number, quantity in enumerate(steps):
        told.clear()
        await lies_there(tablet, quantity, len(steps) - number)
        expected = [crossed[number]] if number in crossed else []
        for scope in ("dealer:alfki", "hq"):
            assert [code for where, code, _ in told if where == scope] == expected, (number, quantity)
        for _, _, params in told:
            assert params == {"location": "dealer:alfki", "product": "p1", "on_hand": quantity}
    # The threshold itself found nothing there: that was the first one.
    rows = await world.rows("SELECT scope FROM record WHERE kind = 'notice' AND body LIKE '%stock_low%'")
    assert sorted(row["scope"] for row in rows) == ["dealer:alfki"] * 4 + ["hq"] * 4


async def test_another_threshold_is_a_crossing_too(world: World, told: Told) -> None:
    tablet = await world.device()
    await lies_there(tablet, "8", 2)
    assert told == []
    await thresholds(world, low="8")
    assert {(scope, code) for scope, code, _ in told} == {("dealer:alfki", "stock_low"), ("hq", "stock_low")}
    told.clear()
    await thresholds(world, low="10")
    assert told == []


async def test_a_late_movement_that_changes_nothing_now_is_told_to_nobody(world: World, told: Told) -> None:
    """The count of today stands, whatever an older one says of last week."""
    tablet = await world.device()
    await lies_there(tablet, "8", 1)
    await thresholds(world, low="5")
    await lies_there(tablet, "2", 100)
    assert told == []
    assert await world.balance("stock", "dealer:alfki", "p1") == 8000
