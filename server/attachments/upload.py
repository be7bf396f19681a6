"""Takes attachments in by parts: what is told to be here is on the disk, and what is whole is examined before it is stored.

Rules AT1 to AT8 of docs/attachments.md. An upload's offset is a column that moves only after its bytes are synced: a file may
hold more than that after a crash, and the rest is cut off; never less, but for a file that was lost, and then the file counts.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING

import msgspec
import structlog

from server.access.principal import Principal, now_ms, writes_in
from server.problems import Problem
from server.store import attachments as store

from .files import Files, Held
from .images import Images, WorkerUnavailable
from .tus import Checksum, Described
from .verdict import REFUSALS, Refused

if TYPE_CHECKING:
    from pathlib import Path

    from server.store.engine import Database
    from server.store.transaction import Row

_log = structlog.get_logger("daybook.attachments")

MOST_UNFINISHED = 8
"""Uploads that one device may have begun and not finished."""
LASTS = 3 * 24 * 3_600_000
"""Milliseconds after its last byte that an unfinished upload is kept."""
SILENCE = 20.0
"""Seconds without a byte after which a request's connection is taken for dead, so that the device can go on with another."""
SLAB = 256 * 1024
MOST_REFUSED = 2_000
"""Rows about refused attachments that are kept."""


class Progress(msgspec.Struct, frozen=True):
    id: str
    hash: str
    size: int
    received: int
    expires_at: int
    stored: bool = False


