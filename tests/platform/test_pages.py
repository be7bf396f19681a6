"""The app's files, the server's pages, compression and the headers around them."""

from __future__ import annotations

import gzip
import json
import re

import brotli
import httpx
import pytest
import zstandard

from server.app import Daybook, create_app
from server.compression import accepted
from server.settings import ROOT
from server.static import SERVER_PAGES

from .conftest import SCRIPT

PAGE = {"accept": "text/html,application/xhtml+xml"}


async def test_health_says_version_and_epoch(web: httpx.AsyncClient) -> None:
    answer = await web.get("/health")
    told = answer.json()
    assert answer.status_code == 200
    assert told["status"] == "ok"
    assert told["engine"] == "sqlite"
    assert re.fullmatch(r"[0-9a-f]{16}", told["epoch"])


async def test_health_is_503_when_the_database_is_gone(app: Daybook, web: httpx.AsyncClient) -> None:
    database, app.state.database = app.state.database, None
    try:
        answer = await web.get("/health")
    finally:
        app.state.database = database
    assert (answer.status_code, answer.json()["code"]) == (503, "database_unreachable")


async def test_metrics_count_by_route_and_name_no_document(web: httpx.AsyncClient) -> None:
    await web.get("/health")
    await web.get("/hq/documents/0123456789abcdef")
    page = (await web.get("/metrics")).text
    assert re.search(r'daybook_requests_total\{method="GET",route="/health",status="200"\} [1-9]', page)
    assert "0123456789abcdef" not in page


async def test_the_api_page_loads_nothing_from_elsewhere(web: httpx.AsyncClient) -> None:
    answer = await web.get("/api", headers=PAGE)
    assert answer.headers["content-type"].startswith("text/html")
    assert "/access/session" in answer.text
    assert re.findall(r"(?:src|href|url)\s*[=(]\s*[\"']?(https?:|//)", answer.text) == []
    assert "<script" not in answer.text
    described = (await web.get("/api/openapi.json")).json()
    assert "/health" in described["paths"]


@pytest.mark.parametrize("path", ["/", "/orders", "/hq/orders/abc", "/enrol"])
async def test_screens_get_the_front_page(web: httpx.AsyncClient, path: str) -> None:
    answer = await web.get(path, headers=PAGE)
    assert answer.status_code == 200
    assert "front" in answer.text
    assert answer.headers["cache-control"] == "no-cache"
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self' 'wasm-unsafe-eval';" in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize(
    "path",
    ["/assets/gone-123.js", "/gone.png", "/access/gone", "/api/gone", "/.daybook", "/sync/gone"],
)
async def test_what_is_no_screen_is_not_found(web: httpx.AsyncClient, path: str) -> None:
    answer = await web.get(path, headers=PAGE)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_program_that_asks_for_a_screen_gets_a_problem(web: httpx.AsyncClient) -> None:
    assert (await web.get("/orders", headers={"accept": "application/json"})).status_code == 404


@pytest.mark.parametrize(
    ("path", "kind", "keep"),
    [
        ("/assets/index-abc123.js", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"),
        ("/assets/automerge-abc123.wasm", "application/wasm", "public, max-age=31536000, immutable"),
        ("/sw.js", "text/javascript; charset=utf-8", "no-cache"),
        ("/manifest.webmanifest", "application/manifest+json", "no-cache"),
    ],
)
async def test_files_have_their_kind_and_their_keeping(web: httpx.AsyncClient, path: str, kind: str, keep: str) -> None:
    answer = await web.get(path)
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == (kind, keep)
    again = await web.get(path, headers={"if-none-match": f'"other", {answer.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    head = await web.head(path)
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(answer.content)))


@pytest.mark.parametrize(
    ("asked", "used"), [("gzip, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("identity", ""), ("", "")]
)
async def test_files_are_sent_compressed_as_they_were_built(web: httpx.AsyncClient, asked: str, used: str) -> None:
    async with web.stream("GET", "/assets/index-abc123.js", headers={"accept-encoding": asked}) as answer:
        raw = b"".join([part async for part in answer.aiter_raw()])
    assert answer.headers.get("content-encoding", "") == used
    plain = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}[used](raw)
    assert plain.decode() == SCRIPT
    assert answer.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("encoding", ["zstd", "br", "gzip"])
async def test_answers_are_compressed(web: httpx.AsyncClient, encoding: str) -> None:
    plain = (await web.get("/api/openapi.json")).content
    async with web.stream("GET", "/api/openapi.json", headers={"accept-encoding": encoding}) as answer:
        raw = b"".join([part async for part in answer.aiter_raw()])
    assert answer.headers["content-encoding"] == encoding
    assert len(raw) * 2 < len(plain)
    undo = {
        "zstd": lambda body: zstandard.ZstdDecompressor().decompressobj().decompress(body),
        "br": brotli.decompress,
        "gzip": gzip.decompress,
    }
    assert json.loads(undo[encoding](raw)) == json.loads(plain)


async def test_small_answers_are_not(web: httpx.AsyncClient) -> None:
    assert "content-encoding" not in (await web.get("/health", headers={"accept-encoding": "gzip"})).headers


@pytest.mark.parametrize(
    ("header", "expected"),
    [("gzip;q=0", set()), ("gzip;q=0.000", set()), ("gzip;q=0.5, br", {"gzip", "br"}), ("", set()), ("GZIP", {"gzip"})],
)
def test_accept_encoding_is_read(header: str, expected: set[str]) -> None:
    assert accepted(header) == expected


async def test_a_request_id_is_given_or_taken_over(web: httpx.AsyncClient) -> None:
    assert (await web.get("/health", headers={"x-request-id": "proxy-1234"})).headers["x-request-id"] == "proxy-1234"
    forged = await web.get("/health", headers={"x-request-id": "a b\tc" * 9})
    assert re.fullmatch(r"[0-9a-f]{16}", forged.headers["x-request-id"])


def test_the_service_worker_leaves_to_the_server_what_the_server_answers() -> None:
    """Else a page such as /api would open the app. Every one of them exists, and every other path with routes has screens."""
    worker = (ROOT / "pwa" / "src" / "sw.ts").read_text(encoding="utf-8")
    left = re.search(r"ofServer = \[/\^\\/\(([a-z|]+)\)\(\\/\|\$\)/\]", worker)
    assert left is not None
    assert {f"/{name}" for name in left[1].split("|")} == set(SERVER_PAGES)
    tops = {f"/{route.path.split('/')[1]}" for route in create_app().routes if route.path != "/"}
    assert tops - set(SERVER_PAGES) == {"/hq"}
    assert set(SERVER_PAGES) <= tops
