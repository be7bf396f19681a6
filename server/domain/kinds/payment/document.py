"""A payment of a dealer, as headquarters recorded it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._:@-]+$")]


class Payment(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["payment"] = "payment"
    schema_: Literal[1] = Field(default=1, alias="schema")
    dealer: Id
    amount: int = Field(gt=0, le=10**15, description="Minor units.")
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    method: Literal["transfer", "cash", "card", "cheque", "other"] = "transfer"
    reference: Annotated[str, StringConstraints(max_length=200)] = Field(
        default="", description="As the bank names it."
    )
    received_on: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
