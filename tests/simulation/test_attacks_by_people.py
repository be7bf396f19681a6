"""Somebody with a right to something tries for more: other dealers, other roles, other sites, many at once, ended tokens."""

from __future__ import annotations

import asyncio
import json
import secrets
from typing import Any

import aiohttp
import msgspec
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from server.notify.keys import load_vapid, public_key
from server.settings import Settings
from tests.sync.world import order

from .target import JSON, PASSWORD, Target


@pytest.mark.rule("SY10")
async def test_a_dealer_learns_and_moves_nothing_of_another(target: Target) -> None:
    session, world = target.sessions[""], target.world
    mine, theirs = await world.device("alfki"), await world.device("berga")
    secret = theirs.write({**order("berga", p1=3), "note": "nobody else's"})
    assert (await target.sync(session, theirs, secret))[0] == 200
    cursors = {
        scope: "0:0" for scope in ("dealer:berga", "hq", "technician:x", f"device:{theirs.principal.device}", "%", "")
    }
    status, answer = await target.sync(session, mine, cursors=cursors)
    assert status == 200
    assert {feed["scope"] for feed in answer["feeds"]} == {"catalog", "tier:retail", "dealer:alfki", "service:alfki"}
    assert secret.id not in str(answer)
    # Their scope, their id in my scope, their very bytes in mine, and a scope that does not exist: not one is told from another.
    bytes_of = secret.changes
    own = mine.write(order(p1=1))
    for pushed, code in (
        (msgspec.structs.replace(secret), "scope_forbidden"),
        (msgspec.structs.replace(own, scope="dealer:berga"), "scope_forbidden"),
        (msgspec.structs.replace(own, scope="dealer:nobody"), "scope_forbidden"),
        (msgspec.structs.replace(own, scope="hq"), "scope_forbidden"),
        (msgspec.structs.replace(own, scope="catalog"), "scope_forbidden"),
        (msgspec.structs.replace(own, scope="tier:retail"), "scope_forbidden"),
        (msgspec.structs.replace(secret, scope="dealer:alfki"), "document_elsewhere"),
        (msgspec.structs.replace(own, id=secret.id), "document_elsewhere"),
        (msgspec.structs.replace(own, changes=bytes_of), "actor_not_of_device"),
        (msgspec.structs.replace(own, kind="payment"), "role_forbidden"),
        (msgspec.structs.replace(own, kind="__proto__"), "kind_unknown"),
        (msgspec.structs.replace(own, id="../" + "a" * 29), "document_id_invalid"),
    ):
        status, answer = await target.sync(session, mine, pushed)
        assert status == 200
        (result,) = answer["results"]
        codes = {each["code"] for each in result["refused"]}
        assert (result["stored"], codes) == (0, {code}), code
    (row,) = await world.rows("SELECT scope, changes FROM document WHERE id = ?", secret.id)
    assert (row["scope"], row["changes"]) == ("dealer:berga", 1)
    bearer = {"Authorization": f"Bearer {mine.token}"}
    for path in (
        "/hq/orders",
        "/hq/dealers",
        f"/hq/documents/{secret.id}",
        "/hq/dealers/berga/account",
        "/access/session",
    ):
        async with session.get(f"{target.url}{path}", headers=bearer) as answer:
            assert answer.status == 401, path


@pytest.mark.rule("SY10")
async def test_a_catalogue_holds_no_orders(target: Target) -> None:
    """A scope that every dealer reads is nobody's to write."""
    session = target.sessions[""]
    mine, other = await target.world.device("alfki"), await target.world.device("berga")
    pushed = msgspec.structs.replace(mine.write({**order(p1=1), "note": "read me"}), scope="catalog")
    tier = msgspec.structs.replace(mine.write({**order(p1=1), "note": "read me"}), scope="tier:retail")
    status, answer = await target.sync(session, mine, pushed, tier)
    assert status == 200
    assert [result["stored"] for result in answer["results"]] == [0, 0]
    assert {each["code"] for result in answer["results"] for each in result["refused"]} == {"scope_forbidden"}
    _, seen = await target.sync(session, other)
    assert pushed.id not in str(seen)


