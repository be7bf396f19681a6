"""What headquarters does: checked by the rule of its kind, kept under its key, decided and published like a change."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

import msgspec
from pydantic import BaseModel, ValidationError

from server.access.principal import Principal
from server.domain.costing import Step, moving_average
from server.domain.facts import Command
from server.domain.kind import CommandSpec, Kind
from server.problems import Problem
from server.store import commands, log
from server.store.transaction import Transaction

from .append import Arrival, arrive, subject_of_arrival
from .counters import Counters
from .decide import Session
from .first_change import first_change
from .known import Kinds
from .protocol import PushedDocument
from .publish import Publication
from .ruling import plain
from .shown import MadeNotice
from .subjects import Subject, subject_of
from .verdict import Task

LONGEST_KEY = 100
HEADQUARTERS_DEVICE = "0" * 16
"""Whose the changes are with which headquarters begins documents. Nobody enrols it: the ids of devices are random."""
ACTOR_REST = 8
"""Bytes of an actor after its device."""


class CommandAnswer(msgspec.Struct):
    document: str
    verdict: str
    decision: dict[str, Any]
    """verdict, reasons, figures."""


def begun(
    kinds: Kinds,
    principal: Principal,
    kind_name: str,
    document: str | None,
    name: str,
    params: dict[str, Any],
    now: int,
) -> tuple[Arrival, Task] | None:
    """The document that this command begins, where devices go on with it, and the gate's task to examine it; None: it begins none.
    Problems as of the command."""
    kind, spec = _known(kinds, kind_name, name, principal)
    if kind.create != name or not kind.writable:
        return None
    if document is not None:
        raise Problem(400, "malformed", "this command makes the document; name none")
    model = _params(spec, plain(params))
    actor = bytes.fromhex(HEADQUARTERS_DEVICE) + secrets.token_bytes(ACTOR_REST)
    content = model.model_dump(mode="json", by_alias=True)
    chunk = first_change(actor, content, kind.prose, now, f"{name} · {principal.name}"[:200])
    arrival = arrive(PushedDocument(secrets.token_hex(16), kind.name, kind.scope(model), [chunk]))
    if arrival.refused:
        raise Problem(413, "too_large", "a document begins with one change of at most 256 KB")
    arrival.fresh = [0]
    return arrival, Task(arrival.id, None, None, [], [chunk], bytes.fromhex(HEADQUARTERS_DEVICE), ("**",))


async def run_command(
    tx: Transaction,
    kinds: Kinds,
    principal: Principal,
    kind_name: str,
    document: str | None,
    name: str,
    params: dict[str, Any],
    key: str,
    now: int,
    costing: Step = moving_average,
    arrival: Arrival | None = None,
) -> tuple[CommandAnswer, Counters, list[MadeNotice]]:
    """`arrival`: what `begun` made and the gate admitted."""
    counters = Counters(tx)
    kind, spec = _known(kinds, kind_name, name, principal)
    if not 1 <= len(key) <= LONGEST_KEY or not key.isprintable():
        raise Problem(400, "key_invalid", f"an idempotency key has 1 to {LONGEST_KEY} printable characters")
    params = plain(params)
    asked = [kind_name, document, name, params]
    body_hash = hashlib.sha256(msgspec.json.encode(asked, order="deterministic")).hexdigest()
    await commands.one_at_a_time(tx)
    earlier = await commands.by_key(tx, key)
    if earlier is not None:
        if earlier["body_hash"] != body_hash:
            raise Problem(409, "key_reused", "this key was used for another command")
        return msgspec.json.decode(earlier["answer"], type=CommandAnswer), counters, []
    model = _params(spec, params)
    creates = kind.create == name
    if creates:
        subject = _created(kind, model, document, now) if arrival is None else subject_of_arrival(arrival, None, now, 0)
        await counters.enter([subject.scope])
    else:
        subject = await _stored(tx, counters, kind, document)
    subject.cause = f"command:{key}"
    session = Session(tx, kinds, now)
    await session.known.load([subject])
    full = await _checked(session, subject, spec, model)
    subject.command = Command(key, name, full, principal.account, now)
    await commands.add(tx, key, subject.id, kind.name, name, _text(full), body_hash, principal.account, now)
    await session.decide_all([subject], counters.enter)
    publication = Publication(tx, session, counters, now, costing)
    if arrival is None:
        await publication.finish(created=[subject.id] if creates else [])
    else:
        await publication.changes([arrival], HEADQUARTERS_DEVICE, 0)
        await publication.finish([arrival])
    decision = session.latest[subject.id][1]
    said = {"verdict": decision.verdict, "reasons": decision.reasons, "figures": decision.figures}
    answer = CommandAnswer(subject.id, decision.verdict, msgspec.json.decode(msgspec.json.encode(said)))
    await commands.set_answer(tx, key, _text(answer))
    return answer, counters, publication.notices


def _known(kinds: Kinds, kind_name: str, name: str, principal: Principal) -> tuple[Kind, CommandSpec]:
    kind = kinds.get(kind_name)
    if kind is None:
        raise Problem(404, "kind_unknown", "there are no documents of this kind")
    spec = kind.command(name)
    if spec is None:
        raise Problem(404, "command_unknown", "documents of this kind have no such command")
    if principal.role not in spec.roles:
        raise Problem(403, "role_may_not", "your role may not do this", roles=sorted(spec.roles))
    return kind, spec


def _params(spec: CommandSpec, params: dict[str, Any]) -> BaseModel:
    try:
        return spec.params.model_validate(params)
    except ValidationError as error:
        fields = [
            {"field": "/".join(str(step) for step in each["loc"]), "message": each["msg"]} for each in error.errors()
        ]
        raise Problem(400, "params_invalid", "the parameters do not fit the command", fields=fields) from error


def _created(kind: Kind, model: BaseModel, document: str | None, now: int) -> Subject:
    """A new document of a kind that headquarters writes: the params are its content."""
    if document is not None:
        raise Problem(400, "malformed", "this command makes the document; name none")
    return Subject(
        id=secrets.token_hex(16),
        kind=kind.name,
        scope=kind.scope(model),
        content=model.model_dump(mode="json", by_alias=True),
        conflicts=(),
        heads=[],
        changes=0,
        received_at=now,
        clock_offset=0,
        arrived=None,
        cause="",
    )


async def _stored(tx: Transaction, counters: Counters, kind: Kind, document: str | None) -> Subject:
    """The document, read after its scope's counter is held: nobody writes to it until this is done."""
    states = await log.document_states(tx, [document]) if document and document.isascii() else []
    if not states or states[0]["kind"] != kind.name:
        raise Problem(404, "document_unknown", "there is no such document of this kind")
    await counters.enter([states[0]["scope"]])
    return subject_of((await log.documents_whole(tx, [states[0]["id"]]))[0], "")


async def _checked(session: Session, subject: Subject, spec: CommandSpec, model: BaseModel) -> dict[str, Any]:
    """The params as they are kept. Problem 409 when the rule refuses."""
    reading = session.known.reading(subject)
    if reading.model is None:
        raise Problem(409, "document_malformed", "the document cannot be read; nothing can be done with it")
    facts = session.known.facts(subject)
    if spec.needs is not None:
        named = spec.needs(reading.model, model)
        await session.known.load_records(named)
        found = {key: session.known.bodies[key] for key in named if key in session.known.bodies}
        facts = msgspec.structs.replace(facts, records=facts.records | found)
    refusal = spec.check(reading.model, model, facts)
    if refusal is not None:
        code, figures = refusal
        raise Problem(409, code, "the command was refused", figures=figures)
    if spec.complete is None:
        return model.model_dump(mode="json")
    return msgspec.json.decode(msgspec.json.encode(spec.complete(reading.model, model, facts)))


def _text(value: Any) -> str:
    return msgspec.json.encode(value).decode()
