"""What screens read of a request's decision."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class RequestFigures(BaseModel):
    """Moments are UTC milliseconds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: str
    state: Literal["open", "assigned", "under_way", "waiting", "fixed", "closed"]
    technician: str | None
    technician_name: str
    planned_on: str | None
    opened_at: int
    responded_at: int | None
    fixed_at: int | None
    respond_due: int | None
    fix_due: int | None = Field(description="None: nothing is promised, or the clock stands still.")
    respond: Literal["open", "met", "late"]
    fix: Literal["open", "met", "late"]
    waiting_for: str | None
    paused_since: int | None
    paused_minutes: int = Field(description="Working time in pauses that are over.")
    visits: list[str] = Field(description="Ids of the visits, in the order in which somebody came.")
