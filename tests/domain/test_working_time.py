"""Working time: weeks with holidays and pauses, and that counting and looking ahead are each other's opposite."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.master import ServiceHours
from server.domain.working_time import DAY, MINUTE, merged, moment_after, working_minutes

WORKDAY = [{"start": "08:00", "end": "12:00"}, {"start": "13:00", "end": "17:30"}]
HOURS = {
    "id": "main", "utc_offset_minutes": 480, "week": [*[WORKDAY] * 5, [{"start": "09:00", "end": "12:00"}], []],
    "holidays": ["2026-10-01", "2026-10-02"],
}  # fmt: skip


def at(text: str) -> int:
    """A moment in China."""
    return int(datetime.fromisoformat(f"{text}+08:00").timestamp() * 1000)


def test_the_hours_are_a_master_record() -> None:
    ServiceHours.model_validate(HOURS)


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-09-28T08:00", "2026-09-28T09:30", 90),
        ("2026-09-28T11:30", "2026-09-28T13:30", 60),
        ("2026-09-28T17:00", "2026-09-29T08:15", 45),
        ("2026-09-26T11:00", "2026-09-28T08:10", 70),
        ("2026-09-30T17:00", "2026-10-03T09:30", 60),
        ("2026-09-27T00:00", "2026-09-27T23:59", 0),
        ("2026-09-28T09:00", "2026-09-28T08:00", 0),
    ],
    ids=["a morning", "over noon", "over night", "over a weekend", "over holidays", "a free day", "backwards"],
)
def test_minutes_between(start: str, end: str, minutes: int) -> None:
    assert working_minutes(at(start), at(end), HOURS) == minutes


def test_what_is_paused_does_not_count() -> None:
    pauses = [
        (at("2026-09-28T08:30"), at("2026-09-28T09:00")),
        (at("2026-09-28T08:45"), at("2026-09-28T12:30")),
        (at("2026-09-28T17:00"), at("2026-09-28T22:00")),
    ]
    assert working_minutes(at("2026-09-28T08:00"), at("2026-09-29T08:00"), HOURS, pauses) == 30 + 240
    assert moment_after(at("2026-09-28T08:00"), 31, HOURS, pauses) == at("2026-09-28T13:01")


def test_where_nobody_ever_works_nothing_is_ever_due() -> None:
    assert moment_after(0, 1, {**HOURS, "week": [[]] * 7}) is None
    assert moment_after(0, 90, None) == 90 * MINUTE
    assert working_minutes(0, 90 * MINUTE + 5, None) == 90


def test_spans_that_touch_are_one() -> None:
    assert merged([(5, 9), (1, 3), (3, 5), (20, 20), (30, 40)]) == [(1, 9), (30, 40)]


@given(
    st.integers(0, 40 * DAY),
    st.integers(1, 5_000),
    st.lists(st.tuples(st.integers(0, 40 * DAY), st.integers(0, 2 * DAY)), max_size=5),
)
def test_what_is_due_after_so_many_minutes_is_so_many_minutes_away(
    start: int, minutes: int, drawn: list[tuple[int, int]]
) -> None:
    pauses = [(begin, begin + length) for begin, length in drawn]
    due = moment_after(start, minutes, HOURS, pauses)
    assert due is not None
    assert working_minutes(start, due, HOURS, pauses) == minutes
    assert working_minutes(start, due - 1, HOURS, pauses) == minutes - 1
