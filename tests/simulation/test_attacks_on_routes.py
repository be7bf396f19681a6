"""Odd bodies, questions, paths and words on every route of a real server: no answer is a 5xx, and none tells of the inside."""

from __future__ import annotations

import asyncio
import gzip
import json
import time
from contextlib import AsyncExitStack

import aiohttp
import pytest
import zstandard
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from server.app import create_app
from tests.sync.world import order

from .target import JSON, Target

DEEP = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
BOMB = b"[" + b"0," * (20 * 1024 * 1024) + b"0]"
BODIES: list[tuple[str, bytes, dict[str, str]]] = [
    ("nothing", b"", {}),
    ("no JSON", b"{", {}),
    ("a list", b"[]", {}),
    ("null", b"null", {}),
    ("a number", b"1" * 5000, {}),
    ("NaN", b'{"login":NaN,"password":Infinity}', {}),
    ("twice the same key", b'{"login":"a","login":1,"password":"b","password":[]}', {}),
    ("a huge integer", b'{"protocol":' + b"9" * 4000 + b"}", {}),
    ("bad UTF-8", b'{"login":"\xff\xfe","password":"\xc0\x80"}', {}),
    ("a lone surrogate", b'{"login":"\\ud800","password":"\\udfff","code":"\\ud800","account":"\\ud800"}', {}),
    ("NUL", b'{"login":"\\u0000","password":"\\u0000","code":"\\u0000","account":"\\u0000"}', {}),
    ("deep", DEEP, {}),
    ("deep lists", b"[" * 100_000, {}),
    ("another type", b"a=b", {"Content-Type": "application/x-www-form-urlencoded"}),
    ("no type", b"{}", {"Content-Type": ""}),
    ("odd type", b"{}", {"Content-Type": "application/json; charset=\xff".encode("latin-1").decode("latin-1")}),
    ("odd charset", b"{}", {"Content-Type": "application/json; charset=utf-7"}),
    ("many parts", b"--x\r\n\r\n", {"Content-Type": "multipart/form-data; boundary=x"}),
    ("MessagePack", b"\xdf\xff\xff\xff\xff", {"Content-Type": "application/x-msgpack"}),
    ("deep MessagePack", b"\x91" * 200_000, {"Content-Type": "application/x-msgpack"}),
    ("a large string of MessagePack", b"\xdb\xff\xff\xff\xff", {"Content-Type": "application/x-msgpack"}),
    ("no gzip", b"{}", {"Content-Encoding": "gzip"}),
    ("cut gzip", gzip.compress(b"{}" * 9999)[:-9], {"Content-Encoding": "gzip"}),
    ("gzip bomb", gzip.compress(BOMB, 9), {"Content-Encoding": "gzip"}),
    ("cut zstd", zstandard.compress(b"{}" * 9999)[:-3], {"Content-Encoding": "zstd"}),
    ("zstd bomb", zstandard.compress(BOMB, 19), {"Content-Encoding": "zstd"}),
    ("an unknown encoding", b"{}", {"Content-Encoding": "br"}),
    ("several encodings", b"{}", {"Content-Encoding": "gzip, zstd"}),
    ("too much", b" " * (8 * 1024 * 1024 + 2), {}),
]
ODD = ["%", "_", "'", '"', "\\", "%00", "%ff", "%F0%9F%92%A9", "-1", "9" * 40, "1e9", "NaN", "__proto__", "a" * 5000, "%0d%0aX:1", ";--"]  # fmt: skip


def routes() -> list[tuple[str, str]]:
    """Every method and path of the server, with a value for each part that is named."""
    found = []
    for route in create_app().routes:
        if path := getattr(route, "path", ""):
            filled = "/".join("x" if part.startswith("{") else part for part in path.split("/"))
            found += [(method, filled) for method in getattr(route, "methods", ()) if method != "OPTIONS"]
    return sorted(set(found))


