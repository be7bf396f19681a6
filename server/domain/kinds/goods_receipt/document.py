"""What a dealer found in a shipment. The source of schemas/goods_receipt.v1.json and of the PWA's types."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from ...fields import Id, Moment, Part, Photos, Prose, Quantity, Serial, ShortText, Signature


class Line(Part):
    """One thing that was counted. Without `line` it is matched by its product: so somebody can count what came before the
    shipment is known to the tablet."""

    position: int = Field(default=0, ge=0, le=100_000)
    line: Id | None = Field(default=None, description="The shipment's line.")
    product: Id
    unit: Id
    received: Quantity = Field(description="In good condition, in `unit`.")
    damaged: Quantity = Field(default="0", description="Came, but damaged.")
    batch: Serial | None = None
    serials: list[Serial] = Field(default=[], max_length=2_000)
    note: ShortText = ""
    photos: Photos = Field(default={}, description="Of the damage.")


class GoodsReceipt(Part):
    """What is short is not written down: it is what the shipment says, less what came."""

    kind: Literal["goods_receipt"]
    schema_: Literal[1] = Field(alias="schema")
    number: Id = Field(description="Readable, unique offline: the device's short code, a dash, a counter.")
    dealer: Id
    shipment: Annotated[str, StringConstraints(max_length=100)] = Field(
        default="", description="Its id; or its number, from the paper, where the tablet does not know it yet."
    )
    stage: Literal["draft", "confirmed"] = "draft"
    created_at: Moment = Field(description="By the device's clock.")
    received_at: Moment | None = Field(default=None, description="When the goods were taken in, by the device's clock.")
    received_by: ShortText = ""
    signature: Signature | None = None
    note: Prose = ""
    lines: dict[Id, Line] = Field(default_factory=dict, max_length=2_000)
