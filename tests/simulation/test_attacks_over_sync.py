"""The attack files through `/sync` of a real server, each alone and each with fifty good changes: refused by name, the good
ones stored, never a 5xx, the workers' memory bounded, others answered meanwhile."""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import psutil
import pytest
import pytest_asyncio

from server.demo.tablet import Tablet
from server.sync.admission import REFUSALS
from tests.figures import tell
from tests.sync.chunks import split

from .network import Network
from .server_process import ServerProcess

pytestmark = [pytest.mark.rule("SY4"), pytest.mark.rule("SY5"), pytest.mark.shared]
MEBIBYTE = 1024 * 1024
WORKER_MEMORY = 256
GOOD = 50
SLOWEST = 5.0
"""Seconds that another tablet may wait for its answer, on a busy machine, while an attack is examined."""
_HEAD = 9  # magic, checksum, type


def as_ours(chunk: bytes, device: str) -> bytes:
    """The same change by an actor of this device, so that the rule about actors does not hide what is attacked. A chunk that
    cannot be read that far is left as it is."""
    length, body_at = _unsigned(chunk, _HEAD)
    if chunk[8:9] != b"\x01" or length != len(chunk) - body_at:
        return chunk
    count, at = _unsigned(chunk, body_at)
    size, at = _unsigned(chunk, at + 32 * count)
    if size != 16 or at + 16 > len(chunk):
        return chunk
    body = chunk[body_at:at] + bytes.fromhex(device) + chunk[at + 8 :]
    framed = chunk[8:body_at] + body
    return chunk[:4] + hashlib.sha256(framed).digest()[:4] + framed


def _unsigned(octets: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(octets):
        value |= (octets[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if octets[at - 1] < 0x80:
            break
    return value, at


@pytest.fixture(scope="module")
def attacks(shared_data: Path) -> list[tuple[str, bytes]]:
    folder = shared_data / "attacks"
    listed = json.loads((folder / "index.json").read_text())
    return [(each["file"], (folder / each["file"]).read_bytes()) for each in listed if each["expect"] == "refused"]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Network, ServerProcess, Any]]:
    data = tmp_path_factory.mktemp("attacked")
    network = await Network.create(data, dealers=2, products=20)
    server = ServerProcess(data, gate_memory=str(WORKER_MEMORY), gate_seconds="3")
    await asyncio.to_thread(server.start)
    jar = aiohttp.CookieJar(unsafe=True)  # the server has an address, not a name
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60), cookie_jar=jar) as session:
        yield network, server, session
    await asyncio.to_thread(server.stop)


def entry(changes: list[bytes], dealer: str) -> dict[str, Any]:
    return {"id": uuid.uuid4().hex, "kind": "order", "scope": f"dealer:{dealer}", "changes": changes}


def workers(server: ServerProcess) -> Iterator[psutil.Process]:
    yield from psutil.Process(server.pid).children(recursive=True)


async def watch(tablet: Tablet, server: ServerProcess, seen: dict[str, float]) -> None:
    """Another dealer, who goes on working: the longest wait for an answer, and the most memory that a worker had."""
    while True:
        start = time.monotonic()
        await tablet.sync()
        seen["wait"] = max(seen["wait"], time.monotonic() - start)
        for worker in workers(server):
            try:
                seen["memory"] = max(seen["memory"], worker.memory_info().rss / MEBIBYTE)
            except psutil.NoSuchProcess:
                continue
        await asyncio.sleep(0.05)


async def test_attacks_alone_and_among_good_changes(
    attacks: list[tuple[str, bytes]], world: tuple[Network, ServerProcess, Any]
) -> None:
    network, server, session = world
    chance = random.Random(7)
    attacker = await Tablet.enrol(session, server.url, **network.sign_in(0))
    other = await Tablet.enrol(session, server.url, **network.sign_in(1))
    seen = {"wait": 0.0, "memory": 0.0}
    watcher = asyncio.create_task(watch(other, server, seen))
    named: dict[str, str] = {}
    try:
        for name, octets in attacks:
            bad = [as_ours(chunk, attacker.device) for chunk in split(octets)]
            alone = await attacker.post(attacker.push_body([], documents=[entry(bad, network.dealers[0])]))
            (result,) = alone["results"]
            assert result["refused"], name
            assert result["stored"] + len(result["refused"]) == len(bad), name
            assert {each["code"] for each in result["refused"]} <= set(REFUSALS), name
            named[name] = result["refused"][0]["code"]

            for _ in range(GOOD - 1):
                attacker.create("order", f"dealer:{network.dealers[0]}", network.order(attacker, chance))
            target = attacker.create("order", f"dealer:{network.dealers[0]}", network.order(attacker, chance))
            body = attacker.push_body(attacker.outbox)
            middle = len(body["documents"]) // 2
            body["documents"].insert(middle, entry(bad, network.dealers[0]))
            next(each for each in body["documents"] if each["id"] == target)["changes"].append(bad[0])
            answer = await attacker.post(body)
            stored = {each["id"]: each for each in answer["results"]}
            good = [document for document, _ in attacker.outbox]
            attacker.outbox.clear()
            assert len(good) == GOOD
            assert all(stored[document]["stored"] >= 1 for document in good), name
            assert answer["results"][middle]["refused"], name
        assert not watcher.done(), watcher.result()
    finally:
        watcher.cancel()
    tell(
        f"{len(named)} attacks under {len(set(named.values()))} codes; others waited at most {seen['wait']:.2f} s; "
        f"a worker had at most {seen['memory']:.0f} MiB"
    )
    assert seen["wait"] < SLOWEST
    assert 0 < seen["memory"] < WORKER_MEMORY
    async with session.get(f"{server.url}/health") as health:
        assert health.status == 200
    fresh = await Tablet.enrol(session, server.url, **network.sign_in(0))
    await fresh.sync()
    assert len(fresh.documents) >= GOOD * len(attacks)
    assert '"status": 5' not in server.log.read_text()


async def test_refused_bytes_are_kept(world: tuple[Network, ServerProcess, Any]) -> None:
    """What was refused lies in quarantine with its code, once, however often it is pushed."""
    network, server, session = world
    tablet = await Tablet.enrol(session, server.url, **network.sign_in(0))
    pushed = entry([b"\x85\x6f\x4a\x83" + b"not a change at all"], network.dealers[0])
    for _ in range(3):
        answer = await tablet.post(tablet.push_body([], documents=[pushed]))
        assert answer["results"][0]["stored"] == 0
    headers = {"X-Daybook": "1"}
    async with session.post(
        f"{server.url}/access/session",
        json={"login": "hq", "password": network.sign_in(0)["password"]},
        headers=headers,
    ) as signed_in:
        assert signed_in.status < 300
    async with session.get(f"{server.url}/hq/attention") as answer:
        attention = await answer.json()
    mine = [each for each in attention["quarantine"] if each["device"] == tablet.device]
    assert len(mine) == 1
    assert mine[0]["code"] in REFUSALS
