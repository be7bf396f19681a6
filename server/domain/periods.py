"""Closed periods: what happened in one but was not known when it was closed is posted at the beginning of the open one, and said
to be late."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .decision import Reason
from .facts import Facts, RecordKey

PERIODS = RecordKey("periods", "closed")
"""The record that a kind which moves goods asks for."""


def posted_at(happened: int, facts: Facts) -> tuple[int, int | None]:
    """When something counts in the ledgers, and the end of the closed period that it came too late for, or None.

    What the server had before a closing was counted in it; a document's first arrival decides, so that deciding again moves nothing.
    """
    at, late = happened, None
    for closing in _closings(facts.records):
        if at < closing["until"] and facts.capture.received_at > closing["closed_at"]:
            at, late = closing["until"], closing["until"]
    return at, late


def late_reason(happened: int, until: int, rule: str, line: str | None = None) -> Reason:
    return Reason("posted_late", {"happened": happened, "until": until}, line, rule)


def _closings(records: Mapping[RecordKey, dict[str, Any]]) -> list[dict[str, Any]]:
    body = records.get(PERIODS)
    return sorted(body["closings"], key=lambda closing: closing["until"]) if body else []
