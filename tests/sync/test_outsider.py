"""docs/sync.md is enough: a client written from it alone works against the real server, and its examples do what they say."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from tests.simulation.network import LIST, PASSWORD, Network
from tests.simulation.server_process import ServerProcess

from .outsider import JSON, PACK, Client, NoReply, Problem, Raw, enrol, fetch, opened, sealed
from .outsider_writer import MAGIC, Writer

PAGE = (Path(__file__).parents[2] / "docs" / "sync.md").read_text()
RECORDS = 12 * 2 + 2
"""Products, prices, a list and the dealer."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    data = tmp_path_factory.mktemp("outsider")
    asyncio.run(Network.create(data, dealers=2, products=12))
    with ServerProcess(data, gate_workers="1") as running:
        yield running.url


@pytest.fixture(scope="module")
def device(server: str) -> dict[str, Any]:
    return enrol(server, user="owner.d0", password=PASSWORD, name="outsider")


@pytest.fixture(scope="module")
def second(server: str) -> dict[str, Any]:
    return enrol(server, user="owner.d0", password=PASSWORD, name="another")


def order(device: dict[str, Any], number: int = 1) -> Writer:
    """An order in two changes: begun, then filled and submitted."""
    writer = Writer(device["device"], "order", f"dealer:{device['dealer']}")
    writer.put("kind", "order")
    writer.put("schema", 1)
    writer.put("number", f"{device['short_code']}-{number:04}")
    writer.put("dealer", device["dealer"])
    writer.put("currency", "USD")
    writer.put("stage", "draft")
    writer.put("created_at", "2026-11-24T04:30:00Z")
    writer.put("price_list", LIST)
    writer.put("lines", {})
    writer.commit()
    writer.put("lines/l1", {"position": 0, "product": "p1", "quantity": "2", "unit": "pcs", "price": 107})
    writer.text("note", "soon, 请尽快")
    writer.put("stage", "submitted")
    writer.commit()
    return writer


def refused(answer: dict[str, Any]) -> list[tuple[int, str]]:
    (result,) = answer["results"]
    return [(one["position"], one["code"]) for one in result["refused"]]


def pushed(client: Client, writer: Writer, changes: list[bytes], **fields: Any) -> dict[str, Any]:
    """The answer to a push that the client keeps no book of."""
    document = {"id": writer.id, "kind": writer.kind, "scope": writer.scope, "changes": changes}
    return ask(client, documents=[document], pull=False, **fields)


def ask(client: Client, **fields: Any) -> dict[str, Any]:
    request = {"protocol": 1, "epoch": None, "sent_at": int(time.time() * 1000), **fields}
    body, headers = sealed(request, client.form, client.coding)
    return opened(fetch(f"{client.base}/sync", body, headers | {"Authorization": f"Bearer {client.token}"}))


def code_of(client: Client, **fields: Any) -> tuple[int, Any]:
    with pytest.raises(Problem) as problem:
        ask(client, **fields)
    return problem.value.status, problem.value.code


@pytest.mark.rule("SY2")
@pytest.mark.rule("SY9")
@pytest.mark.parametrize(("form", "coding"), [(JSON, None), (PACK, None), (JSON, "gzip"), (PACK, "zstd")])
def test_an_order_in_two_changes_is_stored_decided_and_read_by_another(
    server: str, device: dict[str, Any], second: dict[str, Any], form: str, coding: str | None
) -> None:
    client = Client(server, device["token"], form=form, coding=coding)
    writer = order(device)
    client.take(writer)
    answers = client.sync()
    assert answers[0]["results"] == [{"id": writer.id, "stored": 2, "refused": []}]
    assert all(one.acknowledged for one in client.outbox[writer.id].changes)
    assert client.rows[writer.id]["verdict"] == "accepted"
    decision = client.records["dealer:d0", "decision", writer.id]["body"]
    assert decision["changes"] == len(writer.hashes)

    reader = Client(server, second["token"], form=form, coding=coding)
    (answer,) = reader.sync()
    (news,) = [one for feed in answer["feeds"] for one in feed["documents"] if one["id"] == writer.id]
    assert news["saved"][:4] == MAGIC
    assert news["saved"][8] == 0
    assert news["changes"] == []
    assert reader.document(writer.id) == client.document(writer.id)
    assert reader.document(writer.id)["note"] == "soon, 请尽快"
    assert reader.document(writer.id)["lines"]["l1"]["quantity"] == "2"


