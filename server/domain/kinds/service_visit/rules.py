"""What follows from a visit: the rules are in RULES.md."""

from __future__ import annotations

from typing import Any

from ...decision import Decision, Notice, Reason, Verdict
from ...facts import Facts
from ...moments import iso, milliseconds
from ...periods import late_reason, posted_at
from .document import ServiceVisit
from .knowing import books_of, machine_of, read, sale_of
from .publishing import published
from .signing import signed_hash
from .timing import Times, times_of
from .used_parts import Weighed, posting_sets, shortages, weigh
from .warranty import Base, Cover, base_of, of_labour, of_part

_NONE = {"state": "unknown_machine", "until": None}


def decide(visit: ServiceVisit, facts: Facts) -> Decision:
    times = times_of(visit, facts.capture)
    name, machine = machine_of(visit, facts)
    if visit.stage != "submitted":
        figures = {"at": times.at, "machine": name, "parts": {}, "labour": _NONE, "signature": "none"}
        records = published(visit, facts, times, name) if visit.stage == "draft" and times.came is not None else ()
        verdict: Verdict = "draft" if visit.stage == "draft" else "withdrawn"
        return Decision(verdict, figures=figures, records=records, records_read=read(visit, machine))
    parts = weigh(visit, facts.records)
    at, late = posted_at(times.at, facts)
    base = base_of(machine, sale_of(visit, machine, facts), facts.records)
    covers = {each.id: of_part(base, each.part.product, times.at, facts.records) for each in parts}
    labour = of_labour(base, times.at)
    books = books_of(visit, facts)
    problems = [each.problem for each in parts if each.problem is not None]
    reasons = [*_written(visit, facts, times, machine is not None), *problems]
    reasons += shortages(parts, {(key.location, key.item): facts.books.get(key, 0) for key in books})
    if late is not None:
        reasons.append(late_reason(times.at, late, "V5"))
    reasons += _warranty(visit, base, parts, covers, labour)
    if visit.requested:
        reasons.append(Reason("parts_requested", {"count": len(visit.requested)}, None, "V8"))
    signature = _signature(visit)
    if signature == "outdated" and visit.signature is not None:
        signed = milliseconds(visit.signature.signed_at) + facts.capture.clock_offset
        reasons.append(Reason("signature_outdated", {"signed": signed}, None, "V9"))
    reviewed = _review(reasons, problems, facts)
    verdict = "held" if problems and not reviewed else "accepted"
    sets = posting_sets(visit, parts)
    return Decision(
        verdict,
        tuple(reasons),
        {
            "at": times.at,
            "machine": name,
            "parts": {each: _told(cover) for each, cover in covers.items()},
            "labour": _told(labour),
            "signature": signature,
        },
        sets,
        published(visit, facts, times, name),
        _notices(visit, verdict),
        times=dict.fromkeys(sets, at),
        books=books,
        records_read=read(visit, machine),
    )


def _written(visit: ServiceVisit, facts: Facts, times: Times, known: bool) -> list[Reason]:
    reasons = []
    if facts.conflicts:
        params = {"count": len(facts.conflicts), "paths": ", ".join(facts.conflicts)[:200]}
        reasons.append(Reason("competing_values", params, None, "V10"))
    if times.implausible is not None:
        reasons.append(times.implausible)
    if times.disordered:
        reasons.append(Reason("visit_times_disordered", {}, None, "V2"))
    if not known and visit.machine is None and not visit.serial.strip():
        reasons.append(Reason("visit_without_machine", {}, None, "V1"))
    if visit.outcome is None:
        reasons.append(Reason("visit_without_outcome", {}, None, "V1"))
    return reasons


def _warranty(
    visit: ServiceVisit, base: Base, parts: list[Weighed], covers: dict[str, Cover], labour: Cover
) -> list[Reason]:
    if not parts and not visit.labour_minutes:
        return []
    if base.state == "unknown_machine":
        return [Reason("warranty_unknown_machine", {"serial": visit.serial}, None, "V6")]
    if base.state == "no_policy":
        return [Reason("warranty_no_policy", {"product": base.product}, None, "V6")]
    reasons = []
    for each in parts:
        params = {"product": each.part.product, "until": covers[each.id].until}
        if covers[each.id].state == "in_warranty":
            reasons.append(Reason("part_in_warranty", params, each.id, "V6"))
        else:
            reasons.append(Reason("part_out_of_warranty", params, each.id, "V6"))
    if visit.labour_minutes:
        if labour.state == "in_warranty":
            reasons.append(Reason("labour_in_warranty", {"until": labour.until}, None, "V6"))
        else:
            reasons.append(Reason("labour_out_of_warranty", {"until": labour.until}, None, "V6"))
    return reasons


def _told(cover: Cover) -> dict[str, Any]:
    return {"state": cover.state, "until": cover.until}


def _signature(visit: ServiceVisit) -> str:
    if visit.signature is None:
        return "none"
    return "valid" if visit.signature.signed_hash == signed_hash(visit) else "outdated"


def _review(reasons: list[Reason], problems: list[Reason], facts: Facts) -> bool:
    """Headquarters has seen exactly these problems (V11)."""
    last = next((each for each in reversed(facts.commands) if each.name == "review"), None)
    if last is None or last.params["seen"] != seen(problems):
        return False
    reasons.append(Reason("visit_reviewed", {"by": last.by, "note": last.params["note"]}, None, "V11"))
    return True


def seen(problems: list[Reason]) -> list[str]:
    return sorted(f"{each.line} {each.code} {sorted(each.params.items())}" for each in problems)


def _notices(visit: ServiceVisit, verdict: Verdict) -> tuple[Notice, ...]:
    named = {"number": visit.number}
    notices = [Notice("hq", "visit_held" if verdict == "held" else "visit_recorded", named)]
    if visit.requested:
        notices.append(Notice("hq", "visit_parts_requested", {**named, "count": len(visit.requested)}))
    return tuple(notices)


def row(visit: ServiceVisit, decision: Decision) -> dict[str, Any]:
    figures = decision.figures
    codes = {each.code for each in decision.reasons}
    return {
        "number": visit.number,
        "title": visit.model or visit.serial or visit.number,
        "total": None,
        "currency": None,
        "at": iso(figures["at"]),
        "dealer": visit.dealer,
        "stage": visit.stage,
        "technician": visit.technician,
        "request": visit.request,
        "machine": figures["machine"],
        "serial": visit.serial,
        "outcome": visit.outcome,
        "parts": len(visit.parts),
        "photos": len(visit.photos_before) + len(visit.photos_after),
        "signature": figures["signature"],
        "attention": decision.verdict == "held" or bool({"competing_values", "signature_outdated"} & codes),
        "case": False,
    }


def scope(visit: ServiceVisit) -> str:
    return f"service:{visit.dealer}"
