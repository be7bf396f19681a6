"""Dealers with what they owe and how fresh their data is."""

from __future__ import annotations

from typing import Any

import msgspec

from server.store import hq_reads
from server.store.engine import Database


async def read_dealers(database: Database) -> list[dict[str, Any]]:
    """By name. `last_synced_at` is None if no device of the dealer ever synced."""
    async with database.reading() as tx:
        rows = await hq_reads.dealers(tx)
        balances = await hq_reads.dealer_balances(tx)
    found = []
    for row in rows:
        body = msgspec.json.decode(row["body"])
        name, currency = row["key"], body.get("currency", "")
        found.append(
            {
                "id": name,
                "name": body.get("name") or name,
                "tier": body.get("tier"),
                "terms": body.get("terms"),
                "grade": body.get("grade"),
                "active": body.get("active", True),
                "credit_limit": body.get("credit_limit"),
                "currency": currency,
                "receivable": balances.get((f"receivable:{name}", currency), 0),
                "open_orders": balances.get((f"open_orders:{name}", currency), 0),
                "devices": int(row["devices"]),
                "last_synced_at": row["synced_at"] or None,
                "documents_held": int(row["held"]),
            }
        )
    return sorted(found, key=lambda dealer: (dealer["name"].casefold(), dealer["id"]))
