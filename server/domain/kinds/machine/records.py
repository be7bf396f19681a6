"""What a machine publishes: what is written of it, nothing that follows from visits, which read it themselves."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from ...master import Date, Id


class MachineRecord(BaseModel):
    """Record `machine` / `<document>`, and `machine_serial` / `<dealer>/<serial>/<document>`, scope `service:<dealer>`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    document: str
    dealer: Id
    serial: str
    product: Id | None
    model: str
    customer: str | None
    address: str
    geo: str
    installed_at: Date | None
    merged_into: str | None
