"""Days and moments: a moment is UTC milliseconds by the server's clock, a day is an ISO date."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from .decision import Reason
from .facts import Capture

AHEAD_MS = 10 * 60 * 1000
"""So much may a device's corrected clock be ahead of the server's."""
BEHIND_MS = 92 * 24 * 3600 * 1000
"""So long may something have waited for a signal."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def noon_of(day: str | None, latest: int) -> int:
    """The middle of a day, where only the day is known; never after `latest`, which is also the answer for None."""
    if day is None:
        return latest
    noon = datetime.combine(datetime.fromisoformat(day).date(), time(12), UTC)
    return min(int(noon.timestamp() * 1000), latest)


def milliseconds(moment: datetime) -> int:
    """UTC milliseconds of a moment, exactly."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def iso(at: int) -> str:
    """``2026-03-02T08:00:00.000Z``."""
    return (_EPOCH + timedelta(milliseconds=at)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def happened(by_device: datetime, capture: Capture, rule: str) -> tuple[int, Reason | None]:
    """When it was by the server's clock (SY7). What cannot be is taken as the first arrival, and said."""
    at = milliseconds(by_device) + capture.clock_offset
    if capture.received_at - BEHIND_MS <= at <= capture.decided_at + AHEAD_MS:
        return at, None
    params = {"captured": at, "received": capture.received_at, "clock_offset": capture.clock_offset}
    return capture.received_at, Reason("clock_implausible", params, None, rule)
