"""What counts publish for one another."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from .document import Id, Location, Quantity


class StockRecount(BaseModel):
    """Record `stock_recount` / `<location>/<number>/<document>`, in the scope of the location: what was counted again of the count
    of that number."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    location: Location
    count: Id = Field(description="Number of the count that was asked anew.")
    document: str = Field(description="The document that answers it.")
    number: Id
    products: dict[Id, Quantity]
