"""What a sale publishes beside warranties, which are of `domain/master.py`."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SoldLine(_Record):
    product: str
    quantity: str
    unit: str
    base: str | None = Field(description="In the product's base unit; null: nobody could measure it.")
    net: int
    tax: int
    serials: list[str]
    batch: str | None


class SaleRecord(_Record):
    """Record `sale` / `<document>`: what a return stands on."""

    id: str
    number: str
    dealer: str
    currency: str
    at: int
    location: str
    customer: str
    net: int
    tax: int
    total: int
    due: int
    lines: dict[str, SoldLine]


class SaleNumber(_Record):
    """Record `sale_number` / `<dealer>/<number>`: for who has only the receipt in hand."""

    id: str
