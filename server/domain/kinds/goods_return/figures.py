"""The figures of a return's decision, as screens read them: money in minor units, quantities in the line's unit."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class _Figures(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ReturnLineFigures(_Figures):
    product: str
    unit: str
    quantity: str
    net: int
    tax: int
    received: str = Field(default="0", description="By headquarters, what was scrapped included.")


class GoodsReturnFigures(_Figures):
    source: str = Field(description="The number of the sale or shipment.")
    currency: str | None = None
    net: int = 0
    tax: int = 0
    total: int = 0
    refunded: int = 0
    credited: int = 0
    waits: bool = Field(default=False, description="Headquarters has not received or rejected all of it.")
    lines: dict[str, ReturnLineFigures] = {}
