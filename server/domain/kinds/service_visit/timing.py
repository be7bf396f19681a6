"""When a visit was, by the server's clock: its times are those of the device that it names (V2)."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

import msgspec

from ...decision import Reason
from ...facts import Capture
from ...moments import happened
from .document import ServiceVisit


class Times(msgspec.Struct):
    at: int
    """When parts were used, and what warranty is judged by: its end, or else the latest that is known."""
    came: int | None
    left: int | None
    disordered: bool
    implausible: Reason | None


def times_of(visit: ServiceVisit, capture: Capture) -> Times:
    clock = capture.clocks.get(visit.device)
    if clock is not None:
        # What came later from other devices says nothing of the clock by which it was written down.
        capture = Capture(capture.received_at, clock.received_at, clock.offset)
    known = [moment for moment in (visit.arrived_at, visit.started_at, visit.ended_at) if moment is not None]
    disordered = any(former > later for former, later in pairwise(known))
    at, implausible = happened(visit.ended_at or (known[-1] if known else visit.created_at), capture, "V2")

    def by_server(moment: datetime | None) -> int | None:
        return None if moment is None else min(happened(moment, capture, "V2")[0], at)

    came = by_server(visit.arrived_at or visit.started_at or visit.ended_at)
    if visit.stage != "submitted":
        return Times(at, came, None, disordered, implausible)
    return Times(at, at if came is None else came, at, disordered, implausible)
