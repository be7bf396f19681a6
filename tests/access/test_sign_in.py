"""Signing in at headquarters: cookies, limits, and nothing told to who guesses."""

from __future__ import annotations

import asyncio
import statistics
import time

import pytest

from server.access import sessions
from server.access.limits import LIMITS, Limits, give_back, take_attempt
from server.access.passwords import PASSWORDS, Passwords
from server.access.principal import SESSION_IDLE, SESSION_LONGEST, authenticate_session
from server.problems import Problem
from server.store import accounts

from .conftest import PASSWORD, open_again

WRONG = "narrow closed fields"


async def test_sign_in_out(browser, somebody, database):
    account = await somebody("sam")
    async with browser() as client:
        answer = await client.post("/access/session", json={"login": " SAM ", "password": PASSWORD})
        assert answer.status_code == 200
        assert answer.json() == {"account": account, "name": "Sam", "role": "sales", "language": ""}
        assert answer.headers["cache-control"] == "no-store"
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "samesite=strict" in cookie.lower()
        assert "secure" not in cookie.lower()  # plain http on a machine of one's own
        token = client.cookies["daybook_session"]
        async with database.reading() as tx:
            stored = await tx.rows("SELECT * FROM session")
        assert token not in str(stored)
        assert (await client.get("/access/session")).json()["name"] == "Sam"
        assert (await client.delete("/access/session")).status_code == 204
        client.cookies.set("daybook_session", token, domain="daybook.test")
        assert (await client.get("/access/session")).json()["code"] == "not_signed_in"


async def test_cookie_is_secure_over_https(app, browser, somebody):
    await somebody("sam")
    async with browser() as client:
        answer = await client.post("https://daybook.test/access/session", json={"login": "sam", "password": PASSWORD})
    assert "Secure" in answer.headers["set-cookie"]


async def test_a_planted_token_is_worth_nothing(browser, somebody, database):
    """Session fixation: the token after sign-in is new, and the one brought along ends."""
    await somebody("sam")
    await somebody("mallory")
    async with browser() as mallory, browser() as victim:
        await mallory.post("/access/session", json={"login": "mallory", "password": PASSWORD})
        planted = mallory.cookies["daybook_session"]
        victim.cookies.set("daybook_session", planted, domain="daybook.test")
        answer = await victim.post("/access/session", json={"login": "sam", "password": PASSWORD})
        assert answer.cookies["daybook_session"] != planted
        assert (await mallory.get("/access/session")).status_code == 401


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("sam", WRONG),
        ("nobody", WRONG),
        ("off", PASSWORD),
        ("codeonly", ""),
        ("", ""),
        ("s\u202eam", PASSWORD),
        ("x" * 5000, PASSWORD),
        ("sam", "x" * 5000),
        ("' OR 1=1 --", PASSWORD),
        ("漢字" * 40, "密码"),
    ],
)
async def test_every_failure_answers_the_same(browser, somebody, database, login, password):
    await somebody("sam")
    off = await somebody("off")
    async with database.transaction() as tx:
        await accounts.set_active(tx, off, False)
        row = {
            "id": "c",
            "login": "codeonly",
            "name": "C",
            "role": "sales",
            "dealer": None,
            "password": "",
            "language": "",
        }
        await accounts.add_account(tx, row | {"created_at": 1})
    async with browser() as client:
        answer = await client.post("/access/session", json={"login": login, "password": password})
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "urn:daybook:problem:sign_in_failed",
        "title": "Unauthorized",
        "status": 401,
        "code": "sign_in_failed",
        "detail": "Login and password do not match.",
    }
    assert "set-cookie" not in answer.headers


async def test_unicode_logins_have_one_form(browser, somebody):
    await somebody("Ｚoë.王")  # full-width Z, as a Chinese keyboard writes it
    async with browser() as client:
        answer = await client.post("/access/session", json={"login": "ZOE\u0308.王", "password": PASSWORD})
    assert answer.status_code == 200