async def checked(answer: aiohttp.ClientResponse, what: object) -> None:
    """No 5xx; an error is a problem with a code and tells nothing of the inside."""
    text = await answer.text(errors="replace")
    assert answer.status < 500, (what, answer.status, text[:300])
    if answer.status >= 400 and not answer.content_type.startswith("text/"):
        assert answer.content_type == "application/problem+json", (what, answer.status, text[:300])
        assert json.loads(text)["code"], what
    assert "Traceback" not in text, what
    assert "site-packages" not in text, what


async def test_no_body_on_any_route_is_too_much(target: Target) -> None:
    tablet = await target.world.device()
    bearer = {"Authorization": f"Bearer {tablet.token}"}
    writing = [(method, path) for method, path in routes() if method in ("POST", "DELETE", "PUT", "PATCH")]
    assert len(writing) > 10
    for method, path in writing:
        if path == "/access/device":
            continue  # it takes no body, and would end the token
        for name, body, headers in BODIES:
            large = len(body) > 1024 * 1024
            if large and path not in ("/sync", "/hq/commands", "/access/session"):
                continue
            who = target.sessions["" if path == "/sync" else "finance"]
            if path == "/access/session" and method == "DELETE":
                who = target.sessions[""]
            given = {**JSON, **(bearer if path == "/sync" else {}), **headers}
            try:
                async with who.request(method, f"{target.url}{path}", data=body, headers=given) as answer:
                    await checked(answer, (method, path, name))
                    if path != "/access/session":
                        assert answer.status >= 400 or method == "DELETE", (method, path, name)
            except aiohttp.ClientConnectionError:
                assert large, (method, path, name)  # it hung up before all was sent
    async with target.sessions[""].get(f"{target.url}/health") as answer:
        assert answer.status == 200


async def test_odd_questions_are_answered(target: Target) -> None:
    session = target.sessions["administrator"]
    asked = [path for method, path in routes() if method == "GET" and path.startswith(("/hq", "/pictures", "/access"))]
    names = ("q", "after", "limit", "verdict", "stage", "dealer", "needs", "currency", "from", "to")
    for path in asked:
        for odd in ODD:
            url = f"{target.url}{path}?" + "&".join(f"{name}={odd}" for name in names)
            for each in (url, *(f"{target.url}{path}?{name}={odd}" for name in names)):
                async with session.get(aiohttp.client.URL(each, encoded=True)) as answer:
                    await checked(answer, each[:200])
            if path.endswith("/x"):
                async with session.get(aiohttp.client.URL(f"{target.url}{path[:-1]}{odd}", encoded=True)) as answer:
                    await checked(answer, (path, odd))
    for limit in ("0", "-5", "100000", "9" * 30):
        async with session.get(f"{target.url}/hq/orders?limit={limit}") as answer:
            assert answer.status == 400
    async with session.get(f"{target.url}/hq/products", params={"q": "%"}) as answer:
        assert (await answer.json())["rows"] == [], "a % is a letter, and stands for nothing else"


async def test_no_path_leads_out_of_the_folders(target: Target) -> None:
    host = target.url.removeprefix("http://")
    key = (target.processes[0].log.parent / "secrets" / "vapid_private_key").read_bytes()
    for top in ("/", "/pictures/", "/assets/", "/api/"):
        for up in ("../", "..%2f", "%2e%2e/", "%252e%252e%252f", "..\\", "..%5c", "%c0%ae%c0%ae/", "....//", "/"):
            for file in ("secrets/vapid_private_key", "daybook.sqlite", "etc/passwd"):
                path = f"{top}{up * 6}{file}"
                said = await raw(
                    host, f"GET {path} HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nConnection: close\r\n\r\n".encode()
                )
                status = int(said.split(b" ", 2)[1])
                assert status < 500, (path, said[:200])
                for secret in (b"SQLite format", b"root:", key):
                    assert secret not in said, path
                assert status in (400, 404) or b"<html" in said.lower(), (path, said[:200])


