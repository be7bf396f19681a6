"""A stock count as people write it on their tablets, several at once. The source of schemas/stock_count.v1.json."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._:@-]+$")]
Quantity = Annotated[str, StringConstraints(pattern=r"^(0|[1-9][0-9]{0,8})(\.[0-9]{1,3})?$")]
Location = Annotated[
    str,
    StringConstraints(pattern=r"^(dealer:[A-Za-z0-9._@-]{1,64}(:[A-Za-z0-9._@-]{1,64})?|van:[A-Za-z0-9._@-]{1,64})$"),
]
ShortText = Annotated[str, StringConstraints(max_length=200)]
Lot = Annotated[str, StringConstraints(max_length=64, pattern=r"^[^\x00-\x1f\x7f]*$")]
TallyKey = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._-]+$")]


def _of_these_centuries(moment: datetime) -> datetime:
    if not 1900 <= moment.year < 2200:
        raise ValueError("a moment lies between 1900 and 2200")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_of_these_centuries)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Tally(_Part):
    """What one device counted of one product, at one place and of one batch. Only that device writes it again."""

    product: Id
    quantity: Quantity = Field(description="In the product's base unit.")
    place: ShortText = Field(default="", description="Shelf or room, as people call it.")
    batch: Lot = ""
    serial: Lot = ""
    by: ShortText = Field(default="", description="Who counted, by name.")
    counted_at: Moment = Field(description="When it was last counted on, by the device's clock.")


class StockCount(_Part):
    """`tallies` is one flat map that comes into being with the document: maps by product would be made by two devices at once, and
    one of the two would be lost to sight. Its keys are `<device>.<anything>`."""

    kind: Literal["stock_count"]
    schema_: Literal[1] = Field(alias="schema")
    number: Id = Field(description="Readable, unique offline: the device's short code, a dash, a counter.")
    location: Location
    stage: Literal["open", "closed", "cancelled"] = "open"
    extent: Literal["whole", "list"] = Field(
        default="whole", description="All that is there, or the products of a list."
    )
    blind: bool = Field(default=False, description="Counted without the book's figures in sight.")
    complete: bool = Field(
        default=False,
        description="Said at the end: what was not counted is not there. The app then counts it as nothing.",
    )
    created_at: Moment = Field(description="By the device's clock.")
    answers: Id | None = Field(default=None, description="The number of the count that headquarters asked anew.")
    note: Annotated[str, StringConstraints(max_length=5_000)] = Field(
        default="", description="Prose: collaborative text."
    )
    products: dict[Id, bool] = Field(default_factory=dict, max_length=20_000, description="Of a list: product -> true.")
    tallies: dict[TallyKey, Tally] = Field(default_factory=dict, max_length=50_000)
