"""Days and moments: a moment is UTC milliseconds by the server's clock, a day is an ISO date."""

from __future__ import annotations

from datetime import UTC, datetime, time


def noon_of(day: str | None, latest: int) -> int:
    """The middle of a day, where only the day is known; never after `latest`, which is also the answer for None."""
    if day is None:
        return latest
    noon = datetime.combine(datetime.fromisoformat(day).date(), time(12), UTC)
    return min(int(noon.timestamp() * 1000), latest)
