"""What headquarters does with a visit: looks at what could not be posted."""

from __future__ import annotations

from typing import Any

from ...facts import Facts
from ...fields import Part, ShortText
from ...kind import CommandSpec
from .document import ServiceVisit
from .rules import decide, seen
from .used_parts import weigh

SERVICE = frozenset({"administrator", "sales", "service"})


class Review(Part):
    note: ShortText = ""


def check_review(visit: ServiceVisit, params: Review, facts: Facts) -> tuple[str, dict[str, Any]] | None:
    verdict = decide(visit, facts).verdict
    return None if verdict == "held" else ("visit_not_held", {"verdict": verdict})


def complete_review(visit: ServiceVisit, params: Review, facts: Facts) -> dict[str, Any]:
    problems = [each.problem for each in weigh(visit, facts.records) if each.problem is not None]
    return {**params.model_dump(), "seen": seen(problems)}


COMMANDS = (CommandSpec("review", SERVICE, Review, check_review, complete_review),)
