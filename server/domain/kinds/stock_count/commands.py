"""What headquarters may do to a count: take its large differences as they are, or have products counted again (C7, C8)."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ...facts import Facts
from ...kind import CommandSpec
from .document import Id, StockCount
from .history import seen
from .weighing import assess

STOCK_KEEPERS = frozenset({"administrator", "sales", "finance"})
Note = Annotated[str, StringConstraints(max_length=500)]
Refusal = tuple[str, dict[str, Any]] | None


class _Params(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Accept(_Params):
    note: Note = ""


class AskRecount(_Params):
    products: list[Id] = Field(min_length=1, max_length=20_000)
    note: Note = ""


def check_accept(count: StockCount, params: Accept, facts: Facts) -> Refusal:
    if count.stage != "closed":
        return "count_not_closed", {"stage": count.stage}
    return None if assess(count, facts).of("held", "recount") else ("nothing_to_accept", {})


def complete_accept(count: StockCount, params: Accept, facts: Facts) -> dict[str, Any]:
    waiting = assess(count, facts).of("held", "recount")
    return {**params.model_dump(), "seen": {product: seen(each.counted) for product, each in waiting.items()}}


def check_ask_recount(count: StockCount, params: AskRecount, facts: Facts) -> Refusal:
    if count.stage != "closed":
        return "count_not_closed", {"stage": count.stage}
    known = assess(count, facts).products
    unknown = next((product for product in params.products if product not in known), None)
    return None if unknown is None else ("product_not_counted", {"product": unknown})


def complete_ask_recount(count: StockCount, params: AskRecount, facts: Facts) -> dict[str, Any]:
    known = assess(count, facts).products
    return {**params.model_dump(), "seen": {product: seen(known[product].counted) for product in params.products}}


COMMANDS = (
    CommandSpec("accept", STOCK_KEEPERS, Accept, check_accept, complete=complete_accept),
    CommandSpec("ask_recount", STOCK_KEEPERS, AskRecount, check_ask_recount, complete=complete_ask_recount),
)