@pytest.mark.parametrize("paths", [{"discount_bp": 400}, {"decision": "x"}, {"__proto__": "x"}, {"constructor": {"prototype": "x"}}])  # fmt: skip
async def test_a_role_writes_only_its_paths(target: Target, paths: dict[str, Any]) -> None:
    staff = await target.world.device("alfki", "staff")
    pushed = staff.write({**order(p1=1), **paths})
    status, answer = await target.sync(target.sessions[""], staff, pushed)
    assert status == 200
    assert [each["code"] for each in answer["results"][0]["refused"]] == ["path_forbidden"]


async def test_a_technician_writes_no_orders(target: Target) -> None:
    technician = await target.world.device("alfki", "technician")
    status, answer = await target.sync(target.sessions[""], technician, technician.write(order(p1=1)))
    assert (status, [each["code"] for each in answer["results"][0]["refused"]]) == (200, ["scope_forbidden"])
    own = f"technician:{technician.principal.account}"
    pushed = msgspec.structs.replace(technician.write(order(p1=1)), scope=own)
    _, answer = await target.sync(target.sessions[""], technician, pushed)
    assert [each["code"] for each in answer["results"][0]["refused"]] == ["role_forbidden"]


async def test_a_key_that_browsers_cannot_see_is_refused(target: Target) -> None:
    """`__proto__` sets no property in JavaScript: a line under it would be shipped and shown on no tablet."""
    owner = await target.world.device()
    content = order(p1=1, p2=1)
    hidden = {**content, "lines": {**content["lines"], "__proto__": content["lines"]["l1"]}}
    _, answer = await target.sync(target.sessions[""], owner, owner.write(hidden))
    assert [each["code"] for each in answer["results"][0]["refused"]] == ["path_forbidden"]
    odd = {**content, "lines": dict(zip(("constructor", "toString"), content["lines"].values(), strict=True))}
    _, answer = await target.sync(target.sessions[""], owner, owner.write(odd))
    assert answer["results"][0]["refused"] == []


@pytest.mark.rule("SY11")
async def test_commands_at_the_same_moment_have_one_effect(target: Target) -> None:
    world, sales = target.world, target.sessions["administrator"]
    tablet = await world.device()
    pushed = tablet.write(order(p2=4))
    assert (await target.sync(target.sessions[""], tablet, pushed))[1]["results"][0]["stored"] == 1
    before = await world.balance("stock", "transit:alfki", "p2")

    async def ship(number: int, key: str) -> tuple[int, Any]:
        body = {
            "key": key, "kind": "order", "name": "ship", "document": pushed.id,
            "params": {"lines": {"l1": "4"}, "carrier": "c", "tracking": "t"},
        }  # fmt: skip
        cookies = "; ".join(f"{each.key}={each.value}" for each in sales.cookie_jar)
        headers = {**JSON, "Cookie": cookies}
        async with sales.post(f"{target.turn(number)}/hq/commands", json=body, headers=headers) as answer:
            return answer.status, await answer.json(content_type=None)

    one = secrets.token_hex(8)
    same = await asyncio.gather(*(ship(number, one) for number in range(16)))
    assert {status for status, _ in same} == {200}, same
    assert len({json.dumps(told, sort_keys=True) for _, told in same}) == 1
    others = await asyncio.gather(*(ship(number, secrets.token_hex(8)) for number in range(16)))
    assert {status for status, _ in others} == {409}, others
    assert await world.balance("stock", "transit:alfki", "p2") - before == 4_000
    await world.check_ledgers()


