"""What a visit tells its request, its machine and headquarters' parts desk (V7, V8)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...decision import RecordWrite
from ...facts import Facts
from .document import ServiceVisit, UsedPart, WantedPart
from .timing import Times

LONGEST = 500
"""Letters of prose in a machine's history; the visit has it whole."""


def published(visit: ServiceVisit, facts: Facts, times: Times, machine: str | None) -> tuple[RecordWrite, ...]:
    told = {"visit": facts.document, "number": visit.number, "technician": visit.technician}
    records = []
    if visit.request is not None:
        body = {
            **told,
            "came_at": times.came,
            "left_at": times.left,
            "outcome": visit.outcome if times.left is not None else None,
        }
        records.append(RecordWrite("visit", f"{visit.request}/{facts.document}", body))
    if visit.stage != "submitted":
        return tuple(records)
    if machine is not None:
        history = {
            **told,
            "request": visit.request,
            "at": times.at,
            "outcome": visit.outcome,
            "diagnosis": visit.diagnosis[:LONGEST],
            "action": visit.action[:LONGEST],
            "meter": visit.meter,
            "parts": _lines(visit.parts.items()),
            "photos": len(visit.photos_before) + len(visit.photos_after),
        }
        records.append(RecordWrite("machine_visit", f"{machine}/{facts.document}", history))
    if visit.requested:
        wanted = {
            **told,
            "request": visit.request,
            "machine": machine,
            "serial": visit.serial,
            "dealer": visit.dealer,
            "at": times.at,
            "parts": _lines(visit.requested.items()),
        }
        records.append(RecordWrite("parts_request", facts.document, wanted))
    return tuple(records)


def _lines(parts: Iterable[tuple[str, UsedPart | WantedPart]]) -> list[dict[str, Any]]:
    return [
        {"product": part.product, "quantity": part.quantity, "unit": part.unit}
        for _, part in sorted(parts, key=lambda pair: (pair[1].position, pair[0]))
    ]
