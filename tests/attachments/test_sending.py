"""Parts come in, once each, in order, and what was acknowledged is there."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import stat

import pytest

from server.store import attachments as store

from .photos import large_photo, photo
from .sender import PART, TUS, digest_of


@pytest.mark.rule("AT1")
async def test_a_photo_in_parts_is_stored_and_shown(alfki, uploads, database):
    octets = large_photo(700_000)
    digest = digest_of(octets)
    began = await alfki.begin(octets, type="image/jpeg")
    assert began.status_code == 201, began.text
    place = began.headers["location"]
    assert began.headers["upload-offset"] == "0"
    assert began.headers["tus-resumable"] == "1.0.0"
    assert "GMT" in began.headers["upload-expires"]
    at = 0
    while at < len(octets):
        part = octets[at : at + 256 * 1024]
        proof = f"sha256 {base64.b64encode(hashlib.sha256(part).digest()).decode()}"
        answer = await alfki.part(place, at, part, **{"Upload-Checksum": proof})
        assert answer.status_code == 204, answer.text
        at += len(part)
        assert int(answer.headers["upload-offset"]) == at
        assert ("x-daybook-stored" in answer.headers) == (at == len(octets))
    assert answer.headers["x-daybook-stored"] == digest
    shown = await alfki.get(digest)
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    assert shown.content[:3] == b"\xff\xd8\xff"
    for path in (uploads.files.place(digest), uploads.files.place(digest, thumb=True)):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert list(uploads.files.uploads.iterdir()) == []
    async with database.reading() as tx:
        assert await store.uploads(tx) == set()
        row = await store.stored(tx, digest, "dealer:alfki")
    assert (row["size"], row["width"], row["height"]) == (len(octets), 1200, 900)


async def test_what_the_server_can_is_told(http):
    for place in ("/attachments", "/attachments/uploads/x"):
        answer = await http.options(place)
        assert answer.status_code == 204
        assert answer.headers["tus-version"] == "1.0.0"
        assert answer.headers["tus-max-size"] == str(12 * 1024 * 1024)
        assert answer.headers["tus-checksum-algorithm"] == "sha256,sha1"
        extensions = set(answer.headers["tus-extension"].split(","))
        assert extensions == {"creation", "creation-with-upload", "expiration", "checksum", "termination"}


@pytest.mark.rule("AT1")
async def test_the_first_part_may_come_with_the_beginning(alfki):
    octets = photo()
    whole = await alfki.begin(octets, part=octets)
    assert (whole.status_code, whole.headers["x-daybook-stored"]) == (201, digest_of(octets))
    other = large_photo(400_000)
    began = await alfki.begin(other, part=other[:1000])
    assert (began.status_code, began.headers["upload-offset"]) == (201, "1000")
    # Again, as after a lost answer: nothing is written twice.
    again = await alfki.begin(other, part=other[:1000])
    assert again.headers["upload-offset"] == "1000"
    assert again.headers["location"] == began.headers["location"]
    assert (await alfki.part(began.headers["location"], 1000, other[1000:])).headers["x-daybook-stored"]


@pytest.mark.rule("AT2")
async def test_the_same_photo_is_not_sent_twice(alfki, berga, uploads):
    octets = photo(seed=2)
    assert (await alfki.send(octets)).headers["x-daybook-stored"] == digest_of(octets)
    again = await alfki.begin(octets)
    assert again.status_code == 200
    assert again.headers["x-daybook-stored"] == digest_of(octets)
    assert again.headers["upload-offset"] == str(len(octets))
    assert again.json() == {"hash": digest_of(octets), "stored": True, "size": len(octets)}
    # Another scope is told nothing of it, and sends all.
    first = await berga.begin(octets)
    assert (first.status_code, first.headers["upload-offset"]) == (201, "0")
    assert (await berga.send(octets)).headers["x-daybook-stored"]
    # Whose file was lost is asked for it again.
    uploads.files.place(digest_of(octets)).unlink()
    assert (await alfki.begin(octets)).status_code == 201
    assert (await alfki.send(octets)).headers["x-daybook-stored"]
    assert (await alfki.get(digest_of(octets))).status_code == 200


@pytest.mark.rule("AT3")
async def test_wrong_offsets_change_nothing(alfki):
    octets = large_photo(300_000)
    place = (await alfki.begin(octets)).headers["location"]
    assert (await alfki.part(place, 0, octets[:1000])).status_code == 204
    for offset in (0, 999, 1001, len(octets), 10**14):
        answer = await alfki.part(place, offset, octets[:1000])
        assert (answer.status_code, answer.json()["code"]) == (409, "offset_conflict")
        assert answer.headers["upload-offset"] == "1000"
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["tus-resumable"] == "1.0.0"
    for odd in ("", "-1", "1e3", "９", "0x10", "9" * 40):
        answer = await alfki.ask(
            "PATCH", place, {**PART, "Upload-Offset": odd.encode().decode("latin-1")}, content=b"x"
        )
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
    assert await alfki.offset(place) == 1000
    assert (await alfki.part(place, 1000, octets[1000:])).headers["x-daybook-stored"]


@pytest.mark.rule("AT3")
async def test_a_damaged_part_is_not_taken(alfki, uploads):
    octets = large_photo(300_000)
    place = (await alfki.begin(octets)).headers["location"]
    upload = place.rpartition("/")[2]
    for algorithm in ("sha256", "sha1"):
        proof = base64.b64encode(hashlib.new(algorithm, octets[:5000]).digest()).decode()
        answer = await alfki.part(place, 0, octets[:4999] + b"x", **{"Upload-Checksum": f"{algorithm} {proof}"})
        assert (answer.status_code, answer.json()["code"]) == (460, "checksum_mismatch")
        assert (await alfki.offset(place), uploads.files.size(upload)) == (0, 0)
    unknown = await alfki.part(place, 0, octets[:5000], **{"Upload-Checksum": "md5 AAAA"})
    assert (unknown.status_code, unknown.json()["code"]) == (400, "checksum_unknown")
    for odd in ("sha256", "sha256 %", "sha256 \xff"):
        assert (await alfki.part(place, 0, octets[:5000], **{"Upload-Checksum": odd})).status_code == 400
    assert await alfki.offset(place) == 0


@pytest.mark.rule("AT3")
async def test_of_two_parts_at_once_one_is_taken(alfki, uploads):
    octets = large_photo(600_000)
    place = (await alfki.begin(octets)).headers["location"]
    going = asyncio.Event()

    async def slowly():
        yield octets[:100_000]
        going.set()
        await asyncio.sleep(0.3)
        yield octets[100_000:200_000]

    first = asyncio.create_task(alfki.part(place, 0, slowly()))
    await going.wait()
    for method in ("PATCH", "DELETE"):
        refused = await alfki.ask(method, place, {**PART, "Upload-Offset": "0"}, content=octets)
        assert (refused.status_code, refused.json()["code"]) == (423, "upload_busy")
        assert refused.headers["retry-after"] == "1"
    assert await alfki.offset(place) == 0
    assert (await first).headers["upload-offset"] == "200000"
    both = await asyncio.gather(*(alfki.part(place, 200_000, octets[200_000:]) for _ in range(4)))
    assert sorted(answer.status_code for answer in both)[0] == 204
    assert {answer.status_code for answer in both} <= {204, 404, 409, 423}
    assert sum(answer.status_code == 204 for answer in both) == 1


@pytest.mark.rule("AT4")
async def test_lengths_that_lie(alfki, uploads):
    octets = photo(seed=3)
    too_much = await alfki.begin(octets, size=12 * 1024 * 1024 + 1)
    assert (too_much.status_code, too_much.json()["code"]) == (413, "attachment_too_large")
    for size in ("0", "-1", "x", "", "1.5"):
        told = {**TUS, "Upload-Length": size, "Upload-Metadata": ""}
        assert (await alfki.ask("POST", "/attachments", told)).status_code == 400
    deferred = await alfki.ask("POST", "/attachments", {**TUS, "Upload-Defer-Length": "1"})
    assert deferred.status_code == 400
    # More than was said: nothing of it is kept.
    place = (await alfki.begin(octets, size=100)).headers["location"]
    answer = await alfki.part(place, 0, octets)
    assert (answer.status_code, answer.json()["code"]) == (413, "upload_too_long")
    assert await alfki.offset(place) == 0
    assert (await alfki.begin(octets, size=100, part=octets)).json()["code"] == "upload_too_long"
    # Less than was said is only unfinished; another length for the same hash begins anew.
    longer = (await alfki.begin(octets, size=len(octets) + 5)).headers["location"]
    assert longer != place
    assert (await alfki.part(longer, 0, octets)).headers["upload-offset"] == str(len(octets))
    wrong = await alfki.part(longer, len(octets), b"12345")
    assert (wrong.status_code, wrong.json()["code"]) == (460, "hash_mismatch")
    assert (await alfki.ask("HEAD", longer, TUS)).status_code == 404


@pytest.mark.rule("AT4")
async def test_a_hash_that_is_not_theirs_drops_the_upload(alfki, uploads, database):
    octets, claimed = photo(seed=4), digest_of(b"another file")
    place = (await alfki.begin(octets, digest=claimed)).headers["location"]
    answer = await alfki.part(place, 0, octets)
    assert (answer.status_code, answer.json()["code"]) == (460, "hash_mismatch")
    assert "x-daybook-stored" not in answer.headers
    assert (await alfki.get(claimed)).status_code == 404
    assert (await alfki.get(digest_of(octets))).status_code == 404
    assert list(uploads.files.uploads.iterdir()) == []
    async with database.reading() as tx:
        assert await store.uploads(tx) == set()


async def test_requests_that_speak_no_tus(alfki, http):
    octets = photo()
    for version in ({}, {"Tus-Resumable": "0.2.2"}, {"Tus-Resumable": ""}):
        answer = await alfki.ask("POST", "/attachments", {**version, "Upload-Length": "5"})
        assert (answer.status_code, answer.json()["code"]) == (412, "tus_version_unknown")
        assert answer.headers["tus-version"] == "1.0.0"
    place = (await alfki.begin(octets)).headers["location"]
    for kind in ("application/json", "image/jpeg", "text/plain", ""):
        answer = await alfki.ask("PATCH", place, {**TUS, "Upload-Offset": "0", "Content-Type": kind}, content=octets)
        assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")
    unsigned = await http.post("/attachments", headers={**TUS, "Upload-Length": "5"})
    assert unsigned.status_code == 401
    overridden = await alfki.ask(
        "POST", place, {**PART, "Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}, content=octets[:5]
    )
    assert (overridden.status_code, overridden.headers["upload-offset"]) == (204, "5")
    assert (await alfki.ask("POST", place, TUS)).status_code == 405
    ended = await alfki.ask("POST", place, {**TUS, "X-HTTP-Method-Override": "DELETE"})
    assert ended.status_code == 204


@pytest.mark.parametrize(
    "metadata",
    [
        "", "hash", "hash %%%", f"hash {base64.b64encode(b'short').decode()}", "hash " + "A" * 3000, "\xff",
        f"hash {base64.b64encode(b'f' * 64).decode()}",
        f"hash {base64.b64encode(b'f' * 64).decode()},scope {base64.b64encode(b'../../etc').decode()}",
        f"hash {base64.b64encode(b'F' * 64).decode()},scope {base64.b64encode(b'dealer:alfki').decode()}",
        f"hash {base64.b64encode(b'f' * 64).decode()},hash {base64.b64encode(b'f' * 64).decode()}",
    ],
)  # fmt: skip
async def test_metadata_that_says_nothing(alfki, metadata):
    answer = await alfki.ask("POST", "/attachments", {**TUS, "Upload-Length": "5", "Upload-Metadata": metadata})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
