"""Two server processes on one PostgreSQL, sixteen devices that push at once, and a reader with a cursor that misses nothing."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import msgspec
import pytest

from server.store.engine import open_database
from server.store.migrate import migrate
from server.sync.admission import Gate
from server.sync.pipeline import Pipeline
from tests.simulation.server_process import ServerProcess
from tests.sync.world import Device, World, now_ms, order

MESSAGEPACK = "application/x-msgpack"
WRITERS = 16
BATCH = 25


async def post(session: aiohttp.ClientSession, url: str, tablet: Device, **fields: Any) -> Any:
    body = {"protocol": 1, "epoch": tablet.epoch, "sent_at": now_ms(), "cursors": tablet.cursors, **fields}
    headers = {"Authorization": f"Bearer {tablet.token}", "Content-Type": MESSAGEPACK}
    for _ in range(50):
        async with session.post(f"{url}/sync", data=msgspec.msgpack.encode(body), headers=headers) as answer:
            octets = await answer.read()
            if answer.status == 200:
                return msgspec.msgpack.decode(octets)
            assert answer.status == 503, octets
            await asyncio.sleep(0.1)
    raise AssertionError("busy for too long")


async def write(session: aiohttp.ClientSession, url: str, tablet: Device, count: int) -> int:
    stored = 0
    for start in range(0, count, BATCH):
        documents = [tablet.write(order(stage="draft", p1=1)) for _ in range(min(BATCH, count - start))]
        pushed = [msgspec.to_builtins(each, builtin_types=(bytes,)) for each in documents]
        answer = await post(session, url, tablet, documents=pushed, pull=False)
        stored += sum(result["stored"] for result in answer["results"])
    return stored


@pytest.mark.rule("SY3")
@pytest.mark.rule("SY2")
async def test_a_reader_of_two_processes_misses_nothing(postgres_url: str, tmp_path: Path, gate: Gate) -> None:
    """2,000 rows; 100,000 with DAYBOOK_LONG=1. A document and its decision are a row each."""
    each = (100_000 if os.environ.get("DAYBOOK_LONG") else 2_000) // WRITERS
    database = await open_database(SimpleNamespace(database_url=postgres_url, data=tmp_path))
    await migrate(database)
    world = await World(database, Pipeline(database, gate)).begin()
    tablets = [await world.device() for _ in range(WRITERS)]
    reader = await world.device()
    servers = [ServerProcess(tmp_path, database_url=postgres_url, gate_workers="1") for _ in range(2)]
    try:
        for server in servers:
            await asyncio.to_thread(server.start)
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
            begun = await post(session, servers[0].url, reader)
            reader.epoch, reader.cursors = begun["epoch"], {feed["scope"]: feed["cursor"] for feed in begun["feeds"]}
            first = int(reader.cursors["dealer:alfki"].partition(":")[0])
            writing = asyncio.gather(
                *(write(session, servers[at % 2].url, tablet, each) for at, tablet in enumerate(tablets))
            )
            seen: list[int] = []
            turn = 0
            while True:
                last_look = writing.done()
                turn += 1
                answer = await post(session, servers[turn % 2].url, reader, limit=300)
                (feed,) = [feed for feed in answer["feeds"] if feed["scope"] == "dealer:alfki"]
                seen += sorted(entry["seq"] for entry in (*feed["documents"], *feed["records"]))
                reader.cursors["dealer:alfki"] = feed["cursor"]
                if last_look and not feed["more"]:
                    break
                await asyncio.sleep(0.005)
            assert sum(await writing) == each * WRITERS
        assert seen == list(range(first + 1, first + 1 + each * WRITERS)), "every number once, in order"
    finally:
        for server in servers:
            await asyncio.to_thread(server.stop)
        await database.close()
