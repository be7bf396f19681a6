"""Goods that came into headquarters' warehouse."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._:@-]+$")]
Quantity = Annotated[str, StringConstraints(pattern=r"^-?(0|[1-9][0-9]{0,8})(\.[0-9]{1,3})?$")]

Cost = Annotated[int, Field(ge=0, le=10**15)]


class StockReceipt(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["stock_receipt"] = "stock_receipt"
    schema_: Literal[1] = Field(default=1, alias="schema")
    warehouse: Id = "main"
    lines: dict[Id, Quantity] = Field(
        min_length=1,
        max_length=20_000,
        description="Product -> quantity in its base unit; below zero corrects downwards.",
    )
    costs: dict[Id, Cost] = Field(
        default={},
        max_length=20_000,
        description="Product -> what its whole quantity cost, minor units; unknown: as the others.",
    )
    reference: Annotated[str, StringConstraints(max_length=200)] = ""
    received_on: (
        Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")] | None
    ) = None
