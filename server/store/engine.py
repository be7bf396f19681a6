"""The database, whichever engine it runs on: open it, write in a transaction, read in a snapshot, hear what moved."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Protocol

from .transaction import CURRENT, EngineName, Transaction

Listener = Callable[[Mapping[str, int]], None]


class StoreSettings(Protocol):
    """What of the settings the store reads."""

    @property
    def database_url(self) -> str: ...

    @property
    def data(self) -> Path: ...


class Database(ABC):
    """Write with `transaction()`, read with `reading()`; neither nests."""

    engine: EngineName

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    @abstractmethod
    async def open(self) -> None: ...

    async def close(self) -> None:
        self._listeners.clear()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """A write transaction. Leaving the block commits; an exception rolls back. Pokes go out after the commit."""
        async with self._entered(self._transaction()) as tx:
            yield tx
        if tx.moves:
            self._tell(tx.moves)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        """One snapshot to read from; nothing can be written in it."""
        async with self._entered(self._reading()) as tx:
            yield tx

    def notify(self, tx: Transaction, moves: Mapping[str, int]) -> None:
        """Tell every listener in every process, after `tx` has committed, that these scopes moved. A hint: it may be lost
        when a connection is, so who listens also looks now and then."""
        for scope, seq in moves.items():
            tx.moves[scope] = max(seq, tx.moves.get(scope, 0))

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` in the event loop with `{scope: seq}` whenever scopes moved. Returns how to stop."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def _tell(self, moves: Mapping[str, int]) -> None:
        for listener in list(self._listeners):
            listener(moves)

    @asynccontextmanager
    async def _entered(self, opened: AbstractAsyncContextManager[Transaction]) -> AsyncIterator[Transaction]:
        outer = CURRENT.get()
        if outer is not None and outer.mine:
            raise RuntimeError("transactions do not nest: pass the one that is open")
        async with opened as tx:
            token = CURRENT.set(tx)
            try:
                yield tx
            finally:
                tx.end()
                CURRENT.reset(token)

    @abstractmethod
    def _transaction(self) -> AbstractAsyncContextManager[Transaction]: ...

    @abstractmethod
    def _reading(self) -> AbstractAsyncContextManager[Transaction]: ...


async def open_database(settings: StoreSettings) -> Database:
    """Open the database that the settings name: `database_url`, or the file `daybook.sqlite` in the data folder."""
    url = settings.database_url
    if url.startswith(("postgresql://", "postgres://")):
        from .postgres import PostgresDatabase

        database: Database = PostgresDatabase(url)
    elif url.startswith("sqlite:///") or not url:
        from .sqlite import SQLiteDatabase

        database = SQLiteDatabase(Path(url.removeprefix("sqlite:///")) if url else settings.data / "daybook.sqlite")
    else:
        raise ValueError("database_url begins with postgresql:// or sqlite:///, or is empty")
    await database.open()
    return database
