"""What the params of an order's commands have in common."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

ShipmentName = Annotated[str, Field(min_length=1, max_length=100)]
"""The id of a shipment, or its number."""
Refusal = tuple[str, dict[str, Any]] | None
"""A stable code with its figures."""


class Params(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
