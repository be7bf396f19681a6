"""The service board: what is open, who goes there, and how much of the promised time is left, in working time."""

from __future__ import annotations

from typing import Any

import msgspec

from server.access.principal import now_ms
from server.domain.working_time import working_minutes
from server.store import hq_board, records
from server.store.engine import Database

from .orders import order_row

KIND = "service_request"
MOST = 2_000
"""Open requests; the oldest. More than that is no board any more."""


class BoardFilter(msgspec.Struct, frozen=True):
    """Empty: not asked for."""

    state: str = ""
    technician: str = ""
    """An account; `none`: nobody is assigned."""
    urgency: str = ""
    dealer: str = ""
    text: str = ""
    late: bool = False


async def read_board(database: Database, wanted: BoardFilter) -> dict[str, Any]:
    """`rows`, the least time left first, each with `sla`; `counts` by state of what the other filters leave; all `technicians` with
    how many open requests each has; `cut` where there are more open ones than are shown."""
    now = now_ms()
    async with database.reading() as tx:
        found = await hq_board.open_documents(tx, KIND, MOST + 1)
        people = [msgspec.json.decode(row["body"]) for row in await records.of_kind(tx, "technician")]
        hours = next(
            (msgspec.json.decode(row["body"]) for row in await records.newest(tx, [("service_hours", "main")]) if row["body"]),
            None,
        )  # fmt: skip
    rows = [{**order_row(row), "sla": clock_of(msgspec.json.decode(row["row"]), hours, now)} for row in found[:MOST]]
    busy: dict[str, int] = {}
    for row in rows:
        if row.get("technician") and row.get("state") != "fixed":
            busy[row["technician"]] = busy.get(row["technician"], 0) + 1
    others = [row for row in rows if _fits(row, wanted)]
    counts: dict[str, int] = {}
    for row in others:
        counts[row["state"]] = counts.get(row["state"], 0) + 1
    shown = [row for row in others if not wanted.state or row["state"] == wanted.state]
    return {
        "rows": sorted(shown, key=_pressing),
        "counts": counts,
        "technicians": [{**each, "open": busy.get(each["id"], 0)} for each in people],
        "cut": len(found) > MOST,
        "now": now,
    }


def clock_of(row: dict[str, Any], hours: dict[str, Any] | None, now: int) -> dict[str, Any] | None:
    """What is due next: `what` (`respond` or `fix`), when, and the working minutes that are left, below zero: how late it is. `stands`: the
    clock does not run. None: nothing is promised, or all is done."""
    if row.get("state") in ("fixed", "closed"):
        return None
    if row.get("state") == "waiting":
        return {"what": "fix", "due": None, "minutes": None, "stands": True, "late": False}
    what = "respond" if row.get("respond") == "open" else "fix"
    due = row.get(f"{what}_due")
    if due is None:
        return None
    minutes = working_minutes(now, due, hours) if due >= now else -working_minutes(due, now, hours)
    return {"what": what, "due": due, "minutes": minutes, "stands": False, "late": due < now}


def _fits(row: dict[str, Any], wanted: BoardFilter) -> bool:
    for name in ("urgency", "dealer"):
        if getattr(wanted, name) and row.get(name) != getattr(wanted, name):
            return False
    if wanted.technician and (row.get("technician") or "none") != wanted.technician:
        return False
    if wanted.late and not (row["sla"] or {}).get("late"):
        return False
    told = ("number", "title", "serial", "contact", "fault", "dealer_name", "technician_name", "address")
    return not wanted.text or wanted.text.lower() in " ".join(str(row.get(name) or "") for name in told).lower()


_WEIGHT = {"down": 0, "high": 1, "normal": 2, "low": 3}


def _pressing(row: dict[str, Any]) -> tuple[int, int, int]:
    """What is due first; then what has no time, by urgency and age."""
    due = (row["sla"] or {}).get("due")
    return (0, due, 0) if due is not None else (1, _WEIGHT.get(row.get("urgency") or "", 2), row["received_at"])