def test_a_pull_in_pages_brings_what_one_page_brings_and_a_cursor_resumes(
    server: str, device: dict[str, Any], second: dict[str, Any]
) -> None:
    client = Client(server, device["token"])
    client.take(order(device))
    client.sync()
    whole, paged = (Client(server, second["token"], limit=limit) for limit in (2000, 5))
    assert len(whole.sync()) == 1
    answers = paged.sync()
    assert len(answers) > 2
    assert all(len(feed["documents"]) + len(feed["records"]) <= 5 for one in answers for feed in one["feeds"])
    assert (paged.rows, paged.records) == (whole.rows, whole.records)
    assert len(whole.records) >= RECORDS

    before = dict(whole.cursors)
    (quiet,) = whole.sync()
    assert [feed["documents"] + feed["records"] for feed in quiet["feeds"]] == [[]] * 4
    assert whole.cursors == before
    writer = order(device)
    client.take(writer)
    client.sync()
    for _ in range(2):  # a cursor may be used again
        whole.cursors = dict(before)
        (news,) = whole.sync()
        assert [one["id"] for feed in news["feeds"] for one in feed["documents"]] == [writer.id]
    writer.put("lines/l1/quantity", "3")
    writer.commit()
    client.take(writer)
    (own,) = client.sync()
    (mine,) = [one for feed in own["feeds"] for one in feed["documents"]]
    assert (mine["saved"], mine["changes"]) == (None, [])
    (news,) = whole.sync()
    (theirs,) = [one for feed in news["feeds"] for one in feed["documents"]]
    assert (theirs["saved"], theirs["changes"]) == (None, writer.changes[2:])


@pytest.mark.rule("SY1")
def test_a_change_may_come_again_and_in_any_order(server: str, device: dict[str, Any]) -> None:
    client, writer = Client(server, device["token"]), order(device)
    same = [{"id": writer.id, "stored": 2, "refused": []}]
    for changes in (writer.changes[::-1], writer.changes, [writer.changes[0]] * 2):
        assert pushed(client, writer, changes)["results"] == same
    assert pushed(client, order(device), [])["feeds"] == []


@pytest.mark.rule("SY4")
@pytest.mark.rule("SY5")
def test_what_is_refused_is_named_by_position_and_blocks_nothing(
    server: str, device: dict[str, Any], second: dict[str, Any]
) -> None:
    client, writer, foreign = Client(server, device["token"]), order(device), order(second)
    broken = writer.changes[1][:-1] + bytes([writer.changes[1][-1] ^ 1])
    changes = [b"?", writer.changes[0], broken, foreign.changes[0], b"x" * (256 * 1024 + 1), writer.changes[1]]
    answer = pushed(client, writer, changes)
    assert refused(answer) == [
        (0, "chunk_malformed"),
        (2, "checksum_mismatch"),
        (3, "actor_not_of_device"),
        (4, "change_too_large"),
    ]
    assert answer["results"][0]["stored"] == 2
    wild = Writer(device["device"], "order", "dealer:d0")
    wild.put("colour", "red")
    assert refused(pushed(client, wild, [wild.commit()])) == [(0, "path_forbidden")]
    elsewhere = order(device)
    elsewhere.scope = "dealer:d1"
    assert refused(pushed(client, elsewhere, elsewhere.changes)) == [(0, "scope_forbidden"), (1, "scope_forbidden")]

    client.take(wild)
    client.sync()
    (mine,) = client.outbox[wild.id].changes
    assert mine.refused
    assert not mine.acknowledged
    assert client.offer() == {}


def test_a_missing_dependency_heals_when_all_is_sent_again(server: str, device: dict[str, Any]) -> None:
    client, writer = Client(server, device["token"]), order(device)
    client.take(writer)
    client.outbox[writer.id].changes[0].acknowledged = True  # so it believes; the server has it not
    answers = client.sync()
    first = answers[0]["results"][0]["refused"]
    assert first == [{"position": 0, "code": "dependency_missing", "detail": writer.hashes[0].hex()}]
    assert answers[1]["results"] == [{"id": writer.id, "stored": 2, "refused": []}]
    assert client.offer() == {}


@pytest.mark.rule("SY6")
@pytest.mark.parametrize("cursor", ["0:5", "of another make"])
def test_another_epoch_resets(server: str, device: dict[str, Any], cursor: str) -> None:
    client, writer = Client(server, device["token"]), order(device)
    client.take(writer)
    client.sync()
    held = dict(client.records)
    client.epoch, client.cursors = "another", {"catalog": cursor}
    reset, *answers = client.sync()
    assert reset["reset"]
    assert [(feed["more"], feed["documents"], feed["records"]) for feed in reset["feeds"]] == [(True, [], [])] * 4
    assert answers[0]["results"] == [{"id": writer.id, "stored": 2, "refused": []}]
    assert client.epoch == device["epoch"]
    assert client.records.keys() == held.keys()
    # Without an epoch the cursors are not used.
    fresh = ask(client, cursors={"catalog": client.cursors["catalog"]})
    assert not fresh["reset"]
    assert fresh["feeds"][0]["records"]


