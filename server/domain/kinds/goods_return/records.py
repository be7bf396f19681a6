"""What a return publishes for other returns of the same goods, and for the sale."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class ReturnedRecord(BaseModel):
    """Record `returned` / `<dealer>/<sale's number>/<document>`, or `sent_back` / `<shipment>/<document>`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: str
    at: int
    settled: bool = Field(description="Headquarters has acted on it: it comes before the others.")
    lines: dict[str, str] = Field(description="The source's line -> quantity in base units.")
    serials: list[str] = Field(description="`<product>#<serial>`")
