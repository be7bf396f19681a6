"""What a goods receipt publishes beside shipments that are sent again and credit notes, which are of `domain/master.py`."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ReceiptLine(_Record):
    product: str
    unit: str
    shipped: str
    received: str
    damaged: str
    short: str
    credited: str = Field(description="By headquarters, in base units.")


class ReceiptRecord(_Record):
    """Record `receipt` / `<dealer>/<order>/<shipment>`: by this the order's shipment is delivered."""

    shipment: str
    document: str
    number: str
    at: int
    lines: dict[str, ReceiptLine]


class ReceiptClaim(_Record):
    """Record `receipt_claim` / `<shipment>/<document>`: a confirmed receipt of it, of which one counts."""

    number: str
    at: int
    settled: bool
