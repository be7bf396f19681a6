"""What a transaction offers, the same on both engines: SQL with `?`, rows as dictionaries, and the ORM inside it."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from .remembered import Remembered

EngineName = Literal["sqlite", "postgres"]
Row = dict[str, Any]
RecordName = tuple[str, str]
"""Kind and key."""
BalanceName = tuple[str, str, str]
"""Ledger, account, item."""


class StoreError(Exception):
    """The database could not do it; nothing of the transaction stands."""


class Conflict(StoreError):
    """A unique index said no: another transaction wrote it first."""


class Busy(StoreError):
    """A lock was not to be had in time, or a deadlock was broken by ending this transaction. Worth another try."""


class Transaction(ABC):
    """One open transaction. It belongs to the task that opened it, and ends with the `async with` block.

    Placeholders are `?` on both engines. Amounts and times come back as int, JSON as text, bytes as bytes; a Boolean
    column comes back as 0 or 1 on SQLite.
    """

    engine: EngineName
    writes: bool

    def __init__(self, writes: bool, remembered: Remembered | None = None) -> None:
        self.writes = writes
        self.remembered = remembered
        """What is known of balances and records without asking; None: nothing."""
        self.moves: dict[str, int] = {}
        """What `Database.notify` tells after the commit: scope -> the last number of its feed."""
        self.statements = 0
        """How many statements were sent; a test holds the pipeline to a constant number of them."""
        self._task = asyncio.current_task()
        self._open = True

    async def rows(self, sql: str, *args: Any) -> list[Row]:
        """The rows that a statement answers."""
        self._check(sql)
        return await self._rows(self.translate(sql), args)

    async def row(self, sql: str, *args: Any) -> Row | None:
        """The first row, or None."""
        found = await self.rows(sql, *args)
        return found[0] if found else None

    async def execute(self, sql: str, *args: Any) -> int:
        """Run a statement; the number of rows it changed."""
        self._check(sql)
        return await self._execute(self.translate(sql), args)

    async def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run a statement once for each row of arguments, in one call. No rows: nothing is sent."""
        rows = list(rows)
        if rows:
            self._check(sql)
            await self._many(self.translate(sql), rows)

    async def insert(
        self,
        table: str,
        columns: Sequence[str],
        rows: Iterable[Sequence[Any]],
        on_conflict: str = "",
        *,
        soon: bool = False,
        noted: bool = False,
    ) -> None:
        """Insert many rows in the fastest way that the engine has. No rows: nothing is sent.

        `on_conflict`: the clause of that name. `soon`: it need not be waited for; every later statement sees the rows, and what goes
        wrong is raised by one of those or by the commit. `noted`: the caller enters in `remembered` what it does.
        """
        rows = list(rows)
        if rows:
            self._check("" if noted else f"INSERT INTO {table}")
            await self._insert(table, columns, rows, on_conflict, soon)

    async def native(self, sql: str, args: Sequence[Any]) -> list[Row]:
        """Rows of a statement in the engine's own placeholders: the ORM's door."""
        self._check(sql)
        return await self._rows(sql, args)

    @abstractmethod
    def translate(self, sql: str) -> str:
        """`?` to what the engine wants."""

    @abstractmethod
    def listed(self, columns: str, rows: Sequence[Sequence[Any]]) -> tuple[str, list[Any]]:
        """A list of rows as a table in a FROM clause: `(fragment, arguments)`.

        `columns` names them with their types, ``"kind text, key text"`` (text, bigint or bytea). The fragment wants an alias.
        """

    @property
    @abstractmethod
    def for_update(self) -> str:
        """The clause that locks the rows of a SELECT; empty where the whole database is locked anyway."""

    @abstractmethod
    async def _rows(self, sql: str, args: Sequence[Any]) -> list[Row]: ...

    @abstractmethod
    async def _execute(self, sql: str, args: Sequence[Any]) -> int: ...

    @abstractmethod
    async def _many(self, sql: str, rows: list[Sequence[Any]]) -> None: ...

    @abstractmethod
    async def _insert(
        self, table: str, columns: Sequence[str], rows: list[Sequence[Any]], on_conflict: str, soon: bool
    ) -> None: ...

    def _check(self, sql: str) -> None:
        if not self._open:
            raise RuntimeError("this transaction is over")
        if asyncio.current_task() is not self._task:
            raise RuntimeError("a transaction belongs to the task that opened it")
        self.statements += 1
        if self.remembered is not None:
            self.remembered.heed(sql)

    def end(self) -> None:
        self._open = False

    @property
    def mine(self) -> bool:
        """Is it open, and the running task's own? A task that was started inside a transaction inherits the variable."""
        return self._open and asyncio.current_task() is self._task


CURRENT: ContextVar[Transaction | None] = ContextVar("daybook_transaction", default=None)


def current() -> Transaction:
    """The transaction that the running task is in."""
    transaction = CURRENT.get()
    if transaction is None or not transaction.mine:
        raise RuntimeError("tables are used inside database.transaction() or database.reading()")
    return transaction


def column_list(columns: str) -> list[tuple[str, str]]:
    """``"kind text, key text"`` as pairs of name and type."""
    pairs = [part.split() for part in columns.split(",")]
    return [(name, kind) for name, kind in pairs]
