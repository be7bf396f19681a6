"""Where the server may be made to post to, and who may subscribe."""

from __future__ import annotations

import httpx
import pytest
import pytest_asyncio
from litestar import Litestar

from server.access import people
from server.access.people import NewPerson
from server.access.routes import router as access_router
from server.errors import EXCEPTION_HANDLERS, check_media_type
from server.notify.endpoints import Endpoints, is_public
from server.notify.routes import router
from server.problems import Problem

from .push_service import PushBrowser
from .test_sending import enqueue, jobs, subscriptions

PASSWORD = "wide open fields"


def resolved(endpoints: Endpoints, **names: str) -> Endpoints:
    async def look_up(host, port, family):
        if host not in names:
            raise OSError("no such name")
        return [{"hostname": host, "host": address, "port": port, "family": family, "proto": 0, "flags": 0}
                for address in names[host].split()]  # fmt: skip

    endpoints.resolver.look_up = look_up
    return endpoints


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc:def",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAA",
        "https://web.push.apple.com/QGuW",
        "https://wns2-par02p.notify.windows.com/w/?token=BQ",
        "https://push.own.example:8443/x",
        "https://a.services.example/x",
    ],
)
def test_known_services(endpoint):
    Endpoints(["push.own.example:8443", "*.services.example"]).check_form(endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "https://",
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com@evil.example/x",
        "https://evil.example/?fcm.googleapis.com",
        "https://evil.example#fcm.googleapis.com",
        "https://fcm.googleapis.com#x",
        "https://evilfcm.googleapis.com/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://notify.windows.com.evil.example/x",
        "https://evilpush.apple.com/x",
        "https://push.apple.com/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://2130706433/x",
        "https://localhost/x",
        "http://127.0.0.1:1/x",
        "file:///etc/passwd",
        "gopher://fcm.googleapis.com/x",
        "https://fcm.googleapis.com\\@evil.example/x",
        "https://fcm.googleapis.com/ x",
        "https://fcm.googleapis.com/\r\nHost: x",
        "https://fcm.googleapis.com:999999/x",
        "https://[fcm.googleapis.com/x",
        "https://ｆcm.googleapis.com/x",
        "https://fcm.googleapis.com/" + "x" * 3000,
    ],
)
def test_other_addresses(endpoint):
    with pytest.raises(Problem) as refused:
        Endpoints().check_form(endpoint)
    assert (refused.value.status, refused.value.code) == (400, "push_endpoint_refused")


@pytest.mark.parametrize(
    "entry",
    [
        "http://push.example",
        "https://127.0.0.1",
        "10.0.0.1",
        "*",
        "*.com",
        "a.*.example",
        "x/y",
        "https://u@x.example",
        "",
    ],
)
def test_settings_cannot_open_more_than_they_say(entry):
    with pytest.raises(ValueError):
        Endpoints([entry])


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1",
        "2002:7f00:1::", "ff02::1",
    ],
)  # fmt: skip
def test_addresses_inside(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "142.250.185.74", "2a00:1450:4001:82a::200a", "64:ff9b::808:808"])
def test_addresses_outside(address):
    assert is_public(address)


async def test_a_known_name_that_leads_inside_is_refused():
    for addresses in ("10.0.0.7", "142.250.185.74 169.254.169.254", "::1"):
        with pytest.raises(Problem, match="push_endpoint_refused"):
            await resolved(Endpoints(), **{"fcm.googleapis.com": addresses}).check("https://fcm.googleapis.com/x")
    await resolved(Endpoints(), **{"fcm.googleapis.com": "142.250.185.74"}).check("https://fcm.googleapis.com/x")
    with pytest.raises(Problem, match="push_service_unreachable"):
        await resolved(Endpoints()).check("https://fcm.googleapis.com/x")


async def test_a_name_that_turns_inside_after_the_check_gets_nothing(database, sender, service, subscribed):
    """The connection's own look-up is checked: nothing arrives at the machine inside."""
    await subscribed("olga")
    port = service.url.rpartition(":")[2]
    sender.endpoints._allowed += Endpoints([f"turning.example:{port}"])._allowed
    async with database.transaction() as tx:
        await tx.execute("UPDATE push_subscription SET endpoint = ?", f"https://turning.example:{port}/x")
    resolved(sender.endpoints, **{"turning.example": "127.0.0.1"})
    await enqueue(database)
    await sender.work_off()
    (job,) = await jobs(database)
    assert job["tries"] == 1
    assert service.received == []


