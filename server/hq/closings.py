"""The closing of a period: from then on, what is told late of it counts at the beginning of the open one."""

from __future__ import annotations

from typing import Any

import msgspec

from server.access.principal import Principal
from server.access.roles import ADMINISTRATOR
from server.domain.locations import HEADQUARTERS
from server.domain.master import Periods
from server.domain.periods import PERIODS
from server.problems import Problem
from server.store import hq_policies
from server.store.engine import Database
from server.sync.pipeline import Pipeline

from .editing import Body, Edited, edit_record

ROLES = (ADMINISTRATOR, "finance")


class NewClosing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    until: int
    """UTC milliseconds: what happened before belongs to the closed period."""


async def read_periods(database: Database, until: int | None) -> dict[str, Any]:
    """`closings`, the newest first, each with who closed; `behind`: what may still come of the time before `until`."""
    async with database.reading() as tx:
        versions = await hq_policies.versions_of(tx, PERIODS.kind, PERIODS.key)
        behind = await hq_policies.behind(tx, until) if until is not None else None
    by: dict[int, dict[str, Any]] = {}
    for version in versions:
        for closing in msgspec.json.decode(version["body"])["closings"] if version["body"] else []:
            told = {**closing, "by": version["by"], "by_name": version["by_name"]}
            by.setdefault(closing["until"], told)
    closings = sorted(by.values(), key=lambda closing: closing["until"], reverse=True)
    return {"closings": closings, "behind": behind and {name: int(behind[name]) for name in ("silent", "held")}}


async def close_period(pipeline: Pipeline, by: Principal, asked: NewClosing) -> Edited:
    """Closing at the same moment again changes nothing. Problem 400 `period_in_future`, 409 `period_not_after` with the `until` of
    the last closing: what is closed is never opened again, for statements stand on it."""
    now = pipeline.clock()
    if not 0 < asked.until <= now:
        raise Problem(400, "period_in_future", "Only a time that has passed can be closed.")

    def change(stands: Body | None) -> Body:
        closings = (stands or {}).get("closings", [])
        last = max((closing["until"] for closing in closings), default=0)
        if any(closing["until"] == asked.until for closing in closings):
            return stands or {}
        if asked.until < last:
            raise Problem(409, "period_not_after", "A later period is closed already.", figures={"until": last})
        body = {"closings": [*closings, {"until": asked.until, "closed_at": now}]}
        return Periods.model_validate(body).model_dump(mode="json")

    return await edit_record(pipeline, by, "period_closed", (HEADQUARTERS, PERIODS.kind, PERIODS.key), change)
