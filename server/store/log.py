"""SQL of the log: scopes and their counters, documents, changes, and what was refused. Times are UTC milliseconds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from .transaction import Row, Transaction

CHANGE_COLUMNS = (
    "hash", "document", "scope", "seq", "position", "device", "actor", "actor_seq", "made_at", "clock_offset",
    "received_at", "message", "chunk",
)  # fmt: skip
DOCUMENT_COLUMNS = (
    "id", "kind", "scope", "first_seq", "last_seq", "arrived", "heads", "row", "verdict", "changes", "received_at",
    "updated_at", "clock_offset", "content", "conflicts", "saved", "index",
)  # fmt: skip
_STATE = (
    'd.id, d.kind, d.scope, d.first_seq, d.last_seq, d.arrived, d.heads, d."row", d.verdict, d.changes, d.received_at,'
    " d.updated_at, d.clock_offset"
)


# --- scopes


async def lock_scopes(tx: Transaction, scopes: Iterable[str]) -> dict[str, int]:
    """Hold the counters of these scopes until the transaction ends, in sorted order; the numbers given out so far (SY3)."""
    names = sorted(set(scopes))
    if not names:
        return {}
    wanted, args = tx.listed("name text", [(name,) for name in names])
    sql = f"SELECT s.name, s.seq FROM {wanted} AS w JOIN scope s ON s.name = w.name ORDER BY s.name"
    locking = f"{sql} FOR UPDATE OF s" if tx.for_update else sql
    rows = await tx.rows(locking, *args)
    if len(rows) < len(names):
        new, new_args = tx.listed("name text", [(name,) for name in names])
        await tx.execute(
            f"INSERT INTO scope (name, seq) SELECT w.name, 0 FROM {new} AS w WHERE true ON CONFLICT DO NOTHING",
            *new_args,
        )
        rows = await tx.rows(locking, *args)
    return {row["name"]: row["seq"] for row in rows}


async def set_scopes(tx: Transaction, numbers: dict[str, int]) -> None:
    """The counters after the numbers of this transaction were given out."""
    await tx.many("UPDATE scope SET seq = ? WHERE name = ?", [(seq, name) for name, seq in sorted(numbers.items())])


# --- documents


async def document_caches(tx: Transaction, documents: Sequence[str]) -> list[Row]:
    """The documents that exist, with the caches that admission wants."""
    wanted, args = tx.listed("id text", [(document,) for document in documents])
    return await tx.rows(
        f'SELECT d.id, d.kind, d.scope, d.changes, d.heads, d.saved, d."index"'
        f" FROM {wanted} AS w JOIN document d ON d.id = w.id",
        *args,
    )


async def document_states(tx: Transaction, documents: Sequence[str]) -> list[Row]:
    """The documents that exist, without what is large."""
    wanted, args = tx.listed("id text", [(document,) for document in documents])
    return await tx.rows(f"SELECT {_STATE} FROM {wanted} AS w JOIN document d ON d.id = w.id", *args)


async def documents_whole(tx: Transaction, documents: Sequence[str]) -> list[Row]:
    """The documents that exist, with their content."""
    wanted, args = tx.listed("id text", [(document,) for document in documents])
    return await tx.rows(
        f"SELECT {_STATE}, d.content, d.conflicts FROM {wanted} AS w JOIN document d ON d.id = w.id", *args
    )


async def insert_documents(tx: Transaction, rows: Iterable[Sequence[Any]]) -> None:
    """Rows of `DOCUMENT_COLUMNS`."""
    await tx.insert("document", DOCUMENT_COLUMNS, rows, soon=True)


async def update_documents(tx: Transaction, rows: Iterable[Sequence[Any]]) -> None:
    """Rows of `DOCUMENT_COLUMNS`: what changes may alter is written anew."""
    await tx.many(
        'UPDATE document SET last_seq = ?, heads = ?, "row" = ?, verdict = ?, changes = ?, updated_at = ?,'
        ' clock_offset = ?, content = ?, conflicts = ?, saved = ?, "index" = ? WHERE id = ?',
        [(row[4], row[6], row[7], row[8], row[9], row[11], *row[12:], row[0]) for row in rows],
    )


async def update_verdicts(tx: Transaction, rows: Iterable[Sequence[Any]]) -> None:
    """Rows of (last_seq, row, verdict, updated_at, id), for documents that were only decided again."""
    await tx.many('UPDATE document SET last_seq = ?, "row" = ?, verdict = ?, updated_at = ? WHERE id = ?', rows)


# --- changes


async def known_changes(tx: Transaction, pairs: Sequence[tuple[str, bytes]]) -> list[Row]:
    """Which of these (document, hash) are stored, and which device brought them."""
    wanted, args = tx.listed("document text, hash bytea", pairs)
    return await tx.rows(
        f"SELECT c.document, c.hash, c.device FROM {wanted} AS w"
        " JOIN change c ON c.document = w.document AND c.hash = w.hash",
        *args,
    )


async def clocks(tx: Transaction, documents: Sequence[str]) -> list[Row]:
    """document, device, received_at and clock_offset of each push that brought changes of these documents, the last one last."""
    wanted, args = tx.listed("id text", [(document,) for document in documents])
    return await tx.rows(
        "SELECT c.document, c.device, c.received_at, MAX(c.clock_offset) AS clock_offset"
        f" FROM {wanted} AS w JOIN change c ON c.document = w.id"
        " GROUP BY c.document, c.device, c.received_at ORDER BY c.received_at",
        *args,
    )


async def insert_changes(tx: Transaction, rows: Iterable[Sequence[Any]]) -> None:
    """Rows of `CHANGE_COLUMNS`."""
    await tx.insert("change", CHANGE_COLUMNS, rows, soon=True)


async def chunks_of(tx: Transaction, documents: Sequence[str]) -> dict[str, list[bytes]]:
    """Every stored chunk of these documents, dependencies first."""
    wanted, args = tx.listed("id text", [(document,) for document in documents])
    rows = await tx.rows(
        f"SELECT c.document, c.chunk FROM {wanted} AS w JOIN change c ON c.document = w.id"
        " ORDER BY c.document, c.seq, c.position",
        *args,
    )
    chunks: dict[str, list[bytes]] = {}
    for row in rows:
        chunks.setdefault(row["document"], []).append(row["chunk"])
    return chunks


# --- what else a push leaves behind


async def quarantine(tx: Transaction, rows: Iterable[Sequence[Any]]) -> None:
    """Keep refused bytes once for each document and device.

    Rows of (device, document, kind, scope, hash, code, detail, chunk, at).
    """
    await tx.many(
        "INSERT INTO quarantine (device, document, kind, scope, hash, code, detail, chunk, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        rows,
    )


async def device_synced(tx: Transaction, device: str, now: int, clock_offset: int) -> None:
    await tx.execute(
        "UPDATE device SET seen_at = ?, synced_at = ?, clock_offset = ? WHERE id = ?", now, now, clock_offset, device
    )
