"""What screens read of a visit's decision."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

_State = Literal["in_warranty", "out_of_warranty", "no_policy", "unknown_machine"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WarrantyCover(_Part):
    state: _State
    until: str | None


class VisitFigures(_Part):
    """`at`: UTC milliseconds."""

    at: int
    machine: str | None
    parts: dict[str, WarrantyCover]
    labour: WarrantyCover
    signature: Literal["none", "valid", "outdated"]
