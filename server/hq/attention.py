"""What needs a person at headquarters: orders held, cases, refused changes, devices that fell silent."""

from __future__ import annotations

from typing import Any

from server.access.principal import now_ms
from server.store import hq_documents, hq_reads
from server.store.engine import Database
from server.store.transaction import Row

from .orders import order_row

DAY = 24 * 3_600_000
STALE = 7 * DAY
"""A tablet may be without signal for two weeks; after one somebody should know of it."""
REFUSED_SINCE = 30 * DAY
MOST = 200


async def read_attention(database: Database) -> dict[str, Any]:
    """The lists hold at most 200 each, who has waited longest first; `counts` say how many there are in all, `kinds` how many
    documents of each kind wait for somebody."""
    now = now_ms()
    async with database.reading() as tx:
        held = await hq_reads.waiting_orders(tx, False, MOST)
        cases = await hq_reads.waiting_orders(tx, True, MOST)
        refused = await hq_reads.quarantine(tx, now - REFUSED_SINCE, MOST)
        stale = await hq_reads.stale_devices(tx, now - STALE, MOST)
        waiting = await hq_reads.waiting_counts(tx)
        kinds = await hq_documents.waiting_by_kind(tx)
        refused_count = await hq_reads.quarantine_count(tx, now - REFUSED_SINCE)
    return {
        "held": [order_row(row) for row in held],
        "cases": [order_row(row) for row in cases],
        "quarantine": refused,
        "stale_devices": [device_row(row) for row in stale],
        "counts": {
            "held": int(waiting["held"]),
            "cases": int(waiting["cases"]),
            "quarantine": refused_count,
            "stale_devices": len(stale),
        },
        "kinds": kinds,
    }


async def read_devices(database: Database) -> list[dict[str, Any]]:
    async with database.reading() as tx:
        rows = await hq_reads.devices(tx)
    return [device_row(row) for row in rows]


def device_row(row: Row) -> dict[str, Any]:
    told = {name: value for name, value in row.items() if name not in ("synced_at", "seen_at")}
    return {**told, "last_synced_at": row["synced_at"] or None}
