"""Goods receipts on the real pipeline: late, twice, before their shipment is known; the ledgers agree and replay finds nothing."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_asyncio

from server.domain.moments import iso
from server.problems import Problem
from server.store.engine import Database
from server.sync.admission import Gate
from server.sync.pipeline import Pipeline
from server.sync.replay import replay
from tests.sync.world import World, now_ms, order


@pytest_asyncio.fixture(loop_scope="session")
async def world(database: Database, pipeline: Pipeline) -> World:
    return await World(database, pipeline).begin()


def hours_ago(hours: int) -> str:
    return iso(now_ms() // 1000 * 1000 - hours * 3_600_000)


def receipt(shipment: str, number: str = "T-R1", at: str = "", **lines: str) -> dict[str, Any]:
    """Counted by product: ``p1="3"``."""
    at = at or hours_ago(2)
    return {
        "kind": "goods_receipt", "schema": 1, "number": number, "dealer": "alfki", "shipment": shipment,
        "stage": "confirmed", "created_at": at, "received_at": at, "note": "",
        "lines": {
            f"r{count}": {"position": count, "product": product, "unit": "pcs", "received": received}
            for count, (product, received) in enumerate(lines.items())
        },
    }  # fmt: skip


async def verdict(world: World, document: str) -> str:
    (row,) = await world.rows("SELECT verdict FROM document WHERE id = ?", document)
    return str(row["verdict"])


async def stock(world: World, account: str, item: str = "p1") -> int:
    return await world.balance("stock", account, item) // 1000


@pytest.mark.rule("G5")
@pytest.mark.rule("G10")
@pytest.mark.rule("O23")
async def test_late_twice_and_before_the_shipment_is_known(world: World, database: Database, gate: Gate) -> None:
    one, other = await world.device(), await world.device(role="staff")
    bought = one.write(order(p1=10, p2=4) | {"number": "T-O1"})
    # Two people count the same goods, and both tablets speak before headquarters has recorded the shipment.
    early = hours_ago(3)
    first = one.write(receipt("T-O1-S1", at=early, p1="9", p2="4"))
    second = other.write(receipt("T-O1-S1", number="T-R2", at=hours_ago(2), p1="10", p2="4"))
    await other.push(second)
    for _ in range(2):
        await one.push(bought, first)
    assert await verdict(world, first.id) == await verdict(world, second.id) == "held"
    await world.command(bought.id, "ship", key="ship-1", lines={"l1": "10", "l2": "4"})
    assert (await verdict(world, first.id), await verdict(world, second.id)) == ("in_part", "held")
    assert [await stock(world, name) for name in ("transit:alfki", "dealer:alfki")] == [1, 9]
    assert await world.balance("value", "stock:dealer:alfki", "p1") == 9 * 1000
    with pytest.raises(Problem) as refused:
        await world.command(bought.id, "deliver", shipment="ship-1")
    assert refused.value.code == "already_received"
    await world.act("goods_receipt", first.id, "resolve", {"lines": {"l1": "credit"}})
    await world.act("goods_receipt", second.id, "dismiss", {"note": "counted twice"})
    assert (await verdict(world, first.id), await verdict(world, second.id)) == ("closed", "refused")
    assert await world.balance("money", "receivable:alfki", "CNY") == -1130
    await one.sync()
    assert one.records["receipt", "alfki/T-O1/ship-1"]["number"] == "T-R1"
    assert one.records["shipment", "ship-1"]["delivered_at"] == early
    await world.check_ledgers()
    assert (await replay(database, gate)).differences == []


@pytest.mark.rule("O23")
@pytest.mark.rule("SY10")
async def test_a_receipt_takes_over_from_a_delivery_and_only_of_the_own_dealer(
    world: World, database: Database, gate: Gate
) -> None:
    tablet, stranger = await world.device(), await world.device("berga")
    bought = tablet.write(order(p1=10) | {"number": "T-O2"})
    await tablet.push(bought)
    await world.command(bought.id, "ship", key="ship-2", lines={"l1": "10"})
    await world.command(bought.id, "deliver", shipment="ship-2")
    await stranger.push(stranger.write(receipt("ship-2", p1="10") | {"dealer": "berga"}))
    assert [await stock(world, name) for name in ("dealer:alfki", "dealer:berga")] == [10, 0]
    assert ("receipt", "alfki/T-O2/ship-2") not in stranger.records
    counted = tablet.write(receipt("ship-2", p1="8"))
    await tablet.push(counted)
    assert [await stock(world, name) for name in ("transit:alfki", "dealer:alfki")] == [2, 8]
    await tablet.push(tablet.edit(counted.id, lines__r0__received="10"))
    assert [await stock(world, name) for name in ("transit:alfki", "dealer:alfki")] == [0, 10]
    assert await verdict(world, counted.id) == "closed"
    await world.check_ledgers()
    assert (await replay(database, gate)).differences == []
