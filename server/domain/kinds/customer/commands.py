"""What headquarters does where two customers look like one (K4)."""

from __future__ import annotations

from typing import Any

from ...facts import Facts
from ...fields import DocumentId, Part, ShortText
from ...kind import CommandSpec
from ...namesakes import KEEP, MERGE, others, settled
from .document import Customer
from .rules import names_of

SERVICE = frozenset({"administrator", "sales", "service"})
Refusal = tuple[str, dict[str, Any]] | None


class MergeInto(Part):
    other: DocumentId
    note: ShortText = ""


class KeepBoth(Part):
    note: ShortText = ""


def check_merge(customer: Customer, params: MergeInto, facts: Facts) -> Refusal:
    found = others(customer.dealer, names_of(customer), facts)
    return (
        None if any(params.other in each for each in found.values()) else ("not_a_duplicate", {"other": params.other})
    )


def check_keep(customer: Customer, params: KeepBoth, facts: Facts) -> Refusal:
    last = settled(facts)
    merged = last is not None and last.name == MERGE
    return None if merged or others(customer.dealer, names_of(customer), facts) else ("no_duplicate", {})


def complete_keep(customer: Customer, params: KeepBoth, facts: Facts) -> dict[str, Any]:
    return {**params.model_dump(), "names": names_of(customer)}


COMMANDS = (
    CommandSpec(MERGE, SERVICE, MergeInto, check_merge),
    CommandSpec(KEEP, SERVICE, KeepBoth, check_keep, complete_keep),
)
