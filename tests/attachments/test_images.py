"""What is taken is decoded and written anew; what is no photo, or costs too much, is refused by name and never shown."""

from __future__ import annotations

import io
import time

import pytest
from PIL import Image

from server.attachments import files
from server.attachments.images import Images, WorkerUnavailable
from server.attachments.verdict import REFUSALS, Picture, Refused
from server.store import attachments as store

from . import photos
from .sender import TUS, digest_of


def is_like(pixel: tuple[int, ...], colour: tuple[int, int, int]) -> bool:
    return all(abs(one - other) < 40 for one, other in zip(pixel, colour, strict=False))


@pytest.mark.rule("AT6")
async def test_nothing_of_the_original_but_its_pixels(alfki):
    octets = photos.photo_with_everything()
    assert b"SecretMaker" in octets
    assert dict(Image.open(io.BytesIO(octets)).getexif().get_ifd(0x8825))
    answer = await alfki.send(octets)
    assert answer.headers["x-daybook-stored"], answer.text
    for query in ("", "?thumb"):
        shown = (await alfki.get(digest_of(octets), query)).content
        assert b"Secret" not in shown
        assert b"Exif" not in shown
        image = Image.open(io.BytesIO(shown))
        assert (image.getexif().get_ifd(0x8825), len(image.getexif())) == ({}, 0)
        assert "icc_profile" not in image.info
        # Upright: the red half of the picture was on its left, and is above now.
        assert image.size == (40, 60)
        assert is_like(image.getpixel((20, 10)), (255, 0, 0))
        assert is_like(image.getpixel((20, 50)), (255, 255, 255))


@pytest.mark.rule("AT6")
@pytest.mark.parametrize(
    ("octets", "kind", "name"),
    [
        (photos.photo(), "image/jpeg", "jpg"),
        (photos.png_with_text(), "image/png", "png"),
        (photos.webp(), "image/webp", "webp"),
        (photos.webp(lossless=True), "image/webp", "webp"),
    ],
)
async def test_the_type_is_that_of_the_content(alfki, octets, kind, name):
    answer = await alfki.send(octets, type="image/png", filename="order.exe")
    assert answer.headers["x-daybook-stored"], answer.text
    shown = await alfki.get(digest_of(octets))
    assert shown.headers["content-type"] == kind
    assert shown.headers["content-disposition"] == f'inline; filename="{digest_of(octets)[:16]}.{name}"'
    assert b"Secret" not in shown.content
    thumb = await alfki.get(digest_of(octets), "?thumb")
    assert thumb.headers["content-type"] == "image/jpeg"


@pytest.mark.rule("AT6")
async def test_a_thumbnail_has_320_pixels(alfki):
    octets = photos.photo(1600, 900, seed=1)
    await alfki.send(octets)
    assert Image.open(io.BytesIO((await alfki.get(digest_of(octets), "?thumb")).content)).size == (320, 180)
    assert Image.open(io.BytesIO((await alfki.get(digest_of(octets))).content)).size == (1600, 900)


@pytest.mark.rule("AT6")
async def test_a_page_within_a_photo_is_gone(alfki):
    octets = photos.polyglot()
    assert b"<script>" in octets
    await alfki.send(octets)
    shown = await alfki.get(digest_of(octets))
    assert b"<script" not in shown.content
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert shown.headers["content-security-policy"] == "default-src 'none'; sandbox"


@pytest.mark.rule("AT7")
@pytest.mark.parametrize(
    ("octets", "code"),
    [
        (photos.SVG, "image_type_unknown"),
        (photos.GIF, "image_type_unknown"),
        (photos.HTML, "image_type_unknown"),
        (b"%PDF-1.7\n", "image_type_unknown"),
        (photos.HTML + photos.photo(), "image_type_unknown"),
        (photos.photo()[:200], "image_unreadable"),
        (b"\xff\xd8\xff" + photos.HTML * 30, "image_unreadable"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "image_unreadable"),
        (b"RIFF\x20\x00\x00\x00WEBPVP8 " + bytes(40), "image_unreadable"),
    ],
)
async def test_what_is_no_photo_is_refused_by_name_and_kept_aside(alfki, headquarters, uploads, database, octets, code):
    digest = digest_of(octets)
    answer = await alfki.send(octets)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["detail"] == REFUSALS[code]
    assert "x-daybook-stored" not in answer.headers
    for query in ("", "?thumb"):
        assert (await alfki.get(digest, query)).status_code == 404
        assert (await headquarters.get(f"/attachments/{digest}{query}")).status_code == 404
    assert (uploads.files.quarantine / digest).read_bytes() == octets
    async with database.reading() as tx:
        row = await tx.row("SELECT * FROM attachment_refused")
        assert await store.uploads(tx) == set()
    assert (row["hash"], row["code"], row["scope"], row["size"]) == (digest, code, "dealer:alfki", len(octets))
    # Again: the same answer.
    assert (await alfki.send(octets)).json()["code"] == code


@pytest.mark.rule("AT7")
async def test_a_decompression_bomb_is_not_decoded(alfki):
    octets = photos.png_bomb(30_000, 30_000)
    assert len(octets) < 4_000_000
    began = time.monotonic()
    answer = await alfki.send(octets, step=len(octets))
    assert (answer.status_code, answer.json()["code"]) == (422, "image_too_many_pixels")
    assert time.monotonic() - began < 15
    # A picture that says it is small and brings more, and one that says it is large and brings nothing.
    liar = bytearray(photos.png_bomb(2000, 2000))
    liar[16:24] = (40_000).to_bytes(4, "big") * 2
    assert (await alfki.send(bytes(liar))).json()["code"] in ("image_too_many_pixels", "image_unreadable")
    just = photos.png_bomb(7_000, 7_000)
    assert (await alfki.send(just)).headers["x-daybook-stored"], "49 million pixels are taken"


@pytest.mark.rule("AT7")
async def test_memory_and_time_have_limits(tmp_path):
    path = tmp_path / "photo"
    path.write_bytes(photos.png_bomb(6_000, 6_000))
    short = await Images(memory=180 * 1024 * 1024).examine(path)
    assert isinstance(short, Refused)
    assert short.code == "image_too_costly"
    path.write_bytes(photos.written(Image.effect_noise((7_000, 7_000), 20), format="JPEG", quality=20))
    slow = await Images(seconds=1).examine(path)
    assert isinstance(slow, Picture) or slow.code == "image_too_costly", "a fast machine does it in a second"


async def test_a_machine_that_cannot_is_no_fault_of_the_photo(alfki, uploads, monkeypatch):
    octets = photos.photo(seed=77)
    place = (await alfki.begin(octets)).headers["location"]

    async def cannot(_: object) -> None:
        raise WorkerUnavailable("no memory to start a process")

    with monkeypatch.context() as ill:
        ill.setattr(uploads._images, "examine", cannot)
        answer = await alfki.part(place, 0, octets)
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert (await alfki.ask("HEAD", place, TUS)).headers["x-daybook-stored"] == digest_of(octets)


@pytest.mark.rule("AT7")
async def test_quarantine_is_bounded(alfki, uploads, monkeypatch):
    monkeypatch.setattr(files, "QUARANTINE", 3_000)
    for number in range(6):
        assert (await alfki.send(bytes([number]) * 1_000)).status_code == 422
    kept = sorted(path.read_bytes()[0] for path in uploads.files.quarantine.iterdir())
    assert len(kept) == 3
    assert 5 in kept
