# ruff: noqa: PT012, ASYNC110 - listening until something comes is what these are about
"""Live: a push pokes who may see it, in whichever server process; a revoked device's channel closes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import aiohttp
import msgspec
import pytest
import pytest_asyncio
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from server.access import people
from server.access.guards import COOKIE
from server.access.people import NewPerson
from server.store.engine import Database, open_database
from server.store.migrate import migrate
from server.store.postgres_wakeups import LARGEST, notifications, read_notification
from server.sync.admission import Gate
from server.sync.live import Listener
from server.sync.pipeline import Pipeline
from server.sync.protocol import PushedDocument
from tests.server_fixtures import new_postgres
from tests.simulation.server_process import ServerProcess
from tests.sync.world import Device, World, now_ms, order

MESSAGEPACK = "application/x-msgpack"


class Servers:
    """The real server: one process on SQLite, two on PostgreSQL, and the database beside them."""

    def __init__(self, processes: list[ServerProcess], database: Database, world: World) -> None:
        self.processes = processes
        self.database = database
        self.world = world

    @property
    def first(self) -> str:
        return self.processes[0].url

    @property
    def last(self) -> str:
        return self.processes[-1].url

    async def push(self, url: str, tablet: Device, pushed: PushedDocument) -> None:
        body = msgspec.msgpack.encode(
            {
                "protocol": 1,
                "epoch": None,
                "sent_at": now_ms(),
                "documents": [msgspec.to_builtins(pushed, builtin_types=(bytes,))],
            }
        )
        headers = {"Authorization": f"Bearer {tablet.token}", "Content-Type": MESSAGEPACK}
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{url}/sync", data=body, headers=headers) as answer,
        ):
            assert answer.status == 200, await answer.text()


@pytest_asyncio.fixture(scope="module", params=["sqlite", "postgres"], loop_scope="session")
async def servers(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, gate: Gate
) -> AsyncIterator[Servers]:
    data: Path = tmp_path_factory.mktemp("live")
    url = await new_postgres(request.getfixturevalue("postgres_server")) if request.param == "postgres" else ""
    database = await open_database(SimpleNamespace(database_url=url, data=data))
    await migrate(database)
    world = await World(database, Pipeline(database, gate)).begin()
    processes = [ServerProcess(data, database_url=url, gate_workers="1") for _ in range(2 if url else 1)]
    try:
        for process in processes:
            await asyncio.to_thread(process.start)
        yield Servers(processes, database, world)
    finally:
        for process in processes:
            await asyncio.to_thread(process.stop)
        await database.close()


def live_of(url: str) -> str:
    return f"{url.replace('http', 'ws')}/live"


async def listen(url: str, token: str) -> ClientConnection:
    socket = await connect(live_of(url), proxy=None)
    await socket.send(json.dumps({"token": token}))
    assert json.loads(await asyncio.wait_for(socket.recv(), 5)) == {"live": True}
    return socket


async def heard(socket: ClientConnection, scope: str) -> int:
    """The number of the next poke of that scope."""
    async with asyncio.timeout(5):
        while True:
            poke = json.loads(await socket.recv())
            if poke["scope"] == scope:
                return int(poke["seq"])


async def test_a_push_to_one_process_pokes_a_device_on_another(servers: Servers) -> None:
    tablet, other = await servers.world.device(), await servers.world.device()
    socket = await listen(servers.last, other.token)
    await servers.push(servers.first, tablet, tablet.write(order(p1=1)))
    seq = await heard(socket, "dealer:alfki")
    (row,) = await servers.world.rows("SELECT seq FROM scope WHERE name = 'dealer:alfki'")
    assert seq == row["seq"]
    await socket.close()


@pytest.mark.rule("SY10")
async def test_pokes_of_other_dealers_are_not_heard(servers: Servers) -> None:
    tablet, stranger = await servers.world.device(), await servers.world.device("berga")
    socket = await listen(servers.last, stranger.token)
    await servers.push(servers.first, tablet, tablet.write(order(p1=1)))
    await servers.push(servers.first, stranger, stranger.write(order("berga", p1=1)))
    scopes = set()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1.5):
            while True:
                scopes.add(json.loads(await socket.recv())["scope"])
    assert "dealer:berga" in scopes
    assert scopes <= {"dealer:berga", "service:berga", "catalog", "tier:retail"}
    await socket.close()


@asynccontextmanager
async def headquarters(servers: Servers) -> AsyncIterator[tuple[aiohttp.ClientSession, str]]:
    """A browser that has signed in as an administrator, and its cookie as a header."""
    login = f"root-{uuid4().hex}"
    person = NewPerson(login=login, name="Root", role="administrator", password="wide open fields")
    await people.create_person(servers.database, person)
    async with aiohttp.ClientSession(headers={"X-Daybook": "1"}, cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        words = {"login": person.login, "password": person.password}
        async with browser.post(f"{servers.first}/access/session", json=words) as answer:
            assert answer.status == 200, await answer.text()
            yield browser, f"{COOKIE}={answer.cookies[COOKIE].value}"


async def is_closed(socket: ClientConnection) -> int:
    """The code with which it is closed within five seconds, far less than the recheck takes."""
    with pytest.raises(ConnectionClosed) as closed:
        async with asyncio.timeout(5):
            while True:
                await socket.recv()
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code


async def test_a_revoked_device_is_closed_at_once(servers: Servers) -> None:
    tablet = await servers.world.device()
    socket = await listen(servers.last, tablet.token)
    async with (
        headquarters(servers) as (browser, _),
        browser.post(f"{servers.first}/access/devices/{tablet.principal.device}/revoke") as answer,
    ):
        assert answer.status < 300, await answer.text()
    assert await is_closed(socket) == 4401


async def test_who_signs_out_at_headquarters_hears_no_more(servers: Servers) -> None:
    tablet = await servers.world.device()
    async with headquarters(servers) as (browser, cookie), headquarters(servers) as (_, other):
        sockets = [
            await connect(live_of(servers.last), proxy=None, additional_headers={"Cookie": c}) for c in (cookie, other)
        ]
        for socket in sockets:
            assert json.loads(await asyncio.wait_for(socket.recv(), 5)) == {"live": True}
        async with browser.delete(f"{servers.first}/access/session") as answer:
            assert answer.status == 204
        assert await is_closed(sockets[0]) == 4401
        await servers.push(servers.first, tablet, tablet.write(order(p1=1)))
        words = []
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                while True:
                    words.append(json.loads(await sockets[1].recv())["scope"])
        assert "dealer:alfki" in words
        assert [word for word in words if word.startswith(("session:", "device:"))] == []
        await sockets[1].close()


@pytest.mark.parametrize("cookie", ["", "x", "a" * 43, "a" * 5000])
async def test_a_tablet_with_an_old_cookie_is_known_by_its_token(servers: Servers, cookie: str) -> None:
    tablet = await servers.world.device()
    socket = await connect(live_of(servers.last), proxy=None, additional_headers={"Cookie": f"{COOKIE}={cookie}"})
    await socket.send(json.dumps({"token": tablet.token}))
    assert json.loads(await asyncio.wait_for(socket.recv(), 5)) == {"live": True}
    await socket.close()


@pytest.mark.rule("SY10")
async def test_a_tablet_in_a_browser_of_headquarters_hears_its_own_scopes(servers: Servers) -> None:
    tablet, stranger = await servers.world.device("berga"), await servers.world.device()
    async with headquarters(servers) as (browser, cookie):
        socket = await connect(f"{live_of(servers.last)}?device", proxy=None, additional_headers={"Cookie": cookie})
        await socket.send(json.dumps({"token": tablet.token}))
        assert json.loads(await asyncio.wait_for(socket.recv(), 5)) == {"live": True}
        async with browser.delete(f"{servers.first}/access/session") as answer:
            assert answer.status == 204
    await servers.push(servers.first, stranger, stranger.write(order(p1=1)))
    await servers.push(servers.first, tablet, tablet.write(order("berga", p1=1)))
    scopes = [""]
    async with asyncio.timeout(5):
        while scopes[-1] != "dealer:berga":
            scopes.append(json.loads(await socket.recv())["scope"])
    assert "dealer:alfki" not in scopes
    await socket.close()


async def test_another_sites_page_does_not_listen(servers: Servers) -> None:
    async with headquarters(servers) as (_, cookie):
        headers = {"Cookie": cookie, "Origin": "https://elsewhere.example"}
        socket = await connect(live_of(servers.last), proxy=None, additional_headers=headers)
        await socket.send("{}")
        assert await is_closed(socket) == 4401


@pytest.mark.parametrize("word", ["no json", '{"token": 7}', '{"token": "dbk_nobody"}', "[]", '"x"'])
async def test_who_has_no_token_hears_nothing(servers: Servers, word: str) -> None:
    socket = await connect(f"{servers.first.replace('http', 'ws')}/live", proxy=None)
    await socket.send(word)
    with pytest.raises(ConnectionClosed) as closed:
        await asyncio.wait_for(socket.recv(), 5)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4401


async def test_wakeups_come_back_after_a_lost_connection(postgres_url: str) -> None:
    settings = SimpleNamespace(database_url=postgres_url, data=Path())
    one, two = await open_database(settings), await open_database(settings)
    try:
        await migrate(one)
        told: list[dict[str, int]] = []
        two.listen(lambda moves: told.append(dict(moves)))
        async with one.transaction() as tx:
            await tx.rows(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND query LIKE 'LISTEN%'"
            )
        await asyncio.sleep(1.5)
        async with one.transaction() as tx:
            one.notify(tx, {f"dealer:{number:04}": number for number in range(1, 2001)})
        async with asyncio.timeout(10):
            while sum(map(len, told)) < 2000:
                await asyncio.sleep(0.05)
        assert {scope: seq for moves in told for scope, seq in moves.items()} == {
            f"dealer:{number:04}": number for number in range(1, 2001)
        }
    finally:
        await one.close()
        await two.close()


def test_notifications_stay_small_and_read_back() -> None:
    moves = {f"dealer:经销商{number}": number for number in range(3000)}
    texts = notifications("me", moves)
    assert max(len(text.encode()) for text in texts) <= LARGEST < 8000
    read = [read_notification(text) for text in texts]
    assert {sender for sender, _ in read} == {"me"}
    assert {scope: seq for _, part in read for scope, seq in part.items()} == moves
    assert read_notification("me\nrubbish\n12\nx y") == ("me", {})


def test_a_slow_listener_holds_one_number_a_scope() -> None:
    listener = Listener(frozenset({"catalog", "dealer:a"}), "device:d1")
    for seq in range(100_000):
        listener.hear({"catalog": seq, "dealer:b": seq})
    listener.hear({"catalog": 5})
    assert listener.pending == {"catalog": 99_999}
    listener.hear({"device:d2": 0})
    assert not listener.check
    listener.hear({"device:d1": 0})
    assert listener.check
