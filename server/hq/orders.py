"""The list of orders: filtered, counted, in pages."""

from __future__ import annotations

from typing import Any

import msgspec

from server.problems import Problem
from server.store import hq_reads
from server.store.engine import Database
from server.store.hq_reads import OrderFilter
from server.store.transaction import Row

LARGEST_PAGE = 500


async def read_orders(database: Database, wanted: OrderFilter, after: str | None, limit: int) -> dict[str, Any]:
    """`rows`, the newest arrival first, `next` for the page after it (None at the end), and `counts` by verdict of what the
    other filters leave. Problem 400 for an `after` that is none."""
    if after is not None and not (after.isascii() and after.isdigit() and len(after) < 19):
        raise Problem(400, "malformed", "`after` is the `next` of an earlier page.")
    limit = max(1, min(limit, LARGEST_PAGE))
    async with database.reading() as tx:
        rows = await hq_reads.orders(tx, wanted, None if after is None else int(after), limit + 1)
        counts = await hq_reads.order_counts(tx, wanted)
    more = len(rows) > limit
    rows = rows[:limit]
    return {
        "rows": [order_row(row) for row in rows],
        "next": str(rows[-1]["arrived"]) if more else None,
        "counts": counts,
    }


def order_row(row: Row) -> dict[str, Any]:
    """What lists show: the kind's own row with whose it is and where it stands."""
    told = {
        **msgspec.json.decode(row["row"]),
        "document": row["document"],
        "kind": row["kind"],
        "dealer": dealer_of(row["scope"]),
        "dealer_name": row["dealer_name"],
        "verdict": row["verdict"],
        "received_at": row["received_at"],
        "updated_at": row["updated_at"],
    }
    if row.get("technician_name"):
        told["technician_name"] = row["technician_name"]
    if row.get("decision"):
        decision = msgspec.json.decode(row["decision"])
        told |= {"reasons": decision["reasons"], "figures": decision["figures"]}
    return told


def dealer_of(scope: str) -> str | None:
    """The dealer whose scope it is, or with whose technicians it is shared."""
    what, _, who = scope.partition(":")
    return who if what in ("dealer", "service") else None
