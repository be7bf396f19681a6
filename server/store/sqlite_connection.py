"""A connection to the file in a thread of its own; WAL; every commit synced."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from .transaction import Busy, Conflict, StoreError

Answer = TypeVar("Answer")
CHECKPOINT_BYTES = 4 * 1024 * 1024
"""Of write-ahead log, from which on it is written back into the file."""
BUSY_SECONDS = 15.0
"""How long a writer waits for another process (a backup, an import) to let go."""


class Connection:
    """A connection that only its own thread touches."""

    def __init__(self, path: Path, query_only: bool) -> None:
        self._path = path
        self._query_only = query_only
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reader" if query_only else "writer")
        self._connection: sqlite3.Connection | None = None

    async def open(self) -> None:
        await self.run(self._open)

    def _open(self, _: Any = None) -> None:
        connection = sqlite3.connect(
            self._path, timeout=BUSY_SECONDS, isolation_level=None, cached_statements=256, check_same_thread=True
        )
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA wal_autocheckpoint = 0")  # not in a commit that somebody waits for: `_write_back`
        connection.execute(
            f"PRAGMA journal_size_limit = {CHECKPOINT_BYTES}"
        )  # a log that grew is cut when it begins anew
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA cache_size = -65536")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA mmap_size = 268435456")
        if self._query_only:
            connection.execute("PRAGMA query_only = ON")
        self._connection = connection

    async def run(self, work: Callable[[sqlite3.Connection], Answer]) -> Answer:
        """Do some work in the thread. It is finished even if the caller is cancelled meanwhile."""
        future = self.start(work)
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            # The thread cannot be stopped: what follows (the rollback) must find it idle.
            await asyncio.wait([future])
            raise

    def start(self, work: Callable[[sqlite3.Connection], Answer]) -> asyncio.Future[Answer]:
        """Some work for the thread, after all that it was given before."""
        return asyncio.get_running_loop().run_in_executor(self._thread, self._call, work)

    def _call(self, work: Callable[[sqlite3.Connection], Answer]) -> Answer:
        try:
            return work(self._connection)  # type: ignore[arg-type]
        except sqlite3.IntegrityError as error:
            raise Conflict(str(error)) from error
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise Busy(str(error)) from error
            raise StoreError(str(error)) from error

    async def close(self) -> None:
        await self.run(lambda connection: connection.close() if connection else None)
        self._thread.shutdown()


def begin(connection: sqlite3.Connection) -> int:
    """Begins to write -> a number that is another one after a commit of any other connection."""
    connection.execute("BEGIN IMMEDIATE")
    version: int = connection.execute("PRAGMA data_version").fetchone()[0]
    return version


def rollback(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        connection.execute("ROLLBACK")