async def test_an_unknown_login_costs_the_same_work(database, somebody, monkeypatch):
    """One argon2 verification each, and the medians of the times close together."""
    await somebody("sam")
    done: list[str] = []
    verify = Passwords._matches
    monkeypatch.setattr(Passwords, "_matches", lambda self, *args: done.append(args[0]) or verify(self, *args))
    times: dict[str, list[float]] = {"sam": [], "nobody": []}
    for round_ in range(6):
        for login, taken in times.items():
            start = time.perf_counter()
            with pytest.raises(Problem):
                await sessions.check_sign_in(database, login, WRONG, f"192.0.2.{round_}")
            taken.append(time.perf_counter() - start)
    assert len(done) == 12
    assert len({hashed.rpartition("$")[0].rpartition("$")[0] for hashed in done}) == 1  # the same parameters
    known, unknown = statistics.median(times["sam"]), statistics.median(times["nobody"])
    assert 0.5 < known / unknown < 2


async def test_hash_is_renewed_when_parameters_change(database, somebody):
    account = await somebody("sam")
    weak = await Passwords(memory=8192, rounds=1).hash(PASSWORD)
    async with database.transaction() as tx:
        await accounts.set_password(tx, account, weak)
    await sessions.check_sign_in(database, "sam", PASSWORD, "192.0.2.1")
    async with database.reading() as tx:
        stored = (await accounts.account_by_id(tx, account))["password"]
    assert stored != weak
    assert not PASSWORDS.outdated(stored)


async def test_limits_per_login_and_address(browser, somebody):
    await somebody("sam")
    async with browser() as client:
        for _ in range(LIMITS.pair):
            assert (await client.post("/access/session", json={"login": "sam", "password": WRONG})).status_code == 401
        answer = await client.post("/access/session", json={"login": "SAM", "password": PASSWORD})
        assert answer.status_code == 429
        assert answer.json()["code"] == "slow_down"
        assert 0 < int(answer.headers["retry-after"]) <= 15 * 60
    async with browser("198.51.100.7") as elsewhere:  # the owner, at home, is not locked out
        assert (await elsewhere.post("/access/session", json={"login": "sam", "password": PASSWORD})).status_code == 200


async def test_success_takes_the_failures_back(database):
    limits = Limits(pair=3, login=100, address=100)
    for _ in range(5):
        attempt = await take_attempt(database, "sam", "192.0.2.1", limits)
        await take_attempt(database, "sam", "192.0.2.1", limits)
        await give_back(database, attempt)


async def test_limits_hold_for_simultaneous_attempts_in_two_processes(database):
    """However they interleave, never more than the limit pass; nor do the refused ones lock the login for longer."""
    limits = Limits(pair=5, login=100, address=100)
    second = await open_again(database)

    async def attempt(process) -> bool:
        try:
            await take_attempt(process, "sam", "192.0.2.1", limits)
        except Problem:
            return False
        return True

    passed = await asyncio.gather(*(attempt(process) for process in (database, second) * 12))
    await second.close()
    assert sum(passed) <= 5
    async with database.reading() as tx:
        rows = await tx.rows("SELECT COUNT(*) AS n FROM sign_in_attempt")
    assert rows[0]["n"] == 3 * sum(passed)


async def test_one_address_cannot_try_many_logins(database):
    limits = Limits(pair=2, login=2, address=6)
    for number in range(6):
        await take_attempt(database, f"login{number}", "192.0.2.1", limits)
    with pytest.raises(Problem, match="429"):
        await take_attempt(database, "another", "192.0.2.1", limits)
    await take_attempt(database, "another", "192.0.2.2", limits)


