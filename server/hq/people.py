"""People, and the audit log of what they did."""

from __future__ import annotations

from typing import Any

import msgspec

from server.problems import Problem
from server.store import accounts, hq_reads
from server.store.engine import Database

PAGE = 100
_NEWEST = (2**62, 1, 2**62)


async def read_people(database: Database) -> list[dict[str, Any]]:
    async with database.reading() as tx:
        rows = await accounts.people(tx)
        dealers = await hq_reads.dealer_names(tx)
    return [
        {
            **row,
            "id": row["account"],
            "active": bool(row["active"]),
            "has_password": bool(row["has_password"]),
            "devices": int(row["devices"]),
            "last_synced_at": row["last_synced_at"] or None,
            "dealer_name": dealers.get(row["dealer"]),
        }
        for row in rows
    ]


async def read_audit(database: Database, after: str | None) -> dict[str, Any]:
    """`rows`, newest first, and `next`. Sign-ins, enrolments and the like, and every command. Problem 400."""
    async with database.reading() as tx:
        rows = await hq_reads.audit(tx, _cursor(after), PAGE + 1)
    more, rows = len(rows) > PAGE, rows[:PAGE]
    last = f"{rows[-1]['at']}.{rows[-1]['source']}.{rows[-1]['number']}" if more else None
    return {"rows": [_entry(row) for row in rows], "next": last}


def _entry(row: dict[str, Any]) -> dict[str, Any]:
    detail = msgspec.json.decode(row["detail"])
    told = {name: row[name] for name in ("at", "by", "by_name", "what", "subject", "subject_name")}
    return {
        **told,
        "id": f"{'ac'[row['source']]}{row['number']}",
        "address": detail.get("address") if row["source"] == 0 else None,
        "detail": detail,
    }


def _cursor(after: str | None) -> tuple[int, int, int]:
    if after is None:
        return _NEWEST
    parts = after.split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts):
        raise Problem(400, "malformed", "`after` is the `next` of an earlier page.")
    return int(parts[0]), min(int(parts[1]), 1), int(parts[2])
