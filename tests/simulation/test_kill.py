"""kill -9 of the server at random moments while tablets push: what was acknowledged is there, and nothing posted twice."""

from __future__ import annotations

import asyncio
import os
import random
from pathlib import Path

import aiohttp
import pytest

from server.demo.document_writer import DocumentWriter
from server.demo.tablet import SyncProblem, Tablet
from tests.figures import tell

from .network import Network, balance, daybook
from .server_process import ServerProcess

KILLS = 100 if os.environ.get("DAYBOOK_LONG") else 5
_LOST = (aiohttp.ClientError, asyncio.TimeoutError, ConnectionError, SyncProblem)


async def _write_and_push(
    tablet: Tablet, network: Network, chance: random.Random, acknowledged: dict[str, int]
) -> None:
    """Writes and pushes until the server is gone. What is in the outbox stays for the next round."""
    while True:
        for _ in range(chance.randint(1, 6)):
            document = tablet.create("order", f"dealer:{network.dealers[0]}", network.order(tablet, chance))
            for _ in range(chance.randint(0, 3)):
                line = chance.choice([name for name in ("l1", "l2")])
                tablet.edit(document, {f"lines/{line}/quantity": str(chance.randint(1, 20))})
        try:
            await tablet.sync()
        except _LOST:
            return
        acknowledged.update({name: len(stored.chunks) for name, stored in tablet.documents.items()})


@pytest.mark.rule("SY2")
@pytest.mark.rule("SY1")
@pytest.mark.long
async def test_nothing_acknowledged_is_lost_and_nothing_posts_twice(tmp_path: Path) -> None:
    chance = random.Random(20261124)
    network = await Network.create(tmp_path, dealers=1, products=40)
    server = ServerProcess(tmp_path)
    acknowledged: list[dict[str, int]] = [{}, {}, {}]
    timeout = aiohttp.ClientTimeout(total=10)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        server.start()
        tablets = [await Tablet.enrol(session, server.url, **network.sign_in(0)) for _ in acknowledged]
        try:
            for _ in range(KILLS):
                writers = [
                    asyncio.create_task(_write_and_push(tablet, network, random.Random(chance.random()), seen))
                    for tablet, seen in zip(tablets, acknowledged, strict=True)
                ]
                await asyncio.sleep(chance.uniform(0.02, 0.8))
                await asyncio.to_thread(server.kill)
                await asyncio.gather(*writers)
                await asyncio.to_thread(server.start)
            # Before anything is offered again: what was acknowledged is there, on the word of a fresh device.
            fresh = await Tablet.enrol(session, server.url, **network.sign_in(0))
            await fresh.sync()
            for tablet, seen in zip(tablets, acknowledged, strict=True):
                for name, count in seen.items():
                    kept = DocumentWriter(fresh.device, fresh.documents[name].chunks)
                    assert kept.holds(DocumentWriter(tablet.device, tablet.documents[name].chunks[:count]).heads), name
            for tablet in tablets:
                await tablet.sync()
                assert tablet.refused == []
            await fresh.sync()
            written = {name: stored for tablet in tablets for name, stored in tablet.documents.items()}
            for name, stored in written.items():
                kept = DocumentWriter(fresh.device, fresh.documents[name].chunks)
                assert kept.heads == DocumentWriter(fresh.device, stored.chunks).heads
            promised = sum(
                decision["figures"]["total"]
                for (kind, _), decision in fresh.records.items()
                if kind == "decision" and decision["verdict"] in ("accepted", "in_part")
            )
        finally:
            await asyncio.to_thread(server.stop)
    known = len(set().union(*acknowledged))
    tell(f"{KILLS} kills; {len(written)} orders written, {known} of them known to be stored when it was killed")
    assert sum(map(len, acknowledged)) > KILLS
    assert promised > 0
    assert await balance(tmp_path, "commitment", f"open_orders:{network.dealers[0]}", "USD") == promised
    assert "0 differences" in await asyncio.to_thread(daybook, "replay", "--data", tmp_path)
