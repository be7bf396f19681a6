"""The clock of a request: when somebody must be there and when the machine must run, in working time (Q4, Q5)."""

from __future__ import annotations

from typing import Any

import msgspec

from ...decision import Reason
from ...facts import Facts, RecordKey
from ...working_time import moment_after, working_minutes
from .story import Story

HOURS = RecordKey("service_hours", "main")
LEVELS = RecordKey("sla", "main")


class Deadlines(msgspec.Struct):
    respond_due: int | None
    fix_due: int | None
    paused_minutes: int
    respond: str
    """`met`, `late`, `open`: of the moment at which it was done; whether what is open is late is for the reader's clock to say."""
    fix: str
    reasons: list[Reason]


def deadlines(urgency: str, opened: int, story: Story, facts: Facts) -> Deadlines:
    hours = facts.records.get(HOURS)
    promised: dict[str, Any] = facts.records.get(LEVELS, {}).get("urgency", {}).get(urgency, {})
    pauses = story.all_pauses()
    due = {
        name: moment_after(opened, promised[name], hours, pauses) if name in promised else None
        for name in ("respond", "fix")
    }
    found = Deadlines(
        due["respond"],
        due["fix"],
        sum(working_minutes(max(begin, opened), end, hours) for begin, end in story.pauses),
        _kept(due["respond"], story.responded_at),
        _kept(due["fix"], story.fixed_at),
        [],
    )
    if found.respond == "late":
        params = {"due": found.respond_due, "at": story.responded_at}
        found.reasons.append(Reason("response_late", params, None, "Q4"))
    if found.fix == "late":
        found.reasons.append(Reason("repair_late", {"due": found.fix_due, "at": story.fixed_at}, None, "Q4"))
    return found


def _kept(due: int | None, done: int | None) -> str:
    if done is None:
        return "open"
    return "late" if due is not None and done > due else "met"
