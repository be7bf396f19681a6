"""What a visit publishes: to its request, to its machine, and for headquarters' parts desk."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from ...master import Id, Signed


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class VisitRecord(_Record):
    """Record `visit` / `<request>/<visit>`, scope `service:<dealer>`. Moments are UTC milliseconds."""

    visit: str
    number: str
    technician: Id
    came_at: int | None = Field(description="None: nobody has come yet.")
    left_at: int | None
    outcome: Literal["fixed", "parts_needed", "revisit", "refused"] | None


class PartLine(_Record):
    product: Id
    quantity: Signed
    unit: Id


class MachineVisit(_Record):
    """Record `machine_visit` / `<machine>/<visit>`, scope `service:<dealer>`: a machine's history."""

    visit: str
    number: str
    request: str | None
    technician: Id
    at: int
    outcome: str | None
    diagnosis: str
    action: str
    meter: str | None
    parts: list[PartLine]
    photos: int


class PartsRequest(_Record):
    """Record `parts_request` / `<visit>`, scope `service:<dealer>`: what is missing for the repair."""

    visit: str
    number: str
    request: str | None
    machine: str | None
    serial: str
    dealer: Id
    technician: Id
    at: int
    parts: list[PartLine]
