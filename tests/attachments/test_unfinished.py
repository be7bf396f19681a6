"""Uploads that are not finished: how many, how long, and what a crash or a full disk leaves of them."""

from __future__ import annotations

import asyncio
import os

import pytest

from server.attachments import upload as uploading
from server.attachments.files import Files, Held
from server.store import attachments as store

from .photos import large_photo, photo
from .sender import TUS, digest_of


@pytest.mark.rule("AT5")
async def test_one_device_has_few_unfinished_uploads(alfki, berga, monkeypatch):
    places = [(await alfki.begin(photo(seed=10 + number))).headers["location"] for number in range(8)]
    more = await alfki.begin(photo(seed=20))
    assert (more.status_code, more.json()["code"]) == (429, "too_many_uploads")
    assert int(more.headers["retry-after"]) > 0
    assert (await alfki.begin(photo(seed=10))).status_code == 201, "one that was begun is no further one"
    assert (await berga.begin(photo(seed=20))).status_code == 201, "another device has its own"
    assert (await alfki.ask("DELETE", places[0], TUS)).status_code == 204
    assert (await alfki.ask("DELETE", places[0], TUS)).status_code == 404
    assert (await alfki.ask("HEAD", places[0], TUS)).status_code == 404
    at_once = await asyncio.gather(*(alfki.begin(photo(seed=30 + number)) for number in range(5)))
    assert sorted(answer.status_code for answer in at_once) == [201, 429, 429, 429, 429]


@pytest.mark.rule("AT5")
async def test_an_upload_runs_out_and_is_swept(alfki, uploads, database, monkeypatch):
    octets = photo(seed=5)
    monkeypatch.setattr(uploading, "LASTS", 60_000)
    lasting = (await alfki.begin(photo(seed=6))).headers["location"]
    assert (await alfki.part(lasting, 0, photo(seed=6)[:10])).status_code == 204
    monkeypatch.setattr(uploading, "LASTS", -1)
    place = (await alfki.begin(octets)).headers["location"]
    assert (await alfki.part(place, 0, octets[:10])).json()["code"] == "upload_unknown"
    with uploads.files.hold("f" * 32):
        pass
    os.utime(uploads.files.uploads / ("f" * 32), (1, 1))
    await uploads.sweep()
    assert [path.name for path in uploads.files.uploads.iterdir()] == [lasting.rpartition("/")[2]]
    async with database.reading() as tx:
        assert await store.uploads(tx) == {lasting.rpartition("/")[2]}
    assert await alfki.offset(lasting) == 10
    monkeypatch.setattr(uploading, "LASTS", 60_000)
    assert (await alfki.send(octets)).headers["x-daybook-stored"]


async def test_a_full_disk_is_told_and_loses_nothing(alfki, uploads, monkeypatch):
    octets = photo(seed=7)
    place = (await alfki.begin(octets)).headers["location"]
    assert (await alfki.part(place, 0, octets[:100])).status_code == 204
    with monkeypatch.context() as full:
        full.setattr(uploading, "_put", _no_room)
        answer = await alfki.part(place, 100, octets[100:])
    assert (answer.status_code, answer.json()["code"]) == (503, "storage_full")
    assert await alfki.offset(place) == 100
    with monkeypatch.context() as full:
        full.setattr(uploads.files, "room_for", lambda size: False)
        assert (await alfki.begin(photo(seed=8))).json()["code"] == "storage_full"
    assert (await alfki.part(place, 100, octets[100:])).headers["x-daybook-stored"]


def _no_room(*_: object) -> int:
    raise OSError(28, "No space left on device")


@pytest.mark.rule("AT3")
async def test_what_lies_behind_the_offset_is_cut_off_and_what_is_missing_is_asked_for(alfki, uploads):
    """As a crash leaves it: bytes that were written and not acknowledged; and a disk that lost some."""
    octets = large_photo(300_000)
    place = (await alfki.begin(octets)).headers["location"]
    await alfki.part(place, 0, octets[:1000])
    path = uploads.files.uploads / place.rpartition("/")[2]
    with path.open("ab") as file:
        file.write(b"half a part that nobody heard of")
    assert await alfki.offset(place) == 1000
    with path.open("r+b") as file:
        file.truncate(400)
    assert await alfki.offset(place) == 400
    assert (await alfki.part(place, 1000, octets[1000:])).headers["upload-offset"] == "400"
    path.unlink()
    assert await alfki.offset(place) == 0
    assert (await alfki.part(place, 0, octets)).headers["x-daybook-stored"] == digest_of(octets)


async def test_all_bytes_here_but_not_stored_is_finished_when_asked(alfki, uploads, monkeypatch):
    """The process died between the last byte and the end."""
    octets = photo(seed=9)
    for ask in ("HEAD", "PATCH"):
        octets = photo(seed=9 if ask == "HEAD" else 90)
        place = (await alfki.begin(octets)).headers["location"]
        with monkeypatch.context() as dying:
            dying.setattr(uploads, "_finish", _dies)
            assert (await alfki.part(place, 0, octets)).status_code == 500
        if ask == "HEAD":
            answer = await alfki.ask("HEAD", place, TUS)
        else:
            answer = await alfki.part(place, len(octets), b"")
        assert answer.headers["x-daybook-stored"] == digest_of(octets)


async def _dies(*_: object) -> None:
    raise RuntimeError("killed")


@pytest.mark.rule("AT3")
async def test_another_process_holds_an_upload_too(alfki, uploads):
    octets = photo(seed=91)
    place = (await alfki.begin(octets)).headers["location"]
    upload = place.rpartition("/")[2]
    with Files(uploads.files.folder).hold(upload):
        assert (await alfki.part(place, 0, octets)).status_code == 423
        with pytest.raises(Held), Files(uploads.files.folder).hold(upload):
            pass
    assert (await alfki.part(place, 0, octets)).headers["x-daybook-stored"] == digest_of(octets)