async def test_other_sites_and_other_roles_are_turned_away(target: Target) -> None:
    command = {"key": "k", "kind": "payment", "name": "record", "params": {}}
    for role, headers, expected in (
        ("administrator", {"Content-Type": "application/json"}, (403, "not_from_daybook")),
        ("administrator", {"Content-Type": "text/plain", "X-Daybook": "1"}, (415, "unsupported_media_type")),
        ("service", JSON, (403, "role_may_not")),
        ("", JSON, (401, "not_signed_in")),
    ):
        url = f"{target.url}/hq/commands"
        async with target.sessions[role].post(url, data=json.dumps(command), headers=headers) as answer:
            assert (answer.status, (await answer.json(content_type=None))["code"]) == expected, role
    for role in ("sales", "service", "finance"):
        async with target.sessions[role].post(f"{target.url}/access/people", json={}, headers=JSON) as answer:
            assert answer.status == 403
    planted = "a" * 43
    async with aiohttp.ClientSession() as browser:
        words = {"login": "sales", "password": PASSWORD}
        headers = {**JSON, "Cookie": f"daybook_session={planted}"}
        async with browser.post(f"{target.url}/access/session", json=words, headers=headers) as answer:
            cookie = answer.cookies["daybook_session"]
            assert cookie.value != planted
            assert (cookie["httponly"], cookie["samesite"].lower()) == (True, "strict")


async def test_a_revoked_token_opens_nothing(target: Target) -> None:
    tablet = await target.world.device()
    bearer = {"Authorization": f"Bearer {tablet.token}"}
    session = target.sessions[""]
    async with session.delete(f"{target.turn(0)}/access/device", headers=bearer) as answer:
        assert answer.status == 204
    for number in range(2):
        for method, path in (("POST", "/sync"), ("DELETE", "/access/device"), ("POST", "/notify/subscriptions")):
            url = f"{target.turn(number)}{path}"
            async with session.request(method, url, headers={**JSON, **bearer}, data=b"{}") as answer:
                assert (answer.status, (await answer.json(content_type=None))["code"]) == (401, "device_revoked")
        async with connect(f"{target.turn(number).replace('http', 'ws')}/live", proxy=None) as socket:
            await socket.send(json.dumps({"token": tablet.token}))
            with pytest.raises(ConnectionClosed):
                await asyncio.wait_for(socket.recv(), 5)


async def test_pushes_go_to_push_services_only(target: Target) -> None:
    tablet = await target.world.device()
    # A real point of the curve, so that the address is what is refused.
    keys = {"p256dh": public_key(load_vapid(Settings(data=target.processes[0].log.parent))), "auth": "A" * 22}
    for endpoint in (
        "http://127.0.0.1:8000/", "https://127.0.0.1/", "https://2130706433/", "https://0x7f.1/", "https://[::1]/",
        "https://[::ffff:127.0.0.1]/", "https://localhost/", "https://fcm.googleapis.com@127.0.0.1/", "file:///etc/passwd",
        "https://fcm.googleapis.com.example.org/", "https://fcm.googleapis.com:8443/", "https://fcm.googleapis.com\\@127.0.0.1/",
        "https://user@fcm.googleapis.com/", "https://fcm.googleapis.com#@127.0.0.1/", "//fcm.googleapis.com/x", "gopher://x/",
        "https://ｆcm.googleapis.com/", "https://fcm.googleapis.com\r\nHost: x/", "https://[", "https://notify.windows.com/",
    ):  # fmt: skip
        body = {"endpoint": endpoint, "keys": keys}
        headers = {**JSON, "Authorization": f"Bearer {tablet.token}"}
        async with target.sessions[""].post(f"{target.url}/notify/subscriptions", json=body, headers=headers) as answer:
            said = await answer.json(content_type=None)
            assert (answer.status, said.get("code")) == (400, "push_endpoint_refused"), endpoint


async def test_nothing_unexpected_was_logged(target: Target) -> None:
    """The last of this file: whatever was tried above, no handler failed."""
    assert target.unexpected() == []
