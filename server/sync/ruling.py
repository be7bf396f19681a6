"""From content and facts to a decision, for any kind: pure, so that the pipeline and the replay rule alike."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Any

import msgspec
from pydantic import BaseModel, ValidationError

from server.domain.decision import Decision, Posting, Reason, Verdict
from server.domain.facts import Capture, FactRequests, Facts, RecordKey
from server.domain.kind import Kind
from server.domain.ledger import Unbalanced, check_balanced
from server.domain.malformed import malformed, malformed_row

log = logging.getLogger(__name__)
LARGEST_AMOUNT = 2**53
"""Amounts beyond it would not be exact in a browser, and a few thousand of them would not fit a 64-bit balance."""


_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


def plain(content: dict[str, Any]) -> dict[str, Any]:
    """The content without NUL characters, which PostgreSQL's text and JSON cannot hold: they read as U+FFFD."""
    text = msgspec.json.encode(content).decode()
    if "\\u0000" not in text:
        return content
    cleaned: dict[str, Any] = msgspec.json.decode(_NUL.sub(r"\1\\ufffd", text))
    return cleaned


class Reading(msgspec.Struct):
    """A document's content as its kind reads it: the model, or what is wrong."""

    kind: Kind
    content: dict[str, Any]
    model: BaseModel | None
    errors: list[Mapping[str, Any]] = []


def read(kind: Kind, content: dict[str, Any]) -> Reading:
    """Bring the content to the newest schema (SY8) and validate it. Never raises: what people wrote may be anything."""
    try:
        upgraded = content if content.get("schema") == kind.schema else kind.upgrade(content)
        return Reading(kind, content, kind.document.model_validate(upgraded))
    except ValidationError as error:
        return Reading(kind, content, None, list(error.errors(include_url=False, include_context=False)))
    except Exception as error:
        log.warning("content of kind %s cannot be upgraded: %r", kind.name, error)
        return Reading(kind, content, None, [{"loc": ("schema",), "type": type(error).__name__}])


def wanted(reading: Reading, document: str) -> FactRequests:
    """The facts that the kind asks for first."""
    return FactRequests() if reading.model is None else reading.kind.facts_needed(reading.model).of(document)


def wanted_more(reading: Reading, known: Mapping[RecordKey, dict[str, Any]]) -> FactRequests:
    """The facts that follow from the first records."""
    if reading.model is None or reading.kind.more_facts is None:
        return FactRequests()
    return reading.kind.more_facts(reading.model, known)


def wanted_moments(reading: Reading, known: Mapping[RecordKey, dict[str, Any]], capture: Capture) -> FactRequests:
    """The facts that depend on when things happened."""
    if reading.model is None or reading.kind.moments is None:
        return FactRequests()
    return reading.kind.moments(reading.model, known, capture)


def rule(reading: Reading, scope: str, facts: Facts) -> Decision:
    """The decision. What cannot be decided keeps what stands, and says why."""
    if reading.model is None:
        return malformed(reading.errors, facts.standing, facts.times)
    said = reading.kind.scope(reading.model)
    if said != scope:
        reason = Reason("scope_mismatch", {"said": said, "scope": scope})
        return undecided("refused", reason, facts)
    try:
        decision = reading.kind.decide(reading.model, facts)
        sound(decision)
    except Exception as error:
        # A mistake in a rule must not stop the other documents of the batch, nor lose this one: a person looks at it.
        log.exception("the rule of kind %s failed on document %s", reading.kind.name, facts.document)
        code = "posting_unsound" if isinstance(error, Unbalanced) else "rule_failed"
        return undecided("held", Reason(code, {"error": type(error).__name__}), facts)
    return decision


def undecided(verdict: Verdict, reason: Reason, facts: Facts) -> Decision:
    """What stands goes on standing."""
    return Decision(verdict, (reason,), posting_sets=dict(facts.standing), times=facts.times, keeps=True)


def row(reading: Reading, decision: Decision) -> dict[str, Any]:
    """The list row."""
    if reading.model is None:
        return malformed_row(reading.content)
    try:
        return reading.kind.row(reading.model, decision)
    except Exception:
        # After `rule_failed` or `scope_mismatch` the figures that a kind's row reads may not be there.
        log.info("no row of kind %s from verdict %s", reading.kind.name, decision.verdict)
        return malformed_row(reading.content)


def published(reading: Reading, decision: Decision) -> dict[str, Any]:
    """The decision's figures as devices receive them."""
    if reading.model is None or reading.kind.published is None:
        return decision.figures
    return reading.kind.published(reading.model, decision)


def sound(decision: Decision) -> None:
    """Raise `Unbalanced` unless every posting set sums to zero and every amount can be held exactly."""
    for name, postings in decision.posting_sets.items():
        sums: dict[tuple[str, str], int] = {}
        for posting in postings:
            amount = posting.amount
            if amount > LARGEST_AMOUNT or -amount > LARGEST_AMOUNT:
                raise Unbalanced(f"{name}: an amount is too large")
            key = (posting.ledger, posting.item)
            sums[key] = sums.get(key, 0) + amount
        if any(sums.values()):
            check_balanced(name, netted(postings))  # says which


def netted(postings: tuple[Posting, ...]) -> tuple[Posting, ...]:
    """The set with one leg for each account and item, sorted, empty legs left out: the form in which sets are compared."""
    legs = {(posting.ledger, posting.account, posting.item): posting for posting in postings}
    if len(legs) == len(postings):
        return tuple(legs[key] for key in sorted(legs) if legs[key].amount)
    sums: dict[tuple[str, str, str], int] = {}
    for posting in postings:
        key = (posting.ledger, posting.account, posting.item)
        sums[key] = sums.get(key, 0) + posting.amount
    return tuple(Posting(*key, amount) for key, amount in sorted(sums.items()) if amount)  # type: ignore[arg-type]
