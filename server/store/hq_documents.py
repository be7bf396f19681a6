"""SQL of headquarters' list of documents of any kind, in pages by order of arrival, and of what one document changed in others."""

from __future__ import annotations

from typing import Any

import msgspec

from .hq_reads import DEALER, OF_TECHNICIAN, containing, field, like
from .transaction import Row, Transaction

_ROW = 'd."row"'
WAITS = "(d.verdict = 'held' OR d.\"row\" LIKE '%\"attention\":true%')"
"""What waits for somebody. Word for word the condition of an index (`m0004_lists.py`)."""
CHANGED_BY = "dec.cause LIKE 'balance:%'"
"""Word for word the condition of an index, as above."""


class DocumentFilter(msgspec.Struct, frozen=True):
    """None or empty: not asked for. `text` is looked for in numbers, titles and dealers' ids and names."""

    kind: str
    verdict: str | None = None
    dealer: str | None = None
    attention: bool = False
    text: str = ""
    since: int | None = None
    """UTC milliseconds: received from then on."""


def _where(tx: Transaction, wanted: DocumentFilter, verdict: bool) -> tuple[str, list[Any]]:
    parts: list[str] = ["d.kind = ?"]
    args: list[Any] = [wanted.kind]
    if verdict and wanted.verdict:
        parts.append("d.verdict = ?")
        args.append(wanted.verdict)
    if wanted.dealer:
        parts.append("d.scope IN (?, ?)")
        args += [f"dealer:{wanted.dealer}", f"service:{wanted.dealer}"]
    if wanted.attention:
        parts.append(WAITS)
    if wanted.since is not None:
        parts.append("d.received_at >= ?")
        args.append(wanted.since)
    if wanted.text:
        dealer, of_dealer = containing(["r.key", field(tx, "r.body", "name")], wanted.text)
        row, in_row = containing([field(tx, _ROW, name) for name in ("number", "title")], wanted.text)
        parts.append(
            f"({DEALER} IN (SELECT r.key FROM record r WHERE r.kind = 'dealer' AND {dealer})"
            # Reading JSON costs ten times as much as looking at the text of the row first.
            f" OR (LOWER({_ROW}) LIKE ? ESCAPE '\\' AND {row}))"
        )
        args += [*of_dealer, like(msgspec.json.encode(wanted.text.lower()).decode()[1:-1]), *in_row]
    return " AND ".join(parts), args


async def documents(
    tx: Transaction, wanted: DocumentFilter, before: tuple[int, str] | None, limit: int, decided: bool = False
) -> list[Row]:
    """Newest arrival first; `before` is (arrived, id) of the last row of the page before. `decided`: each with its newest
    decision."""
    where, args = _where(tx, wanted, True)
    if before is not None:
        where += " AND (d.arrived < ? OR (d.arrived = ? AND d.id < ?))"
        args += [before[0], before[0], before[1]]
    decision = (
        " LEFT JOIN decision dec ON dec.id = (SELECT MAX(n.id) FROM decision n WHERE n.document = d.id)"
        if decided
        else ""
    )
    return await tx.rows(
        f'SELECT d.id AS document, d.kind, d.scope, d.verdict, d.arrived, d.received_at, d.updated_at, d."row",'
        f" {field(tx, 'dr.body', 'name')} AS dealer_name, {field(tx, 'tr.body', 'name')} AS technician_name"
        f"{', dec.body AS decision' if decided else ''}"
        f" FROM document d LEFT JOIN record dr ON dr.kind = 'dealer' AND dr.key = {DEALER} {OF_TECHNICIAN}{decision}"
        f" WHERE {where} ORDER BY d.arrived DESC, d.id DESC LIMIT ?",
        *args, limit,
    )  # fmt: skip


async def document_counts(tx: Transaction, wanted: DocumentFilter) -> dict[str, int]:
    """How many of each verdict the other filters leave."""
    where, args = _where(tx, wanted, False)
    # SQLite would walk the index by verdict, for the grouping's sake, where another one leaves it a hundredth of the rows.
    verdict = "d.verdict || ''" if wanted.attention or wanted.dealer else "d.verdict"
    rows = await tx.rows(
        f"SELECT {verdict} AS verdict, COUNT(*) AS n FROM document d WHERE {where} GROUP BY {verdict}", *args
    )
    return {row["verdict"]: int(row["n"]) for row in rows}


async def waiting_by_kind(tx: Transaction) -> dict[str, int]:
    """How many of each kind wait for somebody."""
    rows = await tx.rows(f"SELECT d.kind, COUNT(*) AS n FROM document d WHERE {WAITS} GROUP BY d.kind")
    return {row["kind"]: int(row["n"]) for row in rows}


# --- what one document changed in others


async def decided_again(tx: Transaction, document: str, limit: int) -> list[Row]:
    """Decisions about other documents that were made because a decision of this one moved something they had waited for, oldest
    first: each with the verdict before it."""
    return await tx.rows(
        "SELECT dec.id, dec.document, dec.verdict, dec.body, dec.at, o.kind, o.scope, o.\"row\","
        " (SELECT b.verdict FROM decision b WHERE b.document = dec.document AND b.id < dec.id"
        " ORDER BY b.id DESC LIMIT 1) AS verdict_before"
        " FROM decision mine JOIN decision dec ON dec.cause = 'balance:' || CAST(mine.id AS TEXT)"
        f" AND {CHANGED_BY} JOIN document o ON o.id = dec.document"
        " WHERE mine.document = ? AND dec.document <> ? ORDER BY dec.id LIMIT ?",
        document, document, limit,
    )  # fmt: skip


async def revalued(tx: Transaction, document: str, limit: int) -> list[Row]:
    """What the decisions of this document added to the value of goods that others moved: document, account (`stock:<owner>`), item
    and amount in minor units of the owner's currency; without what came to nothing."""
    # CROSS: SQLite, which has no statistics, would begin with all postings of values that there are.
    return await tx.rows(
        "SELECT v.document, v.account, v.item, v.amount, v.at, o.kind, o.scope, o.\"row\" FROM ("
        "SELECT p.document, p.account, p.item, CAST(SUM(p.amount) AS BIGINT) AS amount, MAX(p.at) AS at"
        " FROM decision mine CROSS JOIN posting p WHERE p.decision = mine.id AND p.ledger = 'value'"
        " AND mine.document = ? AND p.document <> ? AND p.account LIKE 'stock:%'"
        " GROUP BY p.document, p.account, p.item HAVING SUM(p.amount) <> 0) v"
        " JOIN document o ON o.id = v.document ORDER BY v.at, v.document, v.item LIMIT ?",
        document, document, limit,
    )  # fmt: skip
