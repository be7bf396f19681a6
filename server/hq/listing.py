"""The list of documents of any kind: filtered, counted, in pages; and what one document changed in others."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from server.domain.registry import KINDS
from server.problems import Problem
from server.store import hq_documents, hq_reads, records
from server.store.engine import Database
from server.store.hq_documents import DocumentFilter
from server.store.transaction import Row

from .orders import LARGEST_PAGE, dealer_of, order_row

MOST = 500
"""What one document changed: the oldest; more than that is a case for the ledgers."""
_DOCUMENT = re.compile(r"[0-9a-f]{32}")


async def read_list(
    database: Database, wanted: DocumentFilter, after: str | None, limit: int, decided: bool
) -> dict[str, Any]:
    """`rows`, the newest arrival first, `next` for the page after it (None at the end), and `counts` by verdict of what the
    other filters leave. Problem 404 `kind_unknown`, 400 for an `after` that is none."""
    if wanted.kind not in KINDS:
        raise Problem(404, "kind_unknown", "There is no such kind of document.")
    limit = max(1, min(limit, LARGEST_PAGE))
    async with database.reading() as tx:
        rows = await hq_documents.documents(tx, wanted, _place(after), limit + 1, decided)
        counts = await hq_documents.document_counts(tx, wanted)
    more, rows = len(rows) > limit, rows[:limit]
    return {
        "rows": [order_row(row) for row in rows],
        "next": f"{rows[-1]['arrived']}.{rows[-1]['document']}" if more else None,
        "counts": counts,
    }


def _place(after: str | None) -> tuple[int, str] | None:
    if after is None:
        return None
    arrived, _, document = after.partition(".")
    if not (arrived.isascii() and arrived.isdigit() and len(arrived) < 19 and _DOCUMENT.fullmatch(document)):
        raise Problem(400, "malformed", "`after` is the `next` of an earlier page.")
    return int(arrived), document


async def read_consequences(database: Database, name: str, own_currency: str) -> dict[str, Any]:
    """`decisions` that were made anew about other documents, and `values`: what goods that others moved are worth now, more or
    less than before. Problem 404 `document_unknown`."""
    async with database.reading() as tx:
        if not _DOCUMENT.fullmatch(name) or await hq_reads.document(tx, name) is None:
            raise Problem(404, "document_unknown", "There is no such document.")
        decisions = await hq_documents.decided_again(tx, name, MOST)
        values = await hq_documents.revalued(tx, name, MOST)
        owners = {row["account"].partition(":")[2] for row in values}
        dealers = [("dealer", owner.partition(":")[2]) for owner in owners if owner.startswith("dealer:")]
        products = [("product", row["item"]) for row in values]
        known = {
            (row["kind"], row["key"]): msgspec.json.decode(row["body"])
            for row in await records.newest(tx, dealers + products)
            if row["body"]
        }
    return {
        "decisions": [_decided(row) for row in decisions],
        "values": [_revalued(row, known, own_currency) for row in values],
    }


def _about(row: Row) -> dict[str, Any]:
    body = msgspec.json.decode(row["row"])
    return {
        "document": row["document"],
        "kind": row["kind"],
        "number": body.get("number"),
        "title": body.get("title"),
        "dealer": dealer_of(row["scope"]),
        "at": row["at"],
    }


def _decided(row: Row) -> dict[str, Any]:
    return {
        **_about(row),
        "verdict": row["verdict"],
        "verdict_before": row["verdict_before"],
        "reasons": msgspec.json.decode(row["body"]).get("reasons", []),
    }


def _revalued(row: Row, known: dict[tuple[str, str], Any], own_currency: str) -> dict[str, Any]:
    owner = row["account"].partition(":")[2]
    dealer = owner.partition(":")[2] if owner.startswith("dealer:") else None
    currency = known.get(("dealer", dealer), {}).get("currency") if dealer else own_currency
    return {
        **_about(row),
        "owner": owner,
        "product": row["item"],
        "name": known.get(("product", row["item"]), {}).get("name"),
        "amount": row["amount"],
        "currency": currency or own_currency,
    }
