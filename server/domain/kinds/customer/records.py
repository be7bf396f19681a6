"""What a customer publishes."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from ...master import Id


class CustomerRecord(BaseModel):
    """Record `customer` / `<document>`, scope `service:<dealer>`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    document: str
    dealer: Id
    name: str
    phone: str
    address: str
    merged_into: str | None
