"""Working time: how much of it lies between two moments, and when so much of it is over.

Moments are UTC milliseconds. Hours are the body of the record `service_hours`: a fixed offset from UTC, the spans of each
weekday, and the days on which nobody works. Without it every minute counts. Pauses are spans of time that do not count.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

MINUTE = 60_000
DAY = 24 * 60 * MINUTE
LONGEST_DAYS = 3_660
"""A deadline that is further away than ten years is none."""
_EPOCH = date(1970, 1, 1)

Span = tuple[int, int]
"""From a moment up to another."""
Hours = Mapping[str, Any] | None


def working_minutes(start: int, end: int, hours: Hours, pauses: Iterable[Span] = ()) -> int:
    """Whole minutes of working time from `start` to `end`, without what lies in a pause. 0 where the end comes first."""
    paused = merged(pauses)
    return sum(each[1] - each[0] for span in _spans(start, end, hours) for each in _without(span, paused)) // MINUTE


def moment_after(start: int, minutes: int, hours: Hours, pauses: Iterable[Span] = ()) -> int | None:
    """When so many minutes of working time will have passed since `start`; None: never, or not within ten years."""
    left = minutes * MINUTE
    paused = merged(pauses)
    for span in _spans(start, start + LONGEST_DAYS * DAY, hours):
        for begin, end in _without(span, paused):
            if end - begin >= left:
                return begin + left
            left -= end - begin
    return None


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same time as spans that do not touch, in their order; empty ones left out."""
    found: list[Span] = []
    for begin, end in sorted(span for span in spans if span[0] < span[1]):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return found


def _spans(start: int, end: int, hours: Hours) -> Iterator[Span]:
    """The working time between two moments, span by span."""
    if start >= end:
        return
    if hours is None:
        yield start, end
        return
    offset = hours["utc_offset_minutes"] * MINUTE
    week = [merged((minute_of(span["start"]), minute_of(span["end"])) for span in day) for day in hours["week"]]
    holidays = frozenset(hours.get("holidays", ()))
    first, last = (start + offset) // DAY, (end + offset) // DAY
    for number in range(first, last + 1):
        day = _EPOCH + timedelta(days=number)
        if day.isoformat() in holidays:
            continue
        midnight = number * DAY - offset
        for begin, stop in week[day.weekday()]:
            span = max(start, midnight + begin * MINUTE), min(end, midnight + stop * MINUTE)
            if span[0] < span[1]:
                yield span


def _without(span: Span, pauses: list[Span]) -> Iterator[Span]:
    """What is left of a span. `pauses` are merged."""
    begin, end = span
    place = max(0, bisect_right(pauses, (begin, begin)) - 1)
    for start, stop in pauses[place:]:
        if start >= end:
            break
        if start > begin:
            yield begin, start
        begin = max(begin, stop)
    if begin < end:
        yield begin, end


def minute_of(time: str) -> int:
    """Minutes since midnight of ``08:30``; ``24:00`` is the end of the day."""
    hour, _, minute = time.partition(":")
    return int(hour) * 60 + int(minute)