@pytest_asyncio.fixture(loop_scope="session")
async def client(database, settings, sender):
    app = Litestar(
        route_handlers=[access_router, router],
        exception_handlers=EXCEPTION_HANDLERS,
        before_request=check_media_type,
        openapi_config=None,
        logging_config=None,
    )
    app.state.database, app.state.settings, app.state.push_sender = database, settings, sender
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://daybook.test") as client:
        yield client


async def enrolled(client: httpx.AsyncClient, database, login: str) -> dict[str, str]:
    await people.create_person(database, NewPerson(login=login, name=login, role="technician", password=PASSWORD))
    answer = await client.post("/access/devices", json={"user": login, "password": PASSWORD, "name": "t"})
    return {"Authorization": f"Bearer {answer.json()['token']}"}


async def test_subscribe_and_unsubscribe(client, database, service, sender):
    headers = await enrolled(client, database, "tess")
    other = await enrolled(client, database, "mallory")
    assert (await client.get("/notify/key")).json() == {"key": sender.public_key}
    browser = service.browser()
    body = {"endpoint": browser.endpoint, "expirationTime": None, "keys": browser.keys}
    for _ in range(2):
        assert (await client.post("/notify/subscriptions", json=body, headers=headers)).status_code == 204
    assert await subscriptions(database) == [browser.endpoint]
    gone = {"endpoint": browser.endpoint}
    assert (await client.request("DELETE", "/notify/subscriptions", json=gone, headers=other)).status_code == 204
    assert await subscriptions(database) == [browser.endpoint]  # not mallory's to drop, and not told so
    assert (await client.request("DELETE", "/notify/subscriptions", json=gone, headers=headers)).status_code == 204
    assert await subscriptions(database) == []


async def test_a_browser_of_headquarters_subscribes_with_its_cookie(client, database, service):
    await people.create_person(database, NewPerson(login="sam", name="Sam", role="sales", password=PASSWORD))
    own = {"X-Daybook": "1"}
    await client.post("/access/session", json={"login": "sam", "password": PASSWORD}, headers=own)
    browser = service.browser()
    body = {"endpoint": browser.endpoint, "keys": browser.keys}
    assert (await client.post("/notify/subscriptions", json=body)).status_code == 403
    assert (await client.post("/notify/subscriptions", json=body, headers=own)).status_code == 204


async def test_subscriptions_that_are_none(client, database, service):
    headers = await enrolled(client, database, "tess")
    keys = service.browser().keys
    cases = [
        ({"endpoint": "https://169.254.169.254/x", "keys": keys}, 400, "push_endpoint_refused"),
        ({"endpoint": f"{service.url}/x", "keys": {**keys, "auth": "short"}}, 400, "push_keys_malformed"),
        ({"endpoint": f"{service.url}/x", "keys": {**keys, "auth": "é" * 22}}, 400, "push_keys_malformed"),
        ({"endpoint": f"{service.url}/x", "keys": {**keys, "p256dh": "A" * 87}}, 400, "push_keys_malformed"),
        ({"endpoint": f"{service.url}/x", "keys": {**keys, "p256dh": "A" * 9000}}, 400, "push_keys_malformed"),
        ({"endpoint": f"{service.url}/x"}, 400, "malformed"),
    ]
    for body, status, code in cases:
        answer = await client.post("/notify/subscriptions", json=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    body = {"endpoint": f"{service.url}/x", "keys": keys}
    assert (await client.post("/notify/subscriptions", json=body)).status_code == 401
    assert (await client.post("/notify/subscriptions", content=b"x", headers=headers)).status_code == 415
    assert await subscriptions(database) == []


async def test_one_person_keeps_so_many_and_no_more(client, database, service):
    headers = await enrolled(client, database, "tess")
    for number in range(25):
        browser = PushBrowser(f"{service.url}/{number:02}")
        body = {"endpoint": browser.endpoint, "keys": browser.keys}
        assert (await client.post("/notify/subscriptions", json=body, headers=headers)).status_code == 204
    kept = await subscriptions(database)
    assert len(kept) == 20
    assert f"{service.url}/24" in kept
