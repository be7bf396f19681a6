"""Bad input of every sort gets `application/problem+json` with a stable code, and nothing of the inside."""

from __future__ import annotations

from typing import Annotated, Any

import httpx
import msgspec
import pytest
from litestar import Litestar, get, post
from litestar.params import Body

from server.errors import EXCEPTION_HANDLERS, check_media_type
from server.problems import Problem
from server.store.transaction import Busy

JSON = {"content-type": "application/json"}


class Thing(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    amount: int = 0


@post("/thing", status_code=200)
async def thing(data: Annotated[Thing, Body()]) -> dict[str, Any]:
    return {"name": data.name}


@get("/broken/{how:str}")
async def broken(how: str) -> None:
    if how == "problem":
        raise Problem(409, "told", "Why.", {"Retry-After": "3"}, figures={"limit": 5})
    if how == "busy":
        raise Busy("locked for 15 s by connection 7")
    if how == "deep":
        raise RecursionError("maximum recursion depth exceeded")
    raise RuntimeError("the password of the database is swordfish")


@pytest.fixture
def client() -> httpx.AsyncClient:
    app = Litestar(
        [thing, broken], exception_handlers=EXCEPTION_HANDLERS, before_request=check_media_type, logging_config=None
    )
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://x")


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status", "code"),
    [
        ("POST", "/thing", b"{", JSON, 400, "malformed"),
        ("POST", "/thing", b"[" * 100_000, JSON, 400, "malformed"),
        ("POST", "/thing", b'{"name":' + b"[" * 100_000, JSON, 400, "malformed"),
        ("POST", "/thing", b'{"\xff": 1}', JSON, 400, "malformed"),
        ("POST", "/thing", b'{"name": "\xff"}', JSON, 400, "malformed"),
        ("POST", "/thing", b'{"name": 5}', JSON, 400, "malformed"),
        ("POST", "/thing", b'{"name": "a", "amount": 1e999}', JSON, 400, "malformed"),
        ("POST", "/thing", b'{"name": "a", "amount": NaN}', JSON, 400, "malformed"),
        ("POST", "/thing", b'{"nam": "a"}', JSON, 400, "malformed"),
        ("POST", "/thing", b"", JSON, 400, "malformed"),
        ("POST", "/thing", b'{"name": "a"}', {"content-type": "text/plain"}, 415, "unsupported_media_type"),
        (
            "POST",
            "/thing",
            b"name=a",
            {"content-type": "application/x-www-form-urlencoded"},
            415,
            "unsupported_media_type",
        ),
        ("POST", "/thing", b'{"name": "a"}', {}, 415, "unsupported_media_type"),
        ("GET", "/thing", b"", {}, 405, "method_not_allowed"),
        ("GET", "/nothing", b"", {}, 404, "not_found"),
        ("GET", "/broken/problem", b"", {}, 409, "told"),
        ("GET", "/broken/busy", b"", {}, 503, "busy"),
        ("GET", "/broken/deep", b"", {}, 500, "internal"),
        ("GET", "/broken/other", b"", {}, 500, "internal"),
    ],
)
async def test_every_error_is_a_problem(
    client: httpx.AsyncClient, method: str, path: str, body: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    answer = await client.request(method, path, content=body, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    told = answer.json()
    assert (told["status"], told["code"], told["type"]) == (status, code, f"urn:daybook:problem:{code}")
    assert not any(word in answer.text for word in ("swordfish", "Traceback", "connection 7", "/server/"))


async def test_a_good_body_passes(client: httpx.AsyncClient) -> None:
    answer = await client.post(
        "/thing", content=b'{"name": "a"}', headers={"content-type": "application/json; charset=utf-8"}
    )
    assert (answer.status_code, answer.json()) == (200, {"name": "a"})


async def test_figures_and_headers_of_a_problem_arrive(client: httpx.AsyncClient) -> None:
    answer = await client.get("/broken/problem")
    assert answer.json()["figures"] == {"limit": 5}
    assert answer.headers["retry-after"] == "3"


async def test_too_large_a_body_is_refused(web: httpx.AsyncClient) -> None:
    answer = await web.post("/access/session", content=b" " * 9_000_000, headers={**JSON, "X-Daybook": "1"})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_an_unknown_address_of_the_whole_app_is_a_problem(web: httpx.AsyncClient) -> None:
    answer = await web.get("/access/nothing")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert len(answer.headers["x-request-id"]) == 16
