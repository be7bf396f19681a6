"""Devices: enrolled once, known by a token, switched off from the next request on."""

from __future__ import annotations

import asyncio
import json
import re

import pytest

from server.access import devices, people
from server.access.codes import digest, new_code, normal_code
from server.access.principal import authenticate_bearer, scopes_of
from server.problems import Problem
from server.store import accounts

from .conftest import PASSWORD, open_again


async def put_dealer(database, dealer: str, tier: str) -> None:
    async with database.transaction() as tx:
        await tx.execute(
            "INSERT INTO record (kind, key, scope, seq, version, body) VALUES ('dealer', ?, ?, 1, 1, ?)",
            dealer, f"dealer:{dealer}", json.dumps({"id": dealer, "tier": tier}),
        )  # fmt: skip


async def code_for(database, account: str) -> str:
    async with database.transaction() as tx:
        return (await devices.issue_code(tx, account, "")).code


async def test_enrol_with_a_code_from_headquarters(browser, administrator, somebody, database):
    account = await somebody("olga", "owner")
    await put_dealer(database, "alfki", "gold")
    issued = (await administrator.post("/access/enrolments", json={"account": account})).json()
    assert issued["link"] == f"http://daybook.test/enrol#{issued['code']}"
    async with browser() as tablet:
        spoken = issued["code"].lower().replace("-", " ")
        answer = await tablet.post("/access/devices", json={"code": spoken, "name": "  tablet\n1 "})
    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    told = answer.json()
    assert re.fullmatch(r"[0-9a-f]{16}", told["device"])
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", told["token"])
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}", told["short_code"])
    assert (told["user"], told["login"], told["name"], told["role"]) == (account, "olga", "Olga", "owner")
    assert (told["dealer"], told["scopes"]) == ("alfki", ["catalog", "tier:gold", "dealer:alfki", "service:alfki"])
    principal = await authenticate_bearer(database, told["token"])
    assert (principal.account, principal.device, principal.headquarters) == (account, told["device"], False)
    async with database.reading() as tx:
        assert told["epoch"] == await accounts.epoch(tx)
        device = await tx.row("SELECT * FROM device")
    assert device["name"] == "tablet 1"
    assert told["token"] not in str(device)


async def test_enrol_with_a_password(browser, somebody):
    await somebody("tess", "technician")
    async with browser() as tablet:
        answer = await tablet.post("/access/devices", json={"user": "tess", "password": PASSWORD, "name": "van"})
        assert answer.status_code == 201
        assert answer.json()["scopes"] == ["catalog", f"technician:{answer.json()['user']}"]
        wrong = await tablet.post("/access/devices", json={"user": "tess", "password": "x", "name": "van"})
        assert (wrong.status_code, wrong.json()["code"]) == (401, "sign_in_failed")
        both = await tablet.post("/access/devices", json={"user": "tess", "code": "x"})
        assert (both.status_code, both.json()["code"]) == (400, "malformed")


