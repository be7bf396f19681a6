"""SQL of the replay: the log in the order it was written, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence

from .transaction import Row, Transaction


async def counts(tx: Transaction) -> dict[str, int]:
    """How much there is to replay."""
    row = await tx.row(
        "SELECT (SELECT COUNT(*) FROM decision) AS decisions, (SELECT COUNT(*) FROM document) AS documents,"
        " (SELECT COUNT(*) FROM posting) AS postings"
    )
    return dict(row or {})


async def decisions(tx: Transaction, after: int, limit: int) -> list[Row]:
    """Decisions in the order of their ids, with what their documents are."""
    return await tx.rows(
        "SELECT d.id, d.document, d.verdict, d.body, d.facts, d.heads, o.kind, o.scope, o.changes, o.heads AS heads_now,"
        ' o.verdict AS verdict_now, o."row" FROM decision d JOIN document o ON o.id = d.document'
        " WHERE d.id > ? ORDER BY d.id LIMIT ?",
        after,
        limit,
    )


async def postings(tx: Transaction, first: int, last: int) -> list[Row]:
    """The postings of the decisions from `first` to `last`, in the order they were written."""
    return await tx.rows(
        "SELECT decision, posting_set, ledger, account, item, amount, happened_at FROM posting"
        " WHERE decision >= ? AND decision <= ? AND ledger <> 'value' ORDER BY id",
        first,
        last,
    )


async def changes(tx: Transaction, documents: Sequence[str]) -> dict[str, list[tuple[str, bytes]]]:
    """Device and chunk of every change of these documents, dependencies first."""
    wanted, args = tx.listed("id text", [(document,) for document in documents])
    rows = await tx.rows(
        f"SELECT c.document, c.device, c.chunk FROM {wanted} AS w JOIN change c ON c.document = w.id"
        " ORDER BY c.document, c.seq, c.position",
        *args,
    )
    found: dict[str, list[tuple[str, bytes]]] = {}
    for row in rows:
        found.setdefault(row["document"], []).append((row["device"], row["chunk"]))
    return found


async def caches(tx: Transaction, documents: Sequence[str]) -> dict[str, Row]:
    """The stored content and saved chunk of these documents."""
    wanted, args = tx.listed("id text", [(document,) for document in documents])
    rows = await tx.rows(
        f"SELECT d.id, d.content, d.conflicts, d.saved FROM {wanted} AS w JOIN document d ON d.id = w.id", *args
    )
    return {row["id"]: row for row in rows}


async def balances(tx: Transaction) -> list[Row]:
    return await tx.rows("SELECT ledger, account, item, amount FROM balance WHERE amount <> 0")


async def values(tx: Transaction) -> list[Row]:
    """What is posted to the value of each owner's stock, by document and set."""
    return await tx.rows(
        "SELECT document, posting_set, account, item, CAST(SUM(amount) AS BIGINT) AS amount FROM posting"
        " WHERE ledger = 'value' AND account LIKE 'stock:%' GROUP BY document, posting_set, account, item"
        " HAVING SUM(amount) <> 0"
    )


async def unbalanced(tx: Transaction) -> list[Row]:
    """Posting sets that do not sum to zero."""
    return await tx.rows(
        "SELECT document, posting_set, ledger, item, CAST(SUM(amount) AS BIGINT) AS amount FROM posting"
        " GROUP BY document, posting_set, ledger, item HAVING SUM(amount) <> 0"
    )


async def undecided(tx: Transaction) -> list[Row]:
    """Documents without a decision: there should be none."""
    return await tx.rows(
        "SELECT o.id FROM document o WHERE NOT EXISTS (SELECT 1 FROM decision d WHERE d.document = o.id)"
    )
