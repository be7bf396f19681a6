"""What headquarters does with a request: opens one, sends somebody, lets it wait, closes it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from ...facts import Facts, RecordKey
from ...fields import Id, Part, ShortText
from ...kind import CommandSpec
from ...master import Date
from .document import ServiceRequest
from .story import tell

SERVICE = frozenset({"administrator", "sales", "service"})
Refusal = tuple[str, dict[str, Any]] | None


class Open(ServiceRequest):
    """The document itself, with what a form of headquarters need not say."""

    kind: Literal["service_request"] = "service_request"
    schema_: Literal[1] = Field(default=1, alias="schema")
    stage: Literal["submitted"] = "submitted"


class Assign(Part):
    technician: Id = Field(description="The account.")
    planned_on: Date | None = None


class Pause(Part):
    reason: Literal["parts", "customer", "other"]
    note: ShortText = ""


class Resume(Part):
    note: ShortText = ""


class Close(Part):
    note: ShortText = ""


class Reopen(Part):
    reason: ShortText = Field(min_length=1)


def check_open(request: ServiceRequest, params: Open, facts: Facts) -> Refusal:
    known = RecordKey("dealer", request.dealer) in facts.records
    return None if known else ("unknown_dealer", {"dealer": request.dealer})


def _person(request: ServiceRequest, params: Assign) -> tuple[RecordKey, ...]:
    return (RecordKey("technician", params.technician),)


def check_assign(request: ServiceRequest, params: Assign, facts: Facts) -> Refusal:
    state = tell(facts).state
    if request.stage != "submitted" or state == "closed":
        return "request_not_open", {"state": state if request.stage == "submitted" else request.stage}
    technician = facts.records.get(RecordKey("technician", params.technician))
    if technician is None or request.dealer not in technician["dealers"]:
        return "technician_not_of_dealer", {"technician": params.technician}
    return None


def complete_assign(request: ServiceRequest, params: Assign, facts: Facts) -> dict[str, Any]:
    return {**params.model_dump(), "name": facts.records[RecordKey("technician", params.technician)]["name"]}


def check_pause(request: ServiceRequest, params: Pause, facts: Facts) -> Refusal:
    state = tell(facts).state
    if request.stage != "submitted" or state in ("fixed", "closed"):
        return "request_not_open", {"state": state if request.stage == "submitted" else request.stage}
    return None


def check_resume(request: ServiceRequest, params: Resume, facts: Facts) -> Refusal:
    state = tell(facts).state
    return None if state == "waiting" else ("not_waiting", {"state": state})


def check_close(request: ServiceRequest, params: Close, facts: Facts) -> Refusal:
    state = tell(facts).state
    return ("request_not_open", {"state": state}) if state == "closed" or request.stage == "draft" else None


def check_reopen(request: ServiceRequest, params: Reopen, facts: Facts) -> Refusal:
    state = tell(facts).state
    return None if state in ("fixed", "closed") else ("not_closed", {"state": state})


COMMANDS = (
    CommandSpec("open", SERVICE, Open, check_open),
    CommandSpec("assign", SERVICE, Assign, check_assign, complete_assign, _person),
    CommandSpec("pause", SERVICE, Pause, check_pause),
    CommandSpec("resume", SERVICE, Resume, check_resume),
    CommandSpec("close", SERVICE, Close, check_close),
    CommandSpec("reopen", SERVICE, Reopen, check_reopen),
)
