"""Fields that documents of several kinds have."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from .attachment import Attachment

Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._:@-]+$")]
DocumentId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
"""Another document, which may not have arrived yet."""
Quantity = Annotated[str, StringConstraints(pattern=r"^(0|[1-9][0-9]{0,8})(\.[0-9]{1,3})?$")]
ShortText = Annotated[str, StringConstraints(max_length=500)]
Line = Annotated[str, StringConstraints(max_length=120)]
"""A name, a telephone number, a model: one line."""
Prose = Annotated[str, Field(max_length=5_000, description="Prose: collaborative text.")]
Photos = Annotated[dict[Id, Attachment], Field(max_length=60)]


def _of_these_centuries(moment: datetime) -> datetime:
    """Leaves room to move a moment between time zones and clocks without leaving the calendar."""
    if not 1900 <= moment.year < 2200:
        raise ValueError("a moment lies between 1900 and 2200")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_of_these_centuries)]


class Part(BaseModel):
    """What documents are made of: nothing in it that the schema does not name."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Whereabouts(Part):
    """Where a machine stands or a customer lives."""

    address: ShortText = ""
    geo: Annotated[
        str,
        StringConstraints(pattern=r"^(geo:-?[0-9]{1,2}(\.[0-9]{1,6})?,-?[0-9]{1,3}(\.[0-9]{1,6})?(;u=[0-9]{1,6})?)?$"),
    ] = Field(default="", description="RFC 5870: `geo:31.230416,121.473701;u=12`; empty: not known.")


Serial = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f]+$")]
"""A serial or batch number as it stands on the goods."""
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class Signature(Part):
    name: ShortText
    strokes: Annotated[str, StringConstraints(max_length=60_000)] = Field(description="SVG path data of the pen.")
    signed_at: Moment
    signed_hash: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] = Field(
        description="SHA-256 of the lines signed for."
    )
