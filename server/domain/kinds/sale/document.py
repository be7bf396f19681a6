"""What a dealer sold to an end customer. The source of schemas/sale.v1.json and of the PWA's types."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from ...fields import Currency, DocumentId, Id, Moment, Part, Prose, Quantity, Serial, ShortText, Signature
from ...fields import Line as OneLine

Money = Annotated[int, Field(ge=0, le=10**13, description="Minor units.")]


class Line(Part):
    position: int = Field(default=0, ge=0, le=100_000, description="Where the line stands; ties go by line id.")
    product: Id
    quantity: Quantity = Field(description="In `unit`; an exact decimal.")
    unit: Id
    price: int = Field(ge=0, le=10**12, description="Per `unit`, minor units, with tax, before discount.")
    discount_bp: int = Field(default=0, ge=0, le=10_000, description="Basis points.")
    serials: list[Serial] = Field(default=[], max_length=2_000)
    batch: Serial | None = None
    note: ShortText = ""


class Customer(Part):
    """A customer who is written down, or what was said of one."""

    id: DocumentId | None = Field(default=None, description="Of a document `customer`.")
    name: OneLine = ""
    phone: OneLine = ""
    address: ShortText = ""


class Payment(Part):
    method: Literal["cash", "transfer", "card", "other"] = "cash"
    amount: Money


class Sale(Part):
    """What is not paid is due from the customer."""

    kind: Literal["sale"]
    schema_: Literal[1] = Field(alias="schema")
    number: Id = Field(description="Readable, unique offline: the device's short code, a dash, a counter.")
    dealer: Id
    currency: Currency
    stage: Literal["draft", "done", "cancelled"] = "draft"
    created_at: Moment = Field(description="By the device's clock.")
    captured_at: Moment | None = Field(default=None, description="When it was sold, by the device's clock.")
    location: Annotated[str, StringConstraints(max_length=140)] = Field(
        default="", description="Where the goods were taken from; empty: `dealer:<dealer>`."
    )
    customer: Customer = Customer()
    payments: dict[Id, Payment] = Field(default_factory=dict, max_length=50)
    signature: Signature | None = None
    note: Prose = ""
    lines: dict[Id, Line] = Field(default_factory=dict, max_length=1_000)
