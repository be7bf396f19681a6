"""The figures of a sale's decision, as screens read them: money in minor units, quantities as decimals."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class _Figures(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SaleLineFigures(_Figures):
    net: int
    tax: int
    total: int
    until: str | None = None
    """The last day of the warranty, where there is one."""


class SaleFigures(_Figures):
    currency: str
    net: int
    tax: int
    total: int
    paid: int
    due: int
    at: int
    lines: dict[str, SaleLineFigures]
