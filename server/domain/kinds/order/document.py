"""An order as a dealer writes it on the tablet. The source of schemas/order.v1.json and of the PWA's types."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._:@-]+$")]
Quantity = Annotated[str, StringConstraints(pattern=r"^(0|[1-9][0-9]{0,8})(\.[0-9]{1,3})?$")]
Date = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
ShortText = Annotated[str, StringConstraints(max_length=500)]


def _of_these_centuries(moment: datetime) -> datetime:
    """Leaves room to move a moment between time zones and clocks without leaving the calendar."""
    if not 1900 <= moment.year < 2200:
        raise ValueError("a moment lies between 1900 and 2200")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_of_these_centuries)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Line(_Part):
    position: int = Field(ge=0, le=100_000, description="Where the line stands; ties go by line id.")
    product: Id
    quantity: Quantity = Field(description="In `unit`; an exact decimal.")
    unit: Id = Field(description="One of the product's units: `pcs`, `box`.")
    price: int = Field(
        ge=0, le=10**12, description="Per `unit`, minor units, as the dealer saw it; before discount and tax."
    )
    discount_bp: int = Field(default=0, ge=0, le=10_000, description="Discount asked for, in basis points.")
    note: ShortText = ""


class ShipTo(_Part):
    name: ShortText = ""
    address: ShortText = ""
    phone: ShortText = ""


class Signature(_Part):
    name: ShortText
    strokes: Annotated[str, StringConstraints(max_length=60_000)] = Field(description="SVG path data of the pen.")
    signed_at: Moment
    signed_hash: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] = Field(
        description="SHA-256 of the lines signed for."
    )


class Order(_Part):
    """Every field that a tablet may set has a default, but for those that make it an order."""

    kind: Literal["order"]
    schema_: Literal[1] = Field(alias="schema")
    number: Id = Field(description="Readable, unique offline: the device's short code, a dash, a counter.")
    dealer: Id
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    stage: Literal["draft", "submitted", "withdrawn"] = "draft"
    created_at: Moment = Field(description="By the device's clock.")
    captured_at: Moment | None = Field(default=None, description="When it was submitted, by the device's clock.")
    price_list: Id | None = Field(default=None, description="`<list>@<version>` that the prices were seen in.")
    wanted_date: Date | None = None
    ship_to: ShipTo = ShipTo()
    note: Annotated[str, StringConstraints(max_length=5_000)] = Field(
        default="", description="Prose: collaborative text."
    )
    signature: Signature | None = None
    lines: dict[Id, Line] = Field(default_factory=dict, max_length=1_000)
