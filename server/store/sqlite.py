"""SQLite: one writer connection behind a lock, a few readers."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec

from .engine import Database
from .remembered import Remembered
from .sqlite_connection import CHECKPOINT_BYTES, Answer, Connection, begin, rollback
from .transaction import Row, StoreError, Transaction, column_list

journal = logging.getLogger(__name__)
READERS = 4
ROWS_TOGETHER = (500, 50, 5, 1)
"""Rows that one INSERT brings, as many as there are for. It runs without the interpreter's lock, so few large ones disturb what is
computed beside them less than many small ones, each of which waits for the lock in turn; and they are less work."""


class SQLiteTransaction(Transaction):
    engine = "sqlite"

    def __init__(self, connection: Connection, remembered: Remembered | None = None) -> None:
        """`remembered`: of the writer; None for a reader."""
        super().__init__(remembered is not None, remembered)
        self._connection = connection
        self._late: list[asyncio.Future[None]] = []
        """What was handed over and not waited for."""

    def translate(self, sql: str) -> str:
        return sql

    @property
    def for_update(self) -> str:
        return ""

    def listed(self, columns: str, rows: Sequence[Sequence[Any]]) -> tuple[str, list[Any]]:
        pairs = column_list(columns)
        if any(kind == "bytea" for _, kind in pairs):
            # JSON cannot carry bytes. The names of VALUES are column1, column2, …
            names = ", ".join(f"column{number} AS {name}" for number, (name, _) in enumerate(pairs, 1))
            marks = f"({', '.join('?' * len(pairs))})"
            lines = ", ".join([marks] * len(rows)) if rows else f"({', '.join(['NULL'] * len(pairs))})"
            return f"(SELECT {names} FROM (VALUES {lines}))", [cell for row in rows for cell in row]
        names = ", ".join(f"json_extract(value, '$[{number}]') AS {name}" for number, (name, _) in enumerate(pairs))
        return f"(SELECT {names} FROM json_each(?))", [msgspec.json.encode(rows).decode()]

    async def _rows(self, sql: str, args: Sequence[Any]) -> list[Row]:
        def work(connection: sqlite3.Connection) -> list[Row]:
            cursor = connection.execute(sql, args)
            if cursor.description is None:
                return []
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor]

        return await self._run(work)

    async def _execute(self, sql: str, args: Sequence[Any]) -> int:
        return await self._run(lambda connection: connection.execute(sql, args).rowcount)

    async def _many(self, sql: str, rows: list[Sequence[Any]]) -> None:
        await self._run(lambda connection: connection.executemany(sql, rows))

    async def _insert(
        self, table: str, columns: Sequence[str], rows: list[Sequence[Any]], on_conflict: str, soon: bool
    ) -> None:
        names = ", ".join(f'"{column}"' for column in columns)
        marks = f"({', '.join('?' * len(columns))})"

        def work(connection: sqlite3.Connection) -> None:
            at = 0
            for count in ROWS_TOGETHER:
                sql = f'INSERT INTO "{table}" ({names}) VALUES {", ".join([marks] * count)} {on_conflict}'
                while len(rows) - at >= count:
                    connection.execute(sql, list(chain.from_iterable(rows[at : at + count])))
                    at += count

        if soon:
            self._late.append(self._connection.start(work))
        else:
            await self._run(work)

    async def _run(self, work: Callable[[sqlite3.Connection], Answer]) -> Answer:
        found = await self._connection.run(work)
        self._raise_late()  # the thread works in order: those are done
        return found

    def _raise_late(self) -> None:
        while self._late:
            self._late.pop(0).result()

    async def settle(self) -> None:
        """Before the commit: what was not waited for is done. Raises what went wrong in it."""
        if self._late:
            await self._run(lambda connection: None)

    def give_up(self) -> None:
        """After the rollback: what went wrong in what was not waited for is nobody's news any more."""
        for each in self._late:
            each.exception()
        self._late = []


class SQLiteDatabase(Database):
    """One file. Pokes go to the listeners of this process alone: there is no other server process on a file."""

    engine = "sqlite"

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self._writer = Connection(path, query_only=False)
        self._lock = asyncio.Lock()
        self._remembered = Remembered()
        self._readers: asyncio.Queue[Connection] = asyncio.Queue()
        self._connections = [self._writer]
        self._checkpointer = Connection(path, query_only=False)
        self._writing_back: asyncio.Task[None] | None = None

    async def open(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        await self._writer.open()
        await self._checkpointer.open()
        self._connections.append(self._checkpointer)
        for _ in range(READERS):
            reader = Connection(self.path, query_only=True)
            await reader.open()
            self._connections.append(reader)
            self._readers.put_nowait(reader)

    async def close(self) -> None:
        await super().close()
        if self._writing_back is not None:
            await self._writing_back
        for connection in self._connections:
            await connection.close()
        self._connections.clear()

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[Transaction]:
        async with self._lock:
            tx = SQLiteTransaction(self._writer, self._remembered)
            try:
                self._remembered.begin(await self._writer.run(begin))
                yield tx
                await tx.settle()
                await self._writer.run(lambda connection: connection.execute("COMMIT"))
            except BaseException:
                self._remembered.forget()
                await asyncio.shield(self._writer.run(rollback))
                tx.give_up()
                raise
        if self._wal_bytes() > CHECKPOINT_BYTES and (self._writing_back is None or self._writing_back.done()):
            self._writing_back = asyncio.create_task(self._write_back())

    def _wal_bytes(self) -> int:
        try:
            return self.path.with_name(f"{self.path.name}-wal").stat().st_size
        except FileNotFoundError:
            return 0

    async def _write_back(self) -> None:
        """Checkpoint on a connection of its own: the commit is durable in the log already, and neither readers nor the writer wait."""
        try:
            await self._checkpointer.run(
                lambda connection: connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
            )
        except StoreError as error:  # another process holds it; the next commit tries again
            journal.info("no checkpoint: %s", error)

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[Transaction]:
        reader = await self._readers.get()
        try:
            await reader.run(lambda connection: connection.execute("BEGIN DEFERRED"))
            try:
                yield SQLiteTransaction(reader)
            finally:
                await asyncio.shield(reader.run(rollback))
        finally:
            self._readers.put_nowait(reader)
