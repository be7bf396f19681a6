"""The figures of a goods receipt's decision, as screens read them. Quantities are decimals in the line's unit."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class _Figures(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ReceiptLineFigures(_Figures):
    product: str
    unit: str
    shipped: str
    received: str
    damaged: str
    short: str
    surplus: str
    open: bool = Field(description="Headquarters has not settled what differs.")


class GoodsReceiptFigures(_Figures):
    shipment: str = Field(description="Its number.")
    order: str | None = None
    lines: dict[str, ReceiptLineFigures] = Field(
        default={}, description="By the shipment's line, or `extra:<product>`."
    )
    open: int = 0
    credited: int = 0
    currency: str | None = None
