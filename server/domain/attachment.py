"""How a document names a photo: its hash and what is known of it without its bytes (docs/attachments.md)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Place = Annotated[
    str,
    StringConstraints(
        max_length=60, pattern=r"^geo:-?[0-9]{1,2}(\.[0-9]{1,6})?,-?[0-9]{1,3}(\.[0-9]{1,6})?(;u=[0-9]{1,6})?$"
    ),
]
"""RFC 5870, in degrees, with the uncertainty in metres: one string, because a document holds no floats."""


class Attachment(BaseModel):
    """The bytes come by themselves, before the document or long after it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    hash: Hash = Field(description="SHA-256 of the bytes as the device has them.")
    size: int = Field(ge=1, le=12 * 1024 * 1024, description="Bytes.")
    type: Literal["image/jpeg", "image/png", "image/webp"]
    width: int = Field(ge=1, le=100_000, description="Pixels, as it is looked at.")
    height: int = Field(ge=1, le=100_000)
    taken_at: AwareDatetime = Field(description="By the device's clock.")
    place: Place | None = Field(default=None, description="Where it was taken, if the person let it be known.")
