"""`daybook replay`: a history with everything in it is made anew without a difference, and each kind of damage is found."""

from __future__ import annotations

import random

import pytest
import pytest_asyncio

from server.problems import Problem
from server.store.engine import Database
from server.sync.admission import Gate
from server.sync.masters import RecordPut
from server.sync.pipeline import Pipeline
from server.sync.replay import replay
from tests.sync.world import PRODUCTS, World, masters, order


@pytest_asyncio.fixture(loop_scope="session")
async def world(database: Database, pipeline: Pipeline) -> World:
    return await World(database, pipeline).begin()


async def history(world: World, seed: int) -> None:
    """Two dealers, three devices: orders, edits at once, withdrawals, shipments, invoices, payments, new prices, scarcity."""
    pick = random.Random(seed)
    tablets = [await world.device(), await world.device(role="staff"), await world.device("berga")]
    documents: list[tuple[int, str]] = []
    for step in range(25):
        at = pick.randrange(3)
        tablet = tablets[at]
        dealer = tablet.principal.dealer or ""
        lines = {product: pick.randrange(1, 120) for product in pick.sample(PRODUCTS, 3)}
        new = tablet.write(order(dealer, pick.choice(("draft", "submitted")), **lines))
        documents.append((at, new.id))
        if at < 2:
            tablets[1 - at].chunks[new.id] = list(new.changes)
        batch = {new.id: new}
        for _ in range(3):
            other, document = pick.choice(documents)
            if other == at and document not in batch:
                edit = (
                    {"lines__l1__quantity": str(pick.randrange(1, 90))}
                    if pick.random() < 0.7
                    else {"stage": pick.choice(("submitted", "withdrawn"))}
                )
                batch[document] = tablet.edit(document, lines__l1__note=f"edit {pick.random()}", **edit)
        await tablet.push(*batch.values())
        for name, params in (
            ("ship", {"lines": {"l1": "1"}}),
            ("invoice", {}),
            ("approve", {}),
            ("reject", {"reason": "x"}),
        ):
            if pick.random() < 0.3:
                try:
                    await world.command(pick.choice(documents)[1], name, **params)
                except Problem as refused:
                    assert refused.status == 409  # noqa: PT017
        if step == 12:
            puts = [put for put in masters() if put.kind == "product"][:2]
            await world.pipeline.put_records(
                "test", [RecordPut(put.scope, put.kind, put.key, {**(put.body or {}), "tax_bp": 900}) for put in puts]
            )
        if step == 18:
            await world.stock(500, "p1", "p2")


@pytest.mark.rule("SY9")
@pytest.mark.parametrize("seed", [1, 2])
async def test_a_whole_history_is_made_anew(world: World, gate: Gate, seed: int) -> None:
    await history(world, seed)
    told: list[tuple[int, int]] = []
    result = await replay(world.database, gate, lambda done, total: told.append((done, total)))
    assert result.differences == []
    assert result.found == 0
    assert result.decisions > 40
    assert told[-1] == (result.decisions, result.decisions)
    await world.check_ledgers()


@pytest.mark.parametrize(
    ("damage", "what"),
    [
        (
            "UPDATE posting SET amount = amount + 1 WHERE id = (SELECT MIN(id) FROM posting WHERE ledger = 'stock')",
            "postings",
        ),
        ("UPDATE balance SET amount = amount + 1 WHERE account = 'reserved' AND item = 'p1'", "balance"),
        ("UPDATE decision SET body = REPLACE(body, 'accepted', 'held') WHERE verdict = 'accepted'", "decision"),
        ('UPDATE document SET content = REPLACE(content, \'"quantity":"3"\', \'"quantity":"4"\')', "content"),
        ("UPDATE document SET saved = NULL WHERE kind = 'order'", "saved"),
        ("UPDATE document SET heads = '[]' WHERE kind = 'order'", "heads"),
        ("UPDATE document SET verdict = 'held' WHERE kind = 'order'", "row"),
        ("DELETE FROM record_version WHERE kind = 'product'", "facts"),
        ("DELETE FROM decision WHERE document IN (SELECT id FROM document WHERE kind = 'order')", "undecided"),
    ],
)
async def test_damage_is_found(world: World, gate: Gate, damage: str, what: str) -> None:
    tablet = await world.device()
    await tablet.push(tablet.write(order(p1=3, p2=1)))
    assert (await replay(world.database, gate)).found == 0
    async with world.database.transaction() as tx:
        assert await tx.execute(damage) > 0
    found = await replay(world.database, gate)
    assert what in {difference.what for difference in found.differences}
