"""`POST /sync` as docs/sync.md says it: both forms, compression, limits, errors that lose nothing."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import msgspec
import pytest
import pytest_asyncio
import zstandard
from httpx import AsyncClient, Response

from server.store.engine import Database
from server.sync.pipeline import Pipeline
from server.sync.protocol import LARGEST_UNPACKED
from tests.sync.world import Device, World, now_ms, order

MESSAGEPACK = "application/x-msgpack"


@pytest_asyncio.fixture(loop_scope="session")
async def world(database: Database, pipeline: Pipeline) -> World:
    return await World(database, pipeline).begin()


def asked(tablet: Device, *documents: Any, **fields: Any) -> dict[str, Any]:
    pushed = [{"id": each.id, "kind": each.kind, "scope": each.scope, "changes": each.changes} for each in documents]
    return {"protocol": 1, "epoch": None, "sent_at": now_ms(), "cursors": {}, "documents": pushed, **fields}


async def post(client: AsyncClient, tablet: Device, body: bytes, **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    named.setdefault("Content-Type", MESSAGEPACK)
    return await client.post("/sync", content=body, headers={"Authorization": f"Bearer {tablet.token}", **named})


def problem(answer: Response, status: int, code: str) -> dict[str, Any]:
    assert answer.headers["content-type"].startswith("application/problem+json"), answer.text
    body: dict[str, Any] = answer.json()
    assert (answer.status_code, body["status"], body["code"]) == (status, status, code)
    return body


async def test_messagepack(world: World, client: AsyncClient) -> None:
    tablet = await world.device()
    answer = await post(client, tablet, msgspec.msgpack.encode(asked(tablet, tablet.write(order(p1=2)))))
    assert (answer.status_code, answer.headers["content-type"]) == (200, MESSAGEPACK)
    body = msgspec.msgpack.decode(answer.content)
    assert set(body) == {"protocol", "epoch", "server_time", "results", "feeds", "reset"}
    assert (body["protocol"], body["reset"], abs(body["server_time"] - now_ms()) < 60_000) == (1, False, True)
    assert body["results"][0]["stored"] == 1
    assert [feed["scope"] for feed in body["feeds"]] == ["catalog", "tier:retail", "dealer:alfki", "service:alfki"]
    products = [record for record in body["feeds"][0]["records"] if record["kind"] == "product"]
    assert set(products[0]) == {"kind", "key", "seq", "version", "body"}
    assert products[0]["body"]["tax_bp"] == 1300


async def test_json_says_the_same(world: World, client: AsyncClient) -> None:
    tablet, reader = await world.device(), await world.device()
    pushed = tablet.write(order(p1=2))
    body = asked(tablet, pushed)
    body["documents"][0]["changes"] = [base64.b64encode(chunk).decode() for chunk in pushed.changes]
    answer = await post(client, tablet, json.dumps(body).encode(), Content_Type="application/json")
    assert answer.json()["results"] == [{"id": pushed.id, "stored": 1, "refused": []}]
    plain = await post(
        client, reader, json.dumps(asked(reader)).encode(), Content_Type="application/json; charset=utf-8"
    )
    packed = await post(
        client, reader, json.dumps(asked(reader)).encode(), Content_Type="application/json", Accept=MESSAGEPACK
    )
    assert packed.headers["content-type"] == MESSAGEPACK
    feeds = msgspec.msgpack.decode(packed.content)["feeds"]
    for feed in feeds:
        for entry in feed["documents"]:
            entry["saved"] = base64.b64encode(entry["saved"]).decode()
    assert plain.json()["feeds"] == feeds


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
async def test_a_compressed_request(world: World, client: AsyncClient, encoding: str) -> None:
    tablet = await world.device()
    body = msgspec.msgpack.encode(asked(tablet, *(tablet.write(order(p1=1)) for _ in range(100))))
    packed = gzip.compress(body) if encoding == "gzip" else zstandard.compress(body)
    answer = await post(client, tablet, packed, Content_Encoding=encoding)
    assert [each["stored"] for each in msgspec.msgpack.decode(answer.content)["results"]] == [1] * 100
    problem(await post(client, tablet, packed[:-5], Content_Encoding=encoding), 400, "malformed")
    problem(await post(client, tablet, packed + b"more", Content_Encoding=encoding), 400, "malformed")
    problem(await post(client, tablet, b"not packed at all", Content_Encoding=encoding), 400, "malformed")


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
async def test_a_bomb(world: World, client: AsyncClient, encoding: str) -> None:
    tablet = await world.device()
    plain = bytes(LARGEST_UNPACKED * 4)
    bomb = gzip.compress(plain, 9) if encoding == "gzip" else zstandard.ZstdCompressor(level=19).compress(plain)
    assert len(bomb) < 200_000
    problem(await post(client, tablet, bomb, Content_Encoding=encoding), 413, "too_large")


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b"", {}, 400, "malformed"),
        (b"\xc1", {}, 400, "malformed"),
        (b"\x81\xa8protocol\x01", {}, 400, "malformed"),
        (b"<html>sign in to this network</html>", {"Content_Type": "text/html"}, 415, "unsupported_media_type"),
        (b"[" * 100_000, {"Content_Type": "application/json"}, 400, "malformed"),
        (b'{"protocol":1,"x":' + b"[" * 50_000 + b"]" * 50_000 + b"}", {"Content_Type": "application/json"}, 400, "malformed"),
        (b"\x91" * 100_000, {}, 400, "malformed"),
        (b'{"protocol":1,"\xff":1}', {"Content_Type": "application/json"}, 400, "malformed"),
        (b'{"protocol":1,"epoch":null,"sent_at":1e400}', {"Content_Type": "application/json"}, 400, "malformed"),
        (b'{"protocol":1,"epoch":null,"sent_at":NaN}', {"Content_Type": "application/json"}, 400, "malformed"),
        (b'{"protocol":1,"epoch":null,"sent_at":-1}', {"Content_Type": "application/json"}, 400, "malformed"),
        (b'{"protocol":1,"epoch":null,"sent_at":1,"limit":0}', {"Content_Type": "application/json"}, 400, "malformed"),
        (b'{"protocol":2,"epoch":null,"sent_at":1}', {"Content_Type": "application/json"}, 400, "protocol_unknown"),
        (b'{"protocol":1,"epoch":null,"sent_at":1,"cursors":{"catalog":"x"}}', {"Content_Type": "application/json"}, 400, "cursor_malformed"),
        (b"{}", {"Content_Type": "application/json", "Content_Encoding": "br"}, 415, "unsupported_media_type"),
    ],
)  # fmt: skip
async def test_what_is_no_request(
    world: World, client: AsyncClient, body: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    problem(await post(client, await world.device(), body, **headers), status, code)


async def test_limits(world: World, client: AsyncClient) -> None:
    tablet = await world.device()
    pushed = tablet.write(order(p1=1))
    one = asked(tablet, pushed)
    one["documents"][0]["changes"] = pushed.changes * 5_001
    problem(
        await post(client, tablet, gzip.compress(msgspec.msgpack.encode(one)), Content_Encoding="gzip"),
        413,
        "too_large",
    )
    problem(await post(client, tablet, bytes(8 * 1024 * 1024 + 1)), 413, "too_large")
    twice = asked(tablet, pushed, pushed)
    problem(await post(client, tablet, msgspec.msgpack.encode(twice)), 400, "malformed")
    large = asked(tablet, pushed)
    large["documents"][0]["changes"] = [*pushed.changes, bytes(256 * 1024 + 1)]
    answer = await post(client, tablet, msgspec.msgpack.encode(large))
    (result,) = msgspec.msgpack.decode(answer.content)["results"]
    assert (result["stored"], [each["code"] for each in result["refused"]]) == (1, ["change_too_large"])
    assert await world.rows("SELECT verdict FROM document WHERE kind = 'order'") == [{"verdict": "accepted"}]


@pytest.mark.rule("SY5")
async def test_tokens(world: World, client: AsyncClient) -> None:
    tablet = await world.device()
    body = msgspec.msgpack.encode(asked(tablet))
    problem(await client.post("/sync", content=body, headers={"Content-Type": MESSAGEPACK}), 401, "token_unknown")
    async with world.database.transaction() as tx:
        await tx.execute("UPDATE device SET revoked_at = 1 WHERE id = ?", tablet.principal.device)
    problem(await post(client, tablet, body), 401, "device_revoked")


@pytest.mark.rule("SY2")
async def test_nothing_is_acknowledged_that_did_not_commit(
    world: World, client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from server.store import log

    async def fails(*_: Any) -> None:
        raise RuntimeError("the disk is full")

    tablet = await world.device()
    body = msgspec.msgpack.encode(asked(tablet, tablet.write(order(p1=1))))
    with monkeypatch.context() as patch:
        patch.setattr(log, "device_synced", fails)
        answer = await post(client, tablet, body)
    problem(answer, 500, "internal")
    assert await world.rows("SELECT id FROM document WHERE kind = 'order'") == []
    assert await world.rows("SELECT id FROM posting WHERE document <> ''") != []
    await world.check_ledgers()
    answer = await post(client, tablet, body)
    assert msgspec.msgpack.decode(answer.content)["results"][0]["stored"] == 1
    if world.database.engine == "sqlite":
        assert await world.rows("PRAGMA synchronous") == [{"synchronous": 2}]


@pytest.mark.rule("SY7")
async def test_a_wrong_clock_orders_nothing(world: World, client: AsyncClient) -> None:
    tablet = await world.device()
    ahead = asked(tablet, tablet.write(order(p1=1)), sent_at=now_ms() + 86_400_000)
    behind = asked(tablet, tablet.write(order(p1=1)), sent_at=now_ms() - 86_400_000)
    for body in (ahead, behind):
        assert (await post(client, tablet, msgspec.msgpack.encode(body))).status_code == 200
    rows = await world.rows(
        "SELECT first_seq, received_at, clock_offset FROM document WHERE kind = 'order' ORDER BY arrived"
    )
    assert rows[0]["first_seq"] < rows[1]["first_seq"]
    assert rows[0]["received_at"] <= rows[1]["received_at"]
    assert [round(row["clock_offset"] / 3_600_000) for row in rows] == [-24, 24]
    offsets = await world.rows("SELECT clock_offset FROM change ORDER BY received_at, seq")
    assert [round(row["clock_offset"] / 3_600_000) for row in offsets] == [-24, 24]


@pytest.mark.rule("SY12")
async def test_an_answer_says_what_it_is(world: World, client: AsyncClient) -> None:
    tablet = await world.device()
    answer = await post(client, tablet, msgspec.msgpack.encode(asked(tablet, pull=False)))
    body = msgspec.msgpack.decode(answer.content)
    assert (body["protocol"], body["epoch"], body["feeds"]) == (1, await world.pipeline.epoch(), [])
    assert answer.headers["cache-control"] == "no-store"
