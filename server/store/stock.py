"""SQL of the value of stock: entries by owner and item, in the order in which things happened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from .transaction import Row, Transaction

COLUMNS = ("owner", "item", "happened_at", "document", "posting_set", "quantity", "cost", "value", "state")
_ROW = ", ".join(f"e.{name}" for name in COLUMNS)


async def entries_of(tx: Transaction, documents: Sequence[str]) -> list[Row]:
    """The entries of these documents."""
    wanted, args = tx.listed("id text", [(document,) for document in documents])
    return await tx.rows(f"SELECT {_ROW} FROM {wanted} AS w JOIN stock_entry e ON e.document = w.id", *args)


async def entries_from(tx: Transaction, since: Sequence[tuple[str, str, int]]) -> list[Row]:
    """Rows of (owner, item, moment) -> all entries from that moment on, in no order."""
    wanted, args = tx.listed("owner text, item text, since bigint", since)
    return await tx.rows(
        f"SELECT {_ROW} FROM {wanted} AS w JOIN stock_entry e"
        " ON e.owner = w.owner AND e.item = w.item AND e.happened_at >= w.since",
        *args,
    )


async def states_before(tx: Transaction, since: Sequence[tuple[str, str, int]]) -> list[Row]:
    """Rows of (owner, item, moment) -> owner, item and state of the last entry before that moment, where there is one."""
    wanted, args = tx.listed("owner text, item text, since bigint", since)
    return await tx.rows(
        f"SELECT e.owner, e.item, e.state FROM {wanted} AS w JOIN stock_entry e ON e.id = ("
        "SELECT n.id FROM stock_entry n WHERE n.owner = w.owner AND n.item = w.item AND n.happened_at < w.since"
        " ORDER BY n.happened_at DESC, n.document DESC, n.posting_set DESC LIMIT 1)",
        *args,
    )


async def replace(tx: Transaction, gone: Iterable[Sequence[Any]], rows: Iterable[Sequence[Any]]) -> None:
    """Take away (document, posting_set, owner, item), and write rows of `COLUMNS`, new or changed."""
    await tx.many("DELETE FROM stock_entry WHERE document = ? AND posting_set = ? AND owner = ? AND item = ?", gone)
    await tx.many(
        f"INSERT INTO stock_entry ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"
        " ON CONFLICT (document, posting_set, owner, item) DO UPDATE SET happened_at = excluded.happened_at,"
        " quantity = excluded.quantity, cost = excluded.cost, value = excluded.value, state = excluded.state",
        rows,
    )


async def all_entries(tx: Transaction) -> list[Row]:
    """For the replay."""
    return await tx.rows(f"SELECT {_ROW} FROM stock_entry e ORDER BY e.owner, e.item")