class Uploads:
    """All that is on its way, on this data folder. Any number of processes may share folder and database."""

    def __init__(self, database: Database, folder: Path, images: Images | None = None) -> None:
        self._database = database
        self.files = Files(folder)
        self._images = images or Images()

    async def begin(self, principal: Principal, described: Described, size: int) -> Progress:
        """An upload to send to: a new one, the one that this device began earlier, or none (`stored`) because the scope has the
        attachment. Problem 403 `scope_forbidden`, 429 `too_many_uploads`, 503 `storage_full`."""
        now, device = now_ms(), principal.device or ""
        async with self._database.transaction() as tx:
            if described.scope not in await writes_in(tx, principal):
                raise Problem(403, "scope_forbidden", "This device does not write in that scope.")
            there = await store.stored(tx, described.hash, described.scope)
            if there is not None and self.files.has(described.hash):
                return Progress("", described.hash, there["size"], there["size"], 0, stored=True)
            await store.lock_device(tx, device)
            earlier = await store.upload_of(tx, device, described.scope, described.hash)
            if earlier is not None and earlier["size"] == size and earlier["expires_at"] > now:
                await store.prolong(tx, earlier["id"], now + LASTS)
                return self._progress({**earlier, "expires_at": now + LASTS})
            if earlier is not None:
                await store.drop_upload(tx, earlier["id"])
            if await store.count_uploads(tx, device, now) >= MOST_UNFINISHED:
                raise Problem(
                    429, "too_many_uploads", f"Finish or end one of {MOST_UNFINISHED} first.", {"Retry-After": "60"}
                )
            if not self.files.room_for(size):
                raise Problem(503, "storage_full", "The server has no room for it now.", {"Retry-After": "900"})
            name = secrets.token_hex(16)
            row = {
                "id": name, "hash": described.hash, "scope": described.scope, "size": size,
                "device": device, "account": principal.account, "created_at": now, "expires_at": now + LASTS,
            }  # fmt: skip
            await store.add_upload(tx, row)
        return Progress(name, described.hash, size, 0, now + LASTS)

    async def look(self, principal: Principal, upload: str) -> Progress:
        """How far it is. One whose bytes are all here, but which a crash kept from being stored, is stored now. Problem 404
        `upload_unknown`, 423 `upload_busy`, and those of `append`."""
        told = self._progress(await self._row(principal, upload))
        if told.received < told.size:
            return told
        with self._held(upload):
            return await self._finish(await self._row(principal, upload))

    async def append(
        self, principal: Principal, upload: str, offset: int, parts: AsyncIterator[bytes], checksum: Checksum | None
    ) -> Progress:
        """Writes a part behind what is here; with the last one the attachment is examined and stored.

        Without a checksum, what came before the connection broke is kept. Problem 404 `upload_unknown`, 409 `offset_conflict`,
        413 `upload_too_long`, 423 `upload_busy`, 460 `checksum_mismatch` or `hash_mismatch`, 422 with the codes of
        `REFUSALS`, 503.
        """
        await self._row(principal, upload)
        with self._held(upload) as descriptor:
            row = await self._row(principal, upload)
            before = self._progress(row)
            if offset != before.received:
                raise Problem(
                    409,
                    "offset_conflict",
                    "Another part is expected.",
                    {"Upload-Offset": str(before.received)},
                    offset=before.received,
                )
            received = await self._write(descriptor, before, parts, checksum)
            expires_at = now_ms() + LASTS
            async with self._database.transaction() as tx:
                # The column may be ahead of a file that was lost: it is compared with what was read, not with the offset.
                if not await store.advance(tx, upload, row["received"], received, expires_at):
                    raise Problem(409, "offset_conflict", "Another part came first.", {"Upload-Offset": str(received)})
            row = {**row, "received": received, "expires_at": expires_at}
            return await self._finish(row) if received == before.size else self._progress(row)

    async def terminate(self, principal: Principal, upload: str) -> None:
        """Problem 404 `upload_unknown`, 423 `upload_busy`."""
        await self._row(principal, upload)
        with self._held(upload):
            await self._drop(upload)

    async def sweep(self) -> None:
        """Removes uploads that ran out, and what crashes left over."""
        async with self._database.reading() as tx:
            expired = await store.expired(tx, now_ms())
        for upload in expired:
            with contextlib.suppress(Held), self.files.hold(upload):
                await self._drop(upload)
        async with self._database.transaction() as tx:
            known = await store.uploads(tx)
            await store.forget_refused(tx, MOST_REFUSED)
        await asyncio.to_thread(self.files.sweep, known)

    async def _row(self, principal: Principal, upload: str) -> Row:
        """Another device's upload is as unknown as one that never was."""
        async with self._database.reading() as tx:
            row = await store.upload(tx, upload, principal.device or "", now_ms())
        if row is None:
            raise Problem(404, "upload_unknown", "There is no such upload. Begin again.")
        return row

    def _progress(self, row: Row) -> Progress:
        received = min(row["received"], self.files.size(row["id"]))
        return Progress(row["id"], row["hash"], row["size"], received, row["expires_at"])

    @contextlib.contextmanager
    def _held(self, upload: str) -> Iterator[int]:
        try:
            with self.files.hold(upload) as descriptor:
                yield descriptor
        except Held:
            raise Problem(423, "upload_busy", "Another request works on this upload.", {"Retry-After": "1"}) from None

    async def _write(
        self, descriptor: int, before: Progress, parts: AsyncIterator[bytes], checksum: Checksum | None
    ) -> int:
        """The offset after the part, synced. On a problem the file is as it was before."""
        at, slab = before.received, bytearray()
        # What lies behind the offset was never acknowledged.
        await asyncio.to_thread(os.ftruncate, descriptor, at)
        try:
            async for octets in parts:
                if at + len(slab) + len(octets) > before.size:
                    raise Problem(413, "upload_too_long", "More than Upload-Length said.")
                if checksum is not None:
                    checksum.take(octets)
                slab += octets
                if len(slab) >= SLAB:
                    at += await asyncio.to_thread(_put, descriptor, at, bytes(slab))
                    slab.clear()
            if checksum is not None:
                checksum.check()
            at += await asyncio.to_thread(_put, descriptor, at, bytes(slab))
            await asyncio.to_thread(os.fsync, descriptor)
        except OSError as error:
            await asyncio.to_thread(os.ftruncate, descriptor, before.received)
            _log.error("cannot be written", upload=before.id, why=str(error))
            raise Problem(503, "storage_full", "The server could not write it down.", {"Retry-After": "900"}) from None
        except Problem:
            await asyncio.to_thread(os.ftruncate, descriptor, before.received)
            raise
        return at

    async def _finish(self, row: Row) -> Progress:
        """Examines what is whole, and stores or refuses it. The upload is held."""
        upload, digest = row["id"], row["hash"]
        if await asyncio.to_thread(self.files.digest, upload) != digest:
            await self._drop(upload)
            raise Problem(460, "hash_mismatch", "These bytes have another SHA-256 than was said. Begin again.")
        try:
            answer = await self._images.examine(self.files.uploads / upload)
        except WorkerUnavailable as error:
            _log.error("image cannot be examined", upload=upload, why=str(error))
            raise Problem(503, "busy", "It cannot be examined now; it is kept.", {"Retry-After": "5"}) from None
        if isinstance(answer, Refused):
            await self._refuse(row, answer)
            raise Problem(422, answer.code, REFUSALS[answer.code])
        try:
            await asyncio.to_thread(self.files.keep, digest, answer.image, answer.thumb)
        except OSError as error:
            _log.error("cannot be stored", upload=upload, why=str(error))
            raise Problem(503, "storage_full", "The server has no room for it now.", {"Retry-After": "900"}) from None
        there = {
            "hash": digest, "scope": row["scope"], "type": answer.type, "size": row["size"], "width": answer.width,
            "height": answer.height, "device": row["device"], "account": row["account"], "stored_at": now_ms(),
        }  # fmt: skip
        async with self._database.transaction() as tx:
            await store.add(tx, there)
            await store.drop_upload(tx, upload)
        self.files.drop(upload)
        return Progress("", digest, row["size"], row["size"], 0, stored=True)

    async def _refuse(self, row: Row, why: Refused) -> None:
        await asyncio.to_thread(self.files.set_aside, row["hash"], row["id"])
        told = {"code": why.code, "detail": why.detail, "at": now_ms()}
        async with self._database.transaction() as tx:
            await store.refuse(tx, {**row, **told})
            await store.drop_upload(tx, row["id"])

    async def _drop(self, upload: str) -> None:
        async with self._database.transaction() as tx:
            await store.drop_upload(tx, upload)
        self.files.drop(upload)


def _put(descriptor: int, at: int, octets: bytes) -> int:
    """Writes all of it there; answers how many bytes that were."""
    os.lseek(descriptor, at, os.SEEK_SET)
    rest = memoryview(octets)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
    return len(octets)
