"""Recording a receipt of goods, and taking a wrong one back."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints

from ...facts import Facts
from ...kind import CommandSpec
from .document import StockReceipt
from .rules import unknown_products

SALES = frozenset({"administrator", "sales"})


class Reverse(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)]


def check_record(receipt: StockReceipt, params: StockReceipt, facts: Facts) -> tuple[str, dict[str, Any]] | None:
    unknown = unknown_products(receipt, facts)
    return ("unknown_product", {"product": unknown[0]}) if unknown else None


def check_reverse(receipt: StockReceipt, params: Reverse, facts: Facts) -> tuple[str, dict[str, Any]] | None:
    done = any(command.name == "reverse" for command in facts.commands)
    return ("already_reversed", {}) if done else None


COMMANDS = (
    CommandSpec("record", SALES, StockReceipt, check_record),
    CommandSpec("reverse", SALES, Reverse, check_reverse),
)
