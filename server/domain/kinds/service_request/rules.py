"""What follows from a request, from its visits and from what headquarters did: the rules are in RULES.md."""

from __future__ import annotations

from typing import Any

from ...decision import Decision, Notice, Reason, Verdict
from ...facts import THIS, FactRequests, Facts, RecordKey
from ...moments import happened, iso
from .deadlines import HOURS, LEVELS, Deadlines, deadlines
from .document import ServiceRequest
from .story import VISIT, Story, tell, visits_of


def facts_needed(request: ServiceRequest) -> FactRequests:
    records = (RecordKey("dealer", request.dealer), HOURS, LEVELS)
    return FactRequests(records=records, below=(RecordKey(VISIT, THIS),))


def decide(request: ServiceRequest, facts: Facts) -> Decision:
    number = request.number or f"HQ-{facts.document[:6]}"
    opened, implausible = facts.capture.received_at, None
    if request.opened_at is not None:
        opened, implausible = happened(request.opened_at, facts.capture, "Q2")
    story = tell(facts)
    clock = deadlines(request.urgency, opened, story, facts)
    figures = _figures(request, facts, story, clock, number, opened)
    read = ((VISIT, facts.document),)
    if request.stage == "draft":
        return Decision("draft", figures=figures, records_read=read)
    if request.stage == "withdrawn" and not visits_of(facts):
        return Decision("withdrawn", figures=figures, records_read=read)
    reasons = [implausible] if implausible is not None else []
    reasons += [*_written(request, facts), *_progress(story), *clock.reasons]
    verdict: Verdict = "closed" if story.state == "closed" else "accepted"
    return Decision(verdict, tuple(reasons), figures, notices=_notices(request, story, number), records_read=read)


def _written(request: ServiceRequest, facts: Facts) -> list[Reason]:
    reasons = []
    if facts.conflicts:
        params = {"count": len(facts.conflicts), "paths": ", ".join(facts.conflicts)[:200]}
        reasons.append(Reason("competing_values", params, None, "Q8"))
    if request.machine is None and not request.serial.strip() and not request.model.strip():
        reasons.append(Reason("request_without_machine", {}, None, "Q1"))
    if not request.fault.strip():
        reasons.append(Reason("request_without_fault", {}, None, "Q1"))
    return reasons


def _progress(story: Story) -> list[Reason]:
    reasons = []
    if story.reopening is not None:
        params: dict[str, Any] = {"by": story.reopening.by, "reason": story.reopening.params["reason"]}
        reasons.append(Reason("request_reopened", params, None, "Q7"))
    if story.technician is not None:
        params = {"technician": story.technician_name, "planned": story.planned_on or ""}
        reasons.append(Reason("request_assigned", params, None, "Q6"))
    if story.last_visit is not None:
        params = {"number": story.last_visit.told["number"], "at": story.last_visit.at}
        reasons.append(Reason("request_visited", params, None, "Q3"))
    if story.paused_since is not None:
        since = {"since": story.paused_since}
        if story.waiting_for == "parts":
            reasons.append(Reason("request_waiting_parts", since, None, "Q5"))
        elif story.waiting_for == "customer":
            reasons.append(Reason("request_waiting_customer", since, None, "Q5"))
        else:
            reasons.append(Reason("request_waiting_other", {**since, "note": story.waiting_note}, None, "Q5"))
    if story.state == "fixed":
        reasons.append(Reason("request_fixed", {"at": story.fixed_at}, None, "Q3"))
    if story.closing is not None:
        params = {"by": story.closing.by, "note": story.closing.params["note"]}
        reasons.append(Reason("request_closed", params, None, "Q7"))
    for event in story.after_closing:
        params = {"number": event.told["number"], "at": event.at}
        reasons.append(Reason("visited_after_closing", params, None, "Q7"))
    return reasons


def _notices(request: ServiceRequest, story: Story, number: str) -> tuple[Notice, ...]:
    named = {"number": number}
    if story.state == "closed":
        return (Notice("scope", "request_closed", named),)
    if story.state == "fixed":
        return (Notice("hq", "request_fixed", named),)
    if story.state == "waiting":
        return (Notice("hq", "request_waiting", named),)
    if story.state == "assigned":
        return (Notice("scope", "request_assigned", {**named, "technician": story.technician_name}),)
    if story.reopening is not None:
        return (Notice("scope", "request_reopened", named),)
    return (Notice("hq", "request_opened", {**named, "urgency": request.urgency}),) if story.state == "open" else ()


def _figures(
    request: ServiceRequest, facts: Facts, story: Story, clock: Deadlines, number: str, opened: int
) -> dict[str, Any]:
    visits = visits_of(facts)
    return {
        "number": number,
        "state": story.state,
        "technician": story.technician,
        "technician_name": story.technician_name,
        "planned_on": story.planned_on,
        "opened_at": opened,
        "responded_at": story.responded_at,
        "fixed_at": story.fixed_at,
        "respond_due": clock.respond_due,
        "fix_due": clock.fix_due,
        "respond": clock.respond,
        "fix": clock.fix,
        "waiting_for": story.waiting_for,
        "paused_since": story.paused_since,
        "paused_minutes": clock.paused_minutes,
        "visits": sorted(visits, key=lambda name: (visits[name]["came_at"] or 0, name)),
    }


_SHOWN = (
    "state",
    "technician",
    "technician_name",
    "planned_on",
    "respond_due",
    "fix_due",
    "respond",
    "fix",
    "waiting_for",
)


def row(request: ServiceRequest, decision: Decision) -> dict[str, Any]:
    figures = decision.figures
    return {
        "number": figures["number"],
        "title": request.model or request.serial or request.contact,
        "total": None,
        "currency": None,
        "at": iso(figures["opened_at"]),
        "dealer": request.dealer,
        "stage": request.stage,
        "urgency": request.urgency,
        "machine": request.machine,
        "serial": request.serial,
        "customer": request.customer,
        "contact": request.contact,
        "phone": request.phone,
        "address": request.place.address,
        "geo": request.place.geo,
        "fault": request.fault[:140],
        **{name: figures[name] for name in _SHOWN},
        "attention": bool({"competing_values", "visited_after_closing"} & {each.code for each in decision.reasons}),
        "case": False,
    }


def scope(request: ServiceRequest) -> str:
    return f"service:{request.dealer}"