async def test_a_code_is_spent_once(browser, somebody, database):
    account = await somebody("olga", "owner")
    code = await code_for(database, account)
    async with browser() as tablet:
        answers = await asyncio.gather(*(tablet.post("/access/devices", json={"code": code}) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [201] + [401] * 7
    assert {answer.json()["code"] for answer in answers if answer.status_code == 401} == {"code_invalid"}
    async with database.reading() as tx:
        assert len(await tx.rows("SELECT id FROM device")) == 1


async def test_two_processes_spend_one_code_once(somebody, database):
    """Each with its own connections, as two server processes have."""
    account = await somebody("olga", "owner")
    code = await code_for(database, account)
    second = await open_again(database)
    try:
        results = await asyncio.gather(
            *(devices.enrol_with_code(each, code, "t", "192.0.2.1") for each in (database, second) * 3),
            return_exceptions=True,
        )
    finally:
        await second.close()
    assert sum(isinstance(result, devices.Enrolled) for result in results) == 1
    assert sum(isinstance(result, Problem) and result.code == "code_invalid" for result in results) == 5


@pytest.mark.parametrize("code", ["", "x", "AAAA-AAAA-AAAA", "AAAA-AAAA-AAAAA", "ＡAAA-AAAA-AAAA", "A" * 50_000])
async def test_codes_that_are_none(browser, somebody, database, code):
    await somebody("olga", "owner")
    async with browser() as tablet:
        answer = await tablet.post("/access/devices", json={"code": code, "name": "x"})
    assert answer.status_code == (401 if code else 400)


async def test_a_late_or_replaced_code(browser, somebody, database, monkeypatch):
    account = await somebody("olga", "owner")
    replaced, code = await code_for(database, account), await code_for(database, account)
    later = devices.now_ms() + devices.CODE_LASTS + 1000
    async with browser() as tablet:
        assert (await tablet.post("/access/devices", json={"code": replaced})).status_code == 401
        with monkeypatch.context() as patch:
            patch.setattr("server.access.devices.now_ms", lambda: later)
            assert (await tablet.post("/access/devices", json={"code": code})).status_code == 401
        assert (await tablet.post("/access/devices", json={"code": code})).status_code == 201


async def test_guessing_codes_is_slowed(browser, somebody, database, monkeypatch):
    account = await somebody("olga", "owner")
    code = await code_for(database, account)
    async with browser() as tablet:
        seen = [
            (await tablet.post("/access/devices", json={"code": new_code()})).status_code
            for _ in range(devices.take_attempt.__defaults__[0].address)
        ]
        assert set(seen) == {401}
        answer = await tablet.post("/access/devices", json={"code": code})
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0


def test_a_code_is_read_as_it_is_heard():
    code = new_code()
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}", code)
    assert normal_code(code.lower().replace("0", "o").replace("1", "l")) == code.replace("-", "")
    assert len({new_code() for _ in range(1000)}) == 1000


async def test_short_codes_are_unique(somebody, database, monkeypatch):
    account = await somebody("olga", "owner")
    drawn = iter(["AAAA", "AAAA", "AAAA", "BBBB"])
    monkeypatch.setattr("server.access.devices.new_short_code", lambda: next(drawn))
    codes = [
        (await devices.enrol_with_code(database, await code_for(database, account), "t", "a")).short_code
        for _ in range(2)
    ]
    assert codes == ["AAAA", "BBBB"]


@pytest.mark.rule("SY5")
async def test_revocation_holds_from_the_next_request(browser, administrator, somebody, database):
    account = await somebody("olga", "owner")
    enrolled = await devices.enrol_with_code(database, await code_for(database, account), "t", "a")
    heard: list[dict[str, int]] = []
    stop = database.listen(lambda moves: heard.append(dict(moves)))
    second = await open_again(database)
    try:
        assert (await authenticate_bearer(second, enrolled.token)).device == enrolled.device
        assert (await administrator.post(f"/access/devices/{enrolled.device}/revoke")).status_code == 204
        for each in (database, second):
            with pytest.raises(Problem) as refused:
                await authenticate_bearer(each, enrolled.token)
            assert (refused.value.status, refused.value.code) == (401, "device_revoked")
        assert (await administrator.post(f"/access/devices/{enrolled.device}/revoke")).status_code == 204
        assert (await administrator.post("/access/devices/0000000000000000/revoke")).status_code == 404
        assert (await administrator.post("/access/devices/%00/revoke")).status_code == 404
        for _ in range(100):
            if heard:
                break
            await asyncio.sleep(0.02)
        assert f"device:{enrolled.device}" in heard[0]
    finally:
        stop()
        await second.close()
    async with database.reading() as tx:
        told = await tx.rows("SELECT what FROM audit WHERE subject = ?", enrolled.device)
    assert [row["what"] for row in told] == ["device_enrolled", "device_revoked"]


async def test_a_device_signs_itself_out(browser, somebody, database):
    account = await somebody("olga", "owner")
    enrolled = await devices.enrol_with_code(database, await code_for(database, account), "t", "a")
    other = await devices.enrol_with_code(database, await code_for(database, account), "t", "a")
    async with browser() as tablet:
        assert (await tablet.delete("/access/device")).status_code == 401
        mine = {"Authorization": f"Bearer {enrolled.token}"}
        assert (await tablet.delete("/access/device", headers=mine)).status_code == 204
        again = await tablet.delete("/access/device", headers=mine)
        assert (again.status_code, again.json()["code"]) == (401, "device_revoked")
    with pytest.raises(Problem, match="device_revoked"):
        await authenticate_bearer(database, enrolled.token)
    assert (await authenticate_bearer(database, other.token)).device == other.device
    async with database.reading() as tx:
        told = await tx.rows('SELECT what, "by" FROM audit WHERE subject = ? ORDER BY id', enrolled.device)
    assert [(row["what"], row["by"]) for row in told][1:] == [("device_signed_out", account)]


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "é" * 43, "a" * 100_000, "a" * 42 + "\n"])
async def test_tokens_that_are_none(database, token):
    with pytest.raises(Problem) as refused:
        await authenticate_bearer(database, token)
    assert (refused.value.status, refused.value.code) == (401, "token_unknown")


async def test_switching_a_person_off_ends_all_that_they_hold(browser, administrator, somebody, database):
    account = await somebody("olga", "owner")
    enrolled = await devices.enrol_with_code(database, await code_for(database, account), "t", "a")
    unused = await code_for(database, account)
    assert (await administrator.post(f"/access/people/{account}/off")).status_code == 204
    with pytest.raises(Problem, match="device_revoked"):
        await authenticate_bearer(database, enrolled.token)
    with pytest.raises(Problem, match="code_invalid"):
        await devices.enrol_with_code(database, unused, "t", "a")
    refused = await administrator.post("/access/enrolments", json={"account": account})
    assert (refused.status_code, refused.json()["code"]) == (409, "account_switched_off")
    assert (await administrator.post(f"/access/people/{account}/on")).status_code == 204
    with pytest.raises(Problem, match="device_revoked"):  # the device stays off
        await authenticate_bearer(database, enrolled.token)
    await devices.enrol_with_password(database, "olga", PASSWORD, "t", "a")


@pytest.mark.rule("SY10")
async def test_scopes_of_each_role(somebody, database):
    await put_dealer(database, "alfki", "gold")

    async def scopes(login: str, role: str, dealer: str | None = None) -> tuple[str, ...]:
        person = people.NewPerson(login=login, name=login, role=role, dealer=dealer)
        account = await people.create_person(database, person)
        async with database.reading() as tx:
            row = await accounts.account_by_id(tx, account)
            principal = devices.Principal(account, login, login, row["role"], row["dealer"])
            return tuple(scope.replace(account, "me") for scope in await scopes_of(tx, principal))

    assert await scopes("a", "owner", "alfki") == ("catalog", "tier:gold", "dealer:alfki", "service:alfki")
    assert await scopes("b", "staff", "newcomer") == ("catalog", "dealer:newcomer", "service:newcomer")
    assert await scopes("c", "technician") == ("catalog", "technician:me")
    assert await scopes("d", "sales") == ()


async def test_codes_are_kept_as_hashes(somebody, database):
    account = await somebody("olga", "owner")
    code = await code_for(database, account)
    async with database.reading() as tx:
        rows = await tx.rows("SELECT * FROM enrolment")
    assert rows[0]["code_hash"] == digest(code.replace("-", ""))
    assert code.replace("-", "") not in str(rows)
