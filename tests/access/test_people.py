"""People: made and switched off by administrators only."""

from __future__ import annotations

import pytest

from server.access import people
from server.problems import Problem

from .conftest import PASSWORD


async def test_an_administrator_makes_people(administrator, browser):
    body = {"login": "Fin", "name": " Fin  Ance ", "role": "finance", "password": PASSWORD, "language": "en"}
    answer = await administrator.post("/access/people", json=body)
    assert answer.status_code == 201
    async with browser() as client:
        signed_in = (await client.post("/access/session", json={"login": "fin", "password": PASSWORD})).json()
    assert signed_in == {**answer.json(), "name": "Fin Ance", "role": "finance", "language": "en"}
    assert (await administrator.post("/access/people", json=body)).json()["code"] == "login_taken"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"login": " "}, "login_malformed"),
        ({"login": "a\u200bb"}, "login_malformed"),
        ({"login": "x" * 101}, "login_malformed"),
        ({"role": "king"}, "role_unknown"),
        ({"role": "owner"}, "dealer_missing"),
        ({"dealer": "alfki"}, "dealer_missing"),
        ({"role": "owner", "dealer": "no-such"}, "dealer_unknown"),
        ({"password": "short"}, "password_too_short"),
        ({"password": "x" * 257}, "password_too_long"),
        ({"language": "tlh"}, "language_unknown"),
        ({"name": ""}, "name_malformed"),
        ({"passwrod": "x"}, "malformed"),
    ],
)
async def test_people_that_are_none(administrator, change, code):
    body = {"login": "fin", "name": "Fin", "role": "finance", "password": PASSWORD} | change
    answer = await administrator.post("/access/people", json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


@pytest.mark.parametrize("role", ["sales", "finance", "service"])
async def test_others_may_not(browser, somebody, role):
    account = await somebody("sam", role)
    async with browser() as client:
        await client.post("/access/session", json={"login": "sam", "password": PASSWORD})
        for path in ("/access/people", f"/access/people/{account}/off", f"/access/people/{account}/password"):
            answer = await client.post(path, json={})
            assert (answer.status_code, answer.json()["code"]) == (403, "role_may_not")
        if role == "finance":
            assert (await client.post("/access/enrolments", json={"account": account})).status_code == 403
            assert (await client.post("/access/devices/0000000000000000/revoke")).status_code == 403
    async with browser() as nobody:
        answer = await nobody.post("/access/people", json={})
        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


async def test_a_device_token_opens_nothing_of_headquarters(browser, somebody):
    await somebody("tess", "technician")
    async with browser() as tablet:
        told = (await tablet.post("/access/devices", json={"user": "tess", "password": PASSWORD})).json()
        headers = {"Authorization": f"Bearer {told['token']}"}
        assert (await tablet.get("/access/session", headers=headers)).status_code == 401
        tablet.cookies.set("daybook_session", told["token"], domain="daybook.test")
        assert (await tablet.get("/access/session")).status_code == 401


async def test_a_new_password_ends_sessions(administrator, browser, somebody):
    account = await somebody("sam")
    async with browser() as client:
        await client.post("/access/session", json={"login": "sam", "password": PASSWORD})
        answer = await administrator.post(f"/access/people/{account}/password", json={"password": "a fresh one"})
        assert answer.status_code == 204
        assert (await client.get("/access/session")).status_code == 401
        assert (await client.post("/access/session", json={"login": "sam", "password": "a fresh one"})).is_success
        wrong = await client.post("/access/session/password", json={"earlier": PASSWORD, "password": "yet another"})
        assert (wrong.status_code, wrong.json()["code"]) == (403, "password_wrong")
        body = {"earlier": "a fresh one", "password": "yet another"}
        assert (await client.post("/access/session/password", json=body)).status_code == 204
        assert (await client.get("/access/session")).status_code == 401


async def test_the_last_administrator_stays(administrator, database, somebody):
    mine = (await administrator.get("/access/session")).json()["account"]
    answer = await administrator.post(f"/access/people/{mine}/off")
    assert (answer.status_code, answer.json()["code"]) == (409, "last_administrator")
    await somebody("second", "administrator")
    assert (await administrator.post(f"/access/people/{mine}/off")).status_code == 204
    assert (await administrator.get("/access/session")).status_code == 401
    with pytest.raises(Problem, match="account_unknown"):
        await people.switch_on(database, "no-such")