def test_problems_acknowledge_nothing_and_say_why(server: str, device: dict[str, Any]) -> None:
    client, writer = Client(server, device["token"]), order(device)
    document = {"id": writer.id, "kind": "order", "scope": writer.scope, "changes": writer.changes}
    epoch = device["epoch"]
    assert code_of(client, protocol=2) == (400, "protocol_unknown")
    assert code_of(client, limit=0) == (400, "malformed")
    assert code_of(client, sent_at="now") == (400, "malformed")
    assert code_of(client, documents=[document, document]) == (400, "malformed")
    assert code_of(client, epoch=epoch, cursors={"catalog": "?"}) == (400, "cursor_malformed")
    many = {**document, "changes": [b""] * 5001}
    assert code_of(client, documents=[many]) == (413, "too_large")
    with pytest.raises(Problem) as problem:
        opened(
            fetch(f"{server}/sync", b"{}", {"Content-Type": "text/plain", "Authorization": f"Bearer {client.token}"})
        )
    assert (problem.value.status, problem.value.code) == (415, "unsupported_media_type")
    assert code_of(Client(server, "nobody"), documents=[document]) == (401, "token_unknown")
    with pytest.raises(Problem) as problem:
        enrol(server, code="0000-0000-0000", name="x")
    assert (problem.value.status, problem.value.code) == (401, "code_invalid")
    assert ask(client, pull=False, colour="red")["results"] == []  # an unknown field is passed over


def test_answers_are_compressed_as_asked(server: str, device: dict[str, Any]) -> None:
    for coding in ("gzip", "zstd"):
        body, headers = sealed({"protocol": 1, "epoch": None, "sent_at": 0}, JSON, coding)
        raw = fetch(f"{server}/sync", body, headers | {"Authorization": f"Bearer {device['token']}"})
        assert raw.headers["Content-Encoding"] == coding
        assert opened(raw)["feeds"]


@pytest.mark.rule("SY12")
@pytest.mark.parametrize(
    "raw",
    [
        Raw(200, {"Content-Type": "text/html"}, b"<h1>Sign in</h1>"),
        Raw(200, {"Content-Type": JSON}, b'{"protocol": 1, "epo'),
        Raw(200, {"Content-Type": PACK, "Content-Encoding": "gzip"}, b"\x1f\x8b\x08"),
    ],
)
def test_what_is_no_reply_counts_as_none(raw: Raw) -> None:
    with pytest.raises(NoReply):
        opened(raw)


@pytest.mark.rule("SY10")
def test_a_device_sees_its_scopes_alone(server: str, device: dict[str, Any]) -> None:
    mine = Client(server, device["token"])
    mine.take(order(device))
    mine.sync()
    stranger = enrol(server, user="owner.d1", password=PASSWORD, name="stranger")
    other = Client(server, stranger["token"])
    other.cursors = {"dealer:d0": "0:0"}
    (answer,) = other.sync()
    assert (
        [feed["scope"] for feed in answer["feeds"]]
        == stranger["scopes"]
        == ["catalog", "tier:standard", "dealer:d1", "service:d1"]
    )
    assert other.rows == {}


def test_live_tells_that_a_scope_moved(server: str, device: dict[str, Any], second: dict[str, Any]) -> None:
    client, other = Client(server, device["token"]), Client(server, second["token"])
    other.sync()
    writer = order(device)
    client.take(writer)
    with other.live() as socket:
        client.sync()
        poke = json.loads(socket.recv(timeout=5))
    assert poke["scope"] == "dealer:d0"
    other.sync()
    assert writer.id in other.rows
    with pytest.raises(ConnectionClosed) as closed, Client(server, "nobody").live():
        pass
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4401


# ---------------------------------------------------------------- the page's own examples


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl here")
def test_the_curl_example_works(server: str) -> None:
    (script,) = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    environment = {**os.environ, "DAYBOOK": server, "LOGIN": "owner.d0", "PASSWORD": PASSWORD}
    done = subprocess.run(["sh", "-eu", "-c", script], env=environment, capture_output=True, text=True, timeout=20)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["protocol"] == 1
    assert [len(feed["documents"]) + len(feed["records"]) for feed in answer["feeds"]][:2] == [2, 2]


def test_the_change_in_the_page_is_taken_once_it_is_of_this_device(server: str, device: dict[str, Any]) -> None:
    (dump,) = re.findall(r"```\n(85 6f.*?)```", PAGE, re.DOTALL)
    change = bytes.fromhex("".join(line.split("  ")[0] for line in dump.splitlines()))
    body = change[8:]
    assert len(change) == 68
    assert change[4:8] == hashlib.sha256(body).digest()[:4]
    body = body.replace(bytes.fromhex("0123456789abcdef"), bytes.fromhex(device["device"]))
    own = MAGIC + hashlib.sha256(body).digest()[:4] + body
    client, writer = Client(server, device["token"]), order(device)
    assert refused(pushed(client, writer, [change, own])) == [(0, "actor_not_of_device")]
    client.sync()
    assert client.document(writer.id) == {"kind": "order"}
