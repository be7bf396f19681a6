"""The figures of a count's decision. Quantities are decimals in the product's base unit, money minor units."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Figures(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CountDifference(_Figures):
    counted: str
    book: str = Field(description="What the book said for the moment of the count.")
    difference: str
    value: int | None = Field(description="Of the difference; null: the product has no price.")
    at: int = Field(description="When it was counted, UTC milliseconds by the server's clock.")
    state: Literal["posted", "held", "recount", "answered"]


class StockCountFigures(_Figures):
    """Empty while nothing is decided."""

    location: str = ""
    counted: int = Field(default=0, description="Products that were counted.")
    confirmed: list[str] = Field(default=[], description="Products of which the count and the book agree.")
    differences: dict[str, CountDifference] = {}
    value: int = Field(default=0, description="Of the differences that are posted.")
    currency: str | None = None
    max_value: int | None = Field(
        default=None, description="A larger difference of one product is held; null: none is."
    )
