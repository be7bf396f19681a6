"""Goods that come back: from a customer to the dealer, or from the dealer to headquarters. The source of
schemas/goods_return.v1.json and of the PWA's types."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from ...fields import Id, Moment, Part, Photos, Prose, Quantity, Serial, ShortText, Signature

Why = Literal["", "unwanted", "wrong_goods", "faulty", "damaged_in_transport", "expired", "recall", "other"]


class Line(Part):
    position: int = Field(default=0, ge=0, le=100_000)
    line: Id = Field(description="The line of the sale or the shipment.")
    quantity: Quantity = Field(description="In the unit of that line.")
    condition: Literal["resalable", "damaged", "warranty"] = "resalable"
    reason: Why = ""
    serials: list[Serial] = Field(default=[], max_length=2_000)
    note: ShortText = ""
    photos: Photos = Field(default={})


class Refund(Part):
    """What the customer was given at once; the rest of the price is taken off what the customer owes."""

    method: Literal["account", "cash", "transfer", "card"] = "account"
    amount: int | None = Field(
        default=None,
        ge=0,
        le=10**13,
        description="Minor units; left out: all of it, or nothing where it goes to the account.",
    )


class GoodsReturn(Part):
    kind: Literal["goods_return"]
    schema_: Literal[1] = Field(alias="schema")
    number: Id = Field(description="Readable, unique offline: the device's short code, a dash, a counter.")
    dealer: Id
    direction: Literal["from_customer", "to_headquarters"] = "from_customer"
    source: Annotated[str, StringConstraints(max_length=100)] = Field(
        default="", description="The sale or the shipment: its id, or its number from the paper."
    )
    stage: Literal["draft", "done", "cancelled"] = "draft"
    created_at: Moment = Field(description="By the device's clock.")
    captured_at: Moment | None = Field(default=None, description="When the goods were taken back, or sent.")
    location: Annotated[str, StringConstraints(max_length=140)] = Field(
        default="",
        description="Where good ones go, or all are taken from; empty: `dealer:<dealer>`, and its place for damaged ones.",
    )
    refund: Refund = Refund()
    signature: Signature | None = None
    note: Prose = ""
    lines: dict[Id, Line] = Field(default_factory=dict, max_length=1_000)