async def raw(host: str, *parts: bytes, pause: float = 0, wait: float = 5) -> bytes:
    """What a server says to these bytes until it hangs up or the time is over."""
    name, _, port = host.partition(":")
    said = b""
    reader, writer = await asyncio.open_connection(name, int(port))
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause)
        async with asyncio.timeout(wait):
            while more := await reader.read(65_536):
                said += more
    except (TimeoutError, ConnectionError):
        pass
    finally:
        writer.close()
    return said


async def test_requests_that_never_end_keep_nobody_waiting(target: Target) -> None:
    host = target.url.removeprefix("http://")
    tablet = await target.world.device()
    head = (
        f"POST /sync HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {tablet.token}\r\nContent-Type: application/json\r\n"
    )
    slow = [
        asyncio.create_task(raw(host, part, b"1\r\n{\r\n", pause=1.0, wait=1))
        for part in [
            f"{head}Transfer-Encoding: chunked\r\n\r\n".encode(),
            f"{head}Content-Length: 8000000\r\n\r\n".encode(),
            b"GET /health HTTP/1.1\r\nHost:",
            b"G",
        ]
        * 25
    ]
    await asyncio.sleep(0.3)
    began = time.monotonic()
    async with target.sessions[""].get(f"{target.url}/health") as answer:
        assert answer.status == 200
    assert time.monotonic() - began < 3
    await asyncio.gather(*slow)
    odd = [
        f"{head}Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n".encode(),
        f"{head}Content-Length: -1\r\n\r\n".encode(),
        f"{head}Content-Length: 2\r\nContent-Length: 9\r\n\r\n{{}}".encode(),
        f"{head}Transfer-Encoding: chunked\r\n\r\nzz\r\n".encode(),
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ]
    for said in await asyncio.gather(*(raw(host, each, wait=2) for each in odd)):
        assert not said.startswith(b"HTTP/1.1 5"), said[:200]


async def test_a_header_of_ours_holds_no_line_of_theirs(target: Target) -> None:
    host = target.url.removeprefix("http://")
    for path in (b"/hq/orders?q=%0d%0aSet-Cookie:%20a=b", b"/pictures/%0d%0aSet-Cookie:a=b", b"/%0d%0aSet-Cookie:a=b"):
        asked = (
            b"GET "
            + path
            + b" HTTP/1.1\r\nHost: x\r\nX-Request-Id: a\tb\r\nAccept: text/html\r\nConnection: close\r\n\r\n"
        )
        head = (await raw(host, asked)).partition(b"\r\n\r\n")[0].lower()
        assert head.startswith(b"http/1.1 ")
        assert b"\nset-cookie" not in head


async def test_many_channels_and_odd_words(target: Target) -> None:
    live = f"{target.url.replace('http', 'ws')}/live"
    tablet = await target.world.device()
    odd: list[str | bytes] = [
        "",
        "x",
        "{",
        "[]",
        "null",
        '{"token":1}',
        '{"token":null}',
        b"\x00\xff",
        "a" * 10_000,
        "[" * 4000,
    ]
    for word in odd:
        async with connect(live, proxy=None) as socket:
            await socket.send(word)
            with pytest.raises(ConnectionClosed) as closed:
                await asyncio.wait_for(socket.recv(), 5)
            assert closed.value.rcvd is not None, word
            assert closed.value.rcvd.code == 4401, word
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(connect(live, proxy=None)) for _ in range(200)]
        for socket in sockets[:100]:
            await socket.send(json.dumps({"token": tablet.token}))
        for socket in sockets[:100]:
            assert json.loads(await asyncio.wait_for(socket.recv(), 10)) == {"live": True}
        await sockets[0].send("more words" * 10)
        await sockets[0].send(b"\x00" * 100)
        async with target.sessions[""].get(f"{target.url}/health") as answer:
            assert answer.status == 200
        await target.sync(target.sessions[""], tablet, tablet.write(order(p1=1)))
        for socket in sockets[:100]:
            assert "scope" in json.loads(await asyncio.wait_for(socket.recv(), 10))


async def test_nothing_unexpected_was_logged(target: Target) -> None:
    """The last of this file: whatever was tried above, no handler failed."""
    assert target.unexpected() == []
