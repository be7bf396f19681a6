"""kill -9 of a real server while photos come in: offsets are never too large, and every photo ends up whole."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest

from server.access import devices, people
from server.access.people import NewPerson
from server.attachments.files import Files
from server.store.engine import open_database
from server.store.migrate import migrate
from tests.server_fixtures import new_postgres
from tests.simulation.server_process import ServerProcess

from .photos import large_photo
from .sender import Sender, digest_of

KILLS = 40 if os.environ.get("DAYBOOK_LONG") else 4
STEP = 64 * 1024


@pytest.fixture(params=["sqlite", "postgres"])
async def address(request: pytest.FixtureRequest) -> str:
    return await new_postgres(request.getfixturevalue("postgres_server")) if request.param == "postgres" else ""


@pytest.mark.rule("AT3")
@pytest.mark.rule("AT1")
@pytest.mark.long
async def test_an_upload_goes_on_after_kill_9(tmp_path: Path, address: str) -> None:
    database = await open_database(SimpleNamespace(database_url=address, data=tmp_path))
    await migrate(database)
    await people.create_person(
        database, NewPerson(login="olga", name="Olga", role="owner", dealer="alfki", password="wide open fields")
    )
    enrolled = await devices.enrol_with_password(database, "olga", "wide open fields", "tablet", "192.0.2.1")
    await database.close()
    chance, files = random.Random(20261125), Files(tmp_path / "attachments")
    server = ServerProcess(tmp_path, database_url=address, gate_workers="1")
    photos = [large_photo(1_500_000, seed) for seed in range(3)]
    stored: set[str] = set()
    try:
        for kill in range(KILLS + 1):
            await asyncio.to_thread(server.start)
            async with httpx.AsyncClient(base_url=server.url, timeout=60) as client:
                sender = Sender(client, enrolled.token, "dealer:alfki")
                for digest in stored:  # before anything is sent again
                    assert (await sender.get(digest)).status_code == 200
                sending = asyncio.create_task(_send_all(sender, photos, stored, files))
                if kill == KILLS:
                    await sending
                    break
                await asyncio.sleep(chance.uniform(0.02, 0.5))
                await asyncio.to_thread(server.kill)
                with contextlib.suppress(httpx.TransportError):
                    await sending
        assert stored == {digest_of(octets) for octets in photos}
    finally:
        await asyncio.to_thread(server.stop)


async def _send_all(sender: Sender, photos: list[bytes], stored: set[str], files: Files) -> None:
    """Part by part; every offset that is told is on the disk, and what lies there is what was sent."""
    for octets in photos:
        answer, place = await sender.begin(octets), ""
        while "x-daybook-stored" not in answer.headers:
            assert answer.status_code in (201, 204), answer.text
            place = answer.headers.get("location", place)
            at = int(answer.headers["upload-offset"])
            held = (files.uploads / place.rpartition("/")[2]).read_bytes() if at else b""
            assert len(held) >= at
            assert held[:at] == octets[:at]
            answer = await sender.part(place, at, octets[at : at + STEP])
        stored.add(answer.headers["x-daybook-stored"])
