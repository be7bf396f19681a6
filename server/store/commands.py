"""SQL of what headquarters did: commands, each under its idempotency key (SY11)."""

from __future__ import annotations

from collections.abc import Sequence

from .transaction import Row, Transaction

_LOCK = 4_215_090_032


async def one_at_a_time(tx: Transaction) -> None:
    """Commands are numbered without gaps and their keys answered once: on PostgreSQL they take turns."""
    if tx.engine == "postgres":
        await tx.execute("SELECT pg_advisory_xact_lock(?)", _LOCK)


async def by_key(tx: Transaction, key: str) -> Row | None:
    return await tx.row("SELECT id, body_hash, answer FROM command WHERE id = ?", key)


async def of_documents(tx: Transaction, documents: Sequence[str]) -> list[Row]:
    """The commands done to these documents, in the order they were done."""
    wanted, args = tx.listed("id text", [(document,) for document in documents])
    return await tx.rows(
        'SELECT c.id, c.document, c.name, c.params, c."by", c.at'
        f" FROM {wanted} AS w JOIN command c ON c.document = w.id ORDER BY c.number",
        *args,
    )


async def add(
    tx: Transaction, key: str, document: str, kind: str, name: str, params: str, body_hash: str, by: str, at: int
) -> None:
    await tx.execute(
        'INSERT INTO command (id, number, document, kind, name, params, body_hash, "by", at, answer)'
        " VALUES (?, (SELECT COALESCE(MAX(number), 0) + 1 FROM command), ?, ?, ?, ?, ?, ?, ?, '')",
        key, document, kind, name, params, body_hash, by, at,
    )  # fmt: skip


async def set_answer(tx: Transaction, key: str, answer: str) -> None:
    await tx.execute("UPDATE command SET answer = ? WHERE id = ?", answer, key)