async def test_session_slides_and_ends(database, somebody, browser, monkeypatch):
    await somebody("sam")
    async with browser() as client:
        await client.post("/access/session", json={"login": "sam", "password": PASSWORD})
        token = client.cookies["daybook_session"]
    start = time.time_ns() // 1_000_000

    def at(moment: int) -> None:
        monkeypatch.setattr("server.access.principal.now_ms", lambda: moment)

    moment = start
    while moment < start + SESSION_LONGEST - SESSION_IDLE:  # used every eleven hours: it goes on
        moment += SESSION_IDLE * 11 // 12
        at(moment)
        await authenticate_session(database, token)
    at(start + SESSION_LONGEST + 60_000)
    with pytest.raises(Problem, match="not_signed_in"):
        await authenticate_session(database, token)


async def test_unused_session_ends(database, somebody, browser, monkeypatch):
    await somebody("sam")
    async with browser() as client:
        await client.post("/access/session", json={"login": "sam", "password": PASSWORD})
        token = client.cookies["daybook_session"]
    late = time.time_ns() // 1_000_000 + SESSION_IDLE + 60_000
    monkeypatch.setattr("server.access.principal.now_ms", lambda: late)
    with pytest.raises(Problem, match="not_signed_in"):
        await authenticate_session(database, token)


async def test_forms_of_other_sites_change_nothing(browser, somebody, administrator):
    """CSRF: without our header nothing happens, neither sign-in nor sign-out nor a command."""
    account = await somebody("tess", "technician")
    for path, body in (
        ("/access/session", {"login": "root", "password": PASSWORD}),
        ("/access/enrolments", {"account": account}),
        (f"/access/people/{account}/off", {}),
    ):
        answer = await administrator.post(path, json=body, headers={"X-Daybook": ""})
        assert (answer.status_code, answer.json()["code"]) == (403, "not_from_daybook")
    assert (await administrator.delete("/access/session", headers={"X-Daybook": "0"})).status_code == 403
    assert (await administrator.get("/access/session")).status_code == 200


@pytest.mark.parametrize(
    ("content", "kind", "status", "code"),
    [
        (b'{"login":"a","password":"b"}', "text/plain", 415, "unsupported_media_type"),
        (b"login=a&password=b", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        (b"\x82", "application/x-msgpack", 415, "unsupported_media_type"),
        (b'{"login":"a"}', "application/json", 400, "malformed"),
        (b'{"login":1,"password":"b"}', "application/json", 400, "malformed"),
        (b'{"login":"a\\u0000","password":"b"}', "application/json", 400, "malformed"),
        (b'{"login":"\xff","password":"b"}', "application/json", 400, "malformed"),
        (b'{"\xff":"a","password":"b"}', "application/json", 400, "malformed"),
        (b"[" * 60_000, "application/json", 400, "malformed"),
        (b"", "application/json", 400, "malformed"),
        (b'{"login":"' + b"a" * 70_000 + b'"}', "application/json", 413, "too_large"),
    ],
)
async def test_bodies_that_are_none(browser, content, kind, status, code):
    async with browser() as client:
        answer = await client.post("/access/session", content=content, headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_people_of_tablets_do_not_sign_in_at_headquarters(browser, somebody):
    await somebody("olga", "owner")
    async with browser() as client:
        answer = await client.post("/access/session", json={"login": "olga", "password": PASSWORD})
        assert (answer.status_code, answer.json()["code"]) == (403, "not_headquarters")
        assert "daybook_session" not in client.cookies


async def test_sign_ins_are_in_the_audit_log(browser, somebody, database):
    account = await somebody("sam")
    async with browser("203.0.113.5") as client:
        await client.post("/access/session", json={"login": "sam", "password": WRONG})
        await client.post("/access/session", json={"login": "sam", "password": PASSWORD})
        await client.delete("/access/session")
    async with database.reading() as tx:
        rows = await tx.rows('SELECT "by", what, subject, detail FROM audit ORDER BY id')
    assert [(row["by"], row["what"], row["subject"]) for row in rows][1:] == [
        ("", "sign_in_failed", "sam"),
        (account, "sign_in", account),
        (account, "sign_out", account),
    ]
    assert "203.0.113.5" in rows[1]["detail"]
    assert WRONG not in str(rows)
    assert PASSWORD not in str(rows)
