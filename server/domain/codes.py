"""All codes and published records, of the pipeline and of every kind together."""

from __future__ import annotations

from pydantic import BaseModel

from . import reasons as of_all
from .decision import Decision
from .master import PUBLISHED as PUBLISHED_BY_ALL
from .reasons import Params, mismatch
from .registry import KINDS

REASONS: dict[str, Params] = dict(of_all.REASONS)
COMMAND_REFUSALS: dict[str, Params] = dict(of_all.COMMAND_REFUSALS)
NOTICES: dict[str, Params] = dict(of_all.NOTICES)
PUBLISHED: dict[str, type[BaseModel]] = dict(PUBLISHED_BY_ALL)
"""What the server writes, by the name of its record: from balances, and what decisions publish."""

for _kind in KINDS.values():
    REASONS |= _kind.reasons
    COMMAND_REFUSALS |= _kind.refusals
    NOTICES |= _kind.notices
    PUBLISHED |= _kind.publishes


def mismatches(decision: Decision) -> list[str]:
    """Every reason and notice of a decision that is not as declared: for tests, which leave none."""
    checks = [
        *((reason.code, reason.params, REASONS) for reason in decision.reasons),
        *((notice.code, notice.params, NOTICES) for notice in decision.notices),
    ]
    return [problem for check in checks if (problem := mismatch(*check)) is not None]
