"""The face that every kind of document shows. A kind is one folder in `kinds/`; `registry.py` lists them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from pydantic import BaseModel

from .decision import Decision
from .facts import Capture, FactRequests, Facts, RecordKey
from .reasons import Params


class CommandSpec(msgspec.Struct, frozen=True):
    """A thing headquarters may do. `check` gives None, or the stable code and the figures of a refusal."""

    name: str
    roles: frozenset[str]
    params: type[BaseModel]
    check: Callable[[Any, Any, Facts], tuple[str, dict[str, Any]] | None]
    """(document, params, facts) -> refusal or None. Facts hold the commands done before this one. For the `create` command
    the document is the one that it would create."""
    complete: Callable[[Any, Any, Facts], dict[str, Any]] | None = None
    """(document, params, facts) -> the params as they are stored and as `decide` sees them: what was asked plus what it
    stood on (the lines that were approved, the prices that were shipped at). Called after `check`; None: the params as
    given, ``params.model_dump(mode="json")``. The idempotency key covers what was asked, not what was added."""

    needs: Callable[[Any, Any], tuple[RecordKey, ...]] | None = None
    """(document, params) -> records that check and complete want beside the document's facts: what the params name."""


class Kind(msgspec.Struct, frozen=True):
    name: str
    schema: int
    """The newest schema version; a document says its own in its field `schema`."""
    document: type[BaseModel]
    facts_needed: Callable[[Any], FactRequests]
    decide: Callable[[Any, Facts], Decision]
    row: Callable[[Any, Decision], dict[str, Any]]
    """The list row: the few fields that lists, filters and HQ's table show. Flat JSON values. Always has ``number``,
    ``title``, ``total``, ``currency``, ``at`` (ISO UTC) or None for those that the kind has not."""
    writable: Mapping[str, tuple[str, ...]]
    """Role -> patterns of paths it may write: ``lines/*/quantity``, ``ship_to/**``. A role that is absent may not write.
    Empty for a kind that only headquarters writes, by commands."""
    scope: Callable[[Any], str]
    """The scope that a document's content says it belongs to; it must be the scope it was pushed to."""
    commands: tuple[CommandSpec, ...] = ()
    upgrade: Callable[[dict[str, Any]], dict[str, Any]] = lambda content: content
    """Content of any older schema -> content of `schema` (SY8)."""
    create: str | None = None
    """For a kind that headquarters writes: the command whose params are the document's content. Of a kind that devices write too it
    begins a document that they go on with."""
    prose: tuple[str, ...] = ("note",)
    """Fields of the root that are collaborative text."""
    more_facts: Callable[[Any, Mapping[RecordKey, dict[str, Any]]], FactRequests] | None = None
    """What can only be asked for once the records of `facts_needed` are known (the prices of the list that a dealer's record
    names). Called with all records that are known, again while it asks for more, three times at most; what it asks for is added to
    the same `Facts`. Usually it asks for nothing."""
    moments: Callable[[Any, Mapping[RecordKey, dict[str, Any]], Capture], FactRequests] | None = None
    """What depends on when things happened: the moments at which the stock ledger is read, by the clocks of the devices that
    wrote. Called once with the records that are known by then."""

    reasons: Mapping[str, Params] = {}
    """The kind's own codes with their figures; those that kinds share are in `domain/reasons.py`."""
    refusals: Mapping[str, Params] = {}
    """Codes of its commands' refusals."""
    notices: Mapping[str, Params] = {}
    publishes: Mapping[str, type[BaseModel]] = {}
    """The records that its decisions publish, by kind of record."""
    figures: type[BaseModel] | None = None
    """The shape of `Decision.figures`, where screens read more than the list row."""
    published: Callable[[Any, Decision], dict[str, Any]] | None = None
    """(document, decision) -> the figures that devices receive: without what they can read in the document. None: all of them."""

    def command(self, name: str) -> CommandSpec | None:
        return next((spec for spec in self.commands if spec.name == name), None)
