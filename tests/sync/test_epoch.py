"""A restored backup has another epoch: devices offer again what they had acknowledged, and nothing posts twice."""

from __future__ import annotations

import pytest
import pytest_asyncio

from server.store.engine import Database
from server.store.migrate import new_epoch
from server.sync.pipeline import Pipeline
from server.sync.protocol import PushedDocument
from tests.sync.world import World, order


@pytest_asyncio.fixture(loop_scope="session")
async def world(database: Database, pipeline: Pipeline) -> World:
    return await World(database, pipeline).begin()


async def restore(world: World, lost: list[str]) -> None:
    """What a backup from before these documents leaves behind, and the epoch that it gets."""
    async with world.database.transaction() as tx:
        for name in lost:
            for row in await tx.rows("SELECT ledger, account, item, amount FROM posting WHERE document = ?", name):
                await tx.execute(
                    "UPDATE balance SET amount = amount - ? WHERE ledger = ? AND account = ? AND item = ?",
                    row["amount"], row["ledger"], row["account"], row["item"],
                )  # fmt: skip
            for table, column in (
                ("document", "id"),
                ("change", "document"),
                ("decision", "document"),
                ("posting", "document"),
            ):
                await tx.execute(f'DELETE FROM "{table}" WHERE {column} = ?', name)
            await tx.execute("DELETE FROM record WHERE kind = 'decision' AND key = ?", name)
        await new_epoch(tx)


@pytest.mark.rule("SY6")
async def test_devices_offer_everything_again_and_nothing_posts_twice(world: World) -> None:
    tablet = await world.device()
    documents = [tablet.write(order(p1=1)) for _ in range(6)]
    await tablet.sync(*documents)
    await restore(world, [each.id for each in documents[4:]])
    assert await world.balance("stock", "warehouse:main", "p1") == 996_000
    old_epoch = tablet.epoch
    late = tablet.write(order(p1=1))
    answer = await tablet.ask(late)
    assert answer.reset
    assert answer.epoch != old_epoch
    assert [result.stored for result in answer.results] == [1], "pushed changes are handled as ever"
    assert all(feed.documents == [] and feed.records == [] and feed.more for feed in answer.feeds)
    tablet.take(answer)
    offered = [PushedDocument(name, "order", tablet.scope, list(chunks)) for name, chunks in tablet.chunks.items()]
    (answer,) = await tablet.sync(*offered)
    assert not answer.reset
    assert [(result.stored, result.refused) for result in answer.results] == [(1, [])] * 7
    assert await world.balance("stock", "warehouse:main", "p1") == 993_000
    assert await world.balance("commitment", "open_orders:alfki", "CNY") == 7 * 1130
    await world.check_ledgers()


@pytest.mark.rule("SY12")
async def test_cursors_of_another_epoch_are_not_used(world: World) -> None:
    tablet, reader = await world.device(), await world.device()
    await reader.sync()
    await tablet.push(tablet.write(order(p1=1)))
    reader.epoch = "0" * 16
    answer = await reader.ask()
    assert answer.reset
    assert [feed.cursor for feed in answer.feeds] == ["0:0"] * 4
    reader.epoch = None
    answer = await reader.ask()
    assert not answer.reset
    assert any(feed.documents for feed in answer.feeds), "without an epoch cursors start from the beginning"
