"""Recording a payment, and taking a wrong one back."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints

from ...facts import Facts
from ...kind import CommandSpec
from .document import Payment
from .rules import problem

FINANCE = frozenset({"administrator", "finance"})


class Reverse(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)]


def check_record(payment: Payment, params: Payment, facts: Facts) -> tuple[str, dict[str, Any]] | None:
    refusal = problem(payment, facts)
    return None if refusal is None else (refusal.code, refusal.params)


def check_reverse(payment: Payment, params: Reverse, facts: Facts) -> tuple[str, dict[str, Any]] | None:
    done = any(command.name == "reverse" for command in facts.commands)
    return ("already_reversed", {}) if done else None


COMMANDS = (
    CommandSpec("record", FINANCE, Payment, check_record),
    CommandSpec("reverse", FINANCE, Reverse, check_reverse),
)
