"""The figures of an order's decision, as screens read them. Quantities are decimals in the line's unit, money minor units."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Figures(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class OrderLineFigures(_Figures):
    state: Literal["open", "held", "refused"] = Field(description="Only open lines count in the totals.")
    price: int = Field(description="The price that is used.")
    net: int
    tax: int
    captured: int | None = Field(default=None, description="The price that the dealer saw, where the two differ.")
    expected: int | None = Field(
        default=None, description="The list's price, given with `captured`; null: it has none."
    )
    allocated: str | None = Field(default=None, description="Promised from stock, including what has left.")
    back_ordered: str | None = None
    shipped: str | None = None
    invoiced: str | None = None


class CreditFigures(_Figures):
    receivable: int
    open_orders: int = Field(description="Of the dealer's other orders.")
    order: int
    limit: int | None


class OrderFigures(_Figures):
    currency: str
    net: int
    tax: int
    total: int
    lines: dict[str, OrderLineFigures]
    price_list: str | None = Field(default=None, description="The version that priced it.")
    credit: CreditFigures | None = Field(default=None, description="As weighed; not there once goods have left.")
    invoiced: int | None = None
