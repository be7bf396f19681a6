"""Who sees a scope sees its photos; for everybody else they do not exist."""

from __future__ import annotations

import pytest

from server.store import attachments as store

from . import photos
from .sender import Sender, digest_of


@pytest.fixture
async def shown(alfki: Sender) -> bytes:
    octets = photos.photo(300, 200, seed=500)
    assert (await alfki.send(octets)).headers["x-daybook-stored"]
    return octets


@pytest.mark.rule("AT9")
async def test_a_photo_is_seen_by_its_scope_and_headquarters_alone(shown, alfki, berga, sender, headquarters, http):
    digest = digest_of(shown)
    staff, technician = await sender("alfki", "staff"), await sender(None, "technician")
    for query in ("", "?thumb"):
        for who in (alfki, staff):
            assert (await who.get(digest, query)).status_code == 200
        assert (await headquarters.get(f"/attachments/{digest}{query}")).status_code == 200
        for who in (berga, technician):
            theirs, nothing = await who.get(digest, query), await who.get("0" * 64, query)
            assert theirs.status_code == nothing.status_code == 404
            assert theirs.json() == nothing.json()
            assert set(theirs.headers) == set(nothing.headers)
            head = await who.ask("HEAD", f"/attachments/{digest}{query}", {})
            assert head.status_code == 404
        assert (await http.get(f"/attachments/{digest}{query}")).status_code == 401
    revoked = Sender(http, "A" * 43, "dealer:alfki")
    assert (await revoked.get(digest)).status_code == 401


@pytest.mark.rule("AT9")
async def test_what_may_not_be_seen_is_not_looked_for(shown, berga, uploads, monkeypatch):
    """The same work for another's photo as for none: one question to the database."""
    asked = []
    seen = store.visible

    async def counting(tx, digest, scopes):
        asked.append(scopes)
        return await seen(tx, digest, scopes)

    monkeypatch.setattr("server.attachments.serving.store.visible", counting)
    monkeypatch.setattr("server.attachments.serving._size", lambda path: pytest.fail("looked on the disk"))
    assert (await berga.get(digest_of(shown))).status_code == 404
    assert (await berga.get("0" * 64)).status_code == 404
    assert len(asked) == 2
    assert all("dealer:alfki" not in scopes for scopes in asked)


@pytest.mark.rule("AT8")
@pytest.mark.parametrize(
    "scope", ["dealer:berga", "dealer:nobody", "catalog:x", "tier:gold", "technician:1", "service:1"]
)
async def test_a_device_sends_to_its_own_scope(alfki, scope):
    answer = await alfki.begin(photos.photo(), scope=scope)
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_forbidden")


@pytest.mark.rule("AT8")
async def test_an_upload_belongs_to_its_device(alfki, sender):
    octets = photos.photo(seed=501)
    place = (await alfki.begin(octets)).headers["location"]
    colleague = await sender("alfki", "staff")
    for answer in (
        await colleague.ask("HEAD", place, {"Tus-Resumable": "1.0.0"}),
        await colleague.part(place, 0, octets),
        await colleague.ask("DELETE", place, {"Tus-Resumable": "1.0.0"}),
    ):
        assert answer.status_code == 404
    assert await alfki.offset(place) == 0


async def test_a_technician_sends_to_the_own_scope(sender, alfki, headquarters):
    technician = await sender(None, "technician")
    octets = photos.photo(seed=502)
    assert (await technician.send(octets)).headers["x-daybook-stored"]
    assert (await technician.get(digest_of(octets))).status_code == 200
    assert (await alfki.get(digest_of(octets))).status_code == 404


@pytest.mark.rule("AT9")
@pytest.mark.parametrize(
    "odd", ["x", "uploads", "..", "%2e%2e%2fdaybook.sqlite", "A" * 64, "0" * 63, "0" * 65, "%00" * 64]
)
async def test_odd_names_do_not_exist(headquarters, odd):
    answer = await headquarters.get(f"/attachments/{odd}")
    assert answer.status_code == 404


@pytest.mark.rule("AT10")
async def test_headers_ranges_and_what_is_known_already(shown, alfki):
    digest = digest_of(shown)
    whole = await alfki.get(digest)
    assert whole.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert whole.headers["vary"] == "Authorization, Cookie"
    assert whole.headers["accept-ranges"] == "bytes"
    tag, size = whole.headers["etag"], len(whole.content)
    thumb = await alfki.get(digest, "?thumb")
    assert thumb.headers["etag"] != tag
    for headers in ({"If-None-Match": tag}, {"If-None-Match": f'"x", W/{tag}'}, {"If-None-Match": "*"}):
        known = await alfki.get(digest, **headers)
        assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", tag)
    head = await alfki.ask("HEAD", f"/attachments/{digest}", {})
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(size)
    assert head.headers["content-type"] == "image/jpeg"
    for asked, start, end in (
        ("bytes=0-9", 0, 10), ("bytes=5-", 5, size), ("bytes=-7", size - 7, size), (f"bytes=3-{size * 9}", 3, size),
        (f"bytes=-{size * 2}", 0, size),
    ):  # fmt: skip
        part = await alfki.get(digest, Range=asked)
        assert part.status_code == 206, asked
        assert part.headers["content-range"] == f"bytes {start}-{end - 1}/{size}"
        assert part.content == whole.content[start:end]
    for asked in (f"bytes={size}-", "bytes=-0"):
        refused = await alfki.get(digest, Range=asked)
        assert (refused.status_code, refused.json()["code"]) == (416, "range_unsatisfiable")
        assert refused.headers["content-range"] == f"bytes */{size}"
    for asked in ("bytes=9-1", "bytes=-", "bytes=0-1,3-4", "lines=0-9", "bytes=a-b", "bytes=" + "9" * 30 + "-"):
        assert (await alfki.get(digest, Range=asked)).content == whole.content, asked
    assert (await alfki.get(digest, **{"Range": "bytes=0-9", "If-Range": '"old"'})).status_code == 200
    assert (await alfki.get(digest, **{"Range": "bytes=0-9", "If-Range": tag})).status_code == 206
