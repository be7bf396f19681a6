"""SQL of a scope's feed: what moved after a number, and what a device needs of it."""

from __future__ import annotations

from collections.abc import Sequence

from .transaction import Row, Transaction


async def heads(tx: Transaction, scopes: Sequence[str]) -> dict[str, int]:
    """The last number of each feed; 0 for one that nothing was written to."""
    wanted, args = tx.listed("name text", [(scope,) for scope in scopes])
    rows = await tx.rows(f"SELECT s.name, s.seq FROM {wanted} AS w JOIN scope s ON s.name = w.name", *args)
    found = {row["name"]: row["seq"] for row in rows}
    return {scope: found.get(scope, 0) for scope in scopes}


async def documents(tx: Transaction, scope: str, after: int, limit: int) -> list[Row]:
    """Documents that moved after this number, in the order of their last move; `size` is that of the saved chunk in bytes."""
    return await tx.rows(
        'SELECT id, kind, first_seq, last_seq AS seq, verdict, changes, "row", COALESCE(LENGTH(saved), 0) AS size'
        " FROM document WHERE scope = ? AND last_seq > ? ORDER BY last_seq LIMIT ?",
        scope, after, limit,
    )  # fmt: skip


async def records(tx: Transaction, scope: str, after: int, limit: int, *, notices: bool) -> list[Row]:
    """Records that moved after this number, in the order of their last move; with or without notices."""
    left_out = "" if notices else " AND kind <> 'notice'"
    return await tx.rows(
        f"SELECT kind, key, seq, version, body FROM record WHERE scope = ? AND seq > ?{left_out} ORDER BY seq LIMIT ?",
        scope, after, limit,
    )  # fmt: skip


async def saved(tx: Transaction, ids: Sequence[str]) -> dict[str, bytes | None]:
    """The saved chunks of these documents."""
    wanted, args = tx.listed("id text", [(document,) for document in ids])
    rows = await tx.rows(f"SELECT d.id, d.saved FROM {wanted} AS w JOIN document d ON d.id = w.id", *args)
    return {row["id"]: row["saved"] for row in rows}


async def changes(tx: Transaction, ids: Sequence[str], after: int) -> list[Row]:
    """The changes of these documents that came after this number, dependencies first."""
    wanted, args = tx.listed("id text", [(document,) for document in ids])
    return await tx.rows(
        "SELECT c.document, c.position, c.device, c.chunk"
        f" FROM {wanted} AS w JOIN change c ON c.document = w.id AND c.seq > ? ORDER BY c.document, c.seq, c.position",
        *args,
        after,
    )
