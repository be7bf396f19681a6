"""SQL of headquarters' boards: requests that are open, and documents side by side."""

from __future__ import annotations

from collections.abc import Sequence

from .hq_reads import DEALER, field
from .transaction import Row, Transaction


def _columns(tx: Transaction) -> str:
    return (
        'd.id AS document, d.kind, d.scope, d.verdict, d.arrived, d.received_at, d.updated_at, d."row",'
        f" {field(tx, 'dr.body', 'name')} AS dealer_name"
    )


_NAMED = f"LEFT JOIN record dr ON dr.kind = 'dealer' AND dr.key = {DEALER}"


async def open_documents(tx: Transaction, kind: str, limit: int) -> list[Row]:
    """Of a kind whose documents are `accepted` while they are worked on and `closed` afterwards; who has waited longest first."""
    return await tx.rows(
        f"SELECT {_columns(tx)} FROM document d {_NAMED} WHERE d.kind = ? AND d.verdict = 'accepted'"
        " ORDER BY d.arrived LIMIT ?",
        kind, limit,
    )  # fmt: skip


async def side_by_side(tx: Transaction, documents: Sequence[str]) -> list[Row]:
    """These documents with their content."""
    wanted, args = tx.listed("id text", [(document,) for document in documents])
    return await tx.rows(
        f"SELECT {_columns(tx)}, d.content FROM {wanted} AS w JOIN document d ON d.id = w.id {_NAMED}", *args
    )


async def titles(tx: Transaction, documents: Sequence[str]) -> list[Row]:
    """id, kind and row of those documents that there are."""
    if not documents:
        return []
    wanted, args = tx.listed("id text", [(document,) for document in documents])
    return await tx.rows(f'SELECT d.id, d.kind, d."row" FROM {wanted} AS w JOIN document d ON d.id = w.id', *args)
