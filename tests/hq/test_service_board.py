"""The service board: what is open, its clock in working time, who goes there."""

from __future__ import annotations

from typing import Any

import pytest

from server.hq.service_board import clock_of
from server.sync.masters import RecordPut
from tests.sync.service_world import technician

MINUTE = 60_000
LEVELS = {"id": "main", "urgency": {"down": {"respond": 60, "fix": 480}, "normal": {"respond": 960, "fix": 2400}}}


async def opened(desk, dealer: str = "alfki", urgency: str = "normal", **more: object) -> str:
    params = {"dealer": dealer, "fault": "It leaks", "serial": "TR-1", "urgency": urgency, **more}
    return (await desk.done(None, "open", "service_request", **params))["document"]


async def test_the_board_from_opening_to_closing(world, desk):
    await world.pipeline.put_records("me", [RecordPut("catalog", "sla", "main", LEVELS)])
    wu = await technician(world, "alfki", "berga")
    account = wu.principal.account
    calm, urgent, other = await opened(desk), await opened(desk, urgency="down"), await opened(desk, "berga")
    board = await desk.get("/hq/service")
    assert [row["document"] for row in board["rows"]] == [urgent, calm, other]
    assert board["counts"] == {"open": 3}
    assert (board["technicians"], board["cut"]) == (
        [{"id": account, "name": "Wu Gang", "dealers": ["alfki", "berga"], "open": 0}], False,
    )  # fmt: skip
    clock = board["rows"][0]["sla"]
    assert (clock["what"], clock["stands"], clock["late"]) == ("respond", False, False)
    assert 58 <= clock["minutes"] <= 60
    assert board["rows"][0]["dealer_name"] == "Alfki"
    await desk.done(calm, "assign", "service_request", technician=account, planned_on="2030-01-31")
    await desk.done(urgent, "pause", "service_request", reason="parts")

    async def found(**wanted: object) -> list[str]:
        return [row["document"] for row in (await desk.get("/hq/service", **wanted))["rows"]]

    assert await found(technician=account) == await found(state="assigned") == [calm]
    assert await found(technician="none", state="open") == [other]
    assert await found(urgency="down") == [urgent]
    assert await found(dealer="berga") == await found(q="berga") == [other]
    assert await found(late=1) == await found(q="nothing like it") == []
    board = await desk.get("/hq/service", state="waiting")
    assert board["rows"][0]["sla"] == {"what": "fix", "due": None, "minutes": None, "stands": True, "late": False}
    # Counts are of what the other filters leave.
    assert board["counts"] == {"open": 1, "assigned": 1, "waiting": 1}
    assert board["technicians"][0]["open"] == 1
    await desk.done(urgent, "close", "service_request", note="By telephone")
    assert sorted(await found()) == sorted([calm, other])
    closed = (await desk.get("/hq/documents", kind="service_request", verdict="closed"))["rows"]
    assert [row["document"] for row in closed] == [urgent]


HOURS: dict[str, Any] = {
    "utc_offset_minutes": 0,
    "week": [[{"start": "08:00", "end": "12:00"}]] * 5 + [[], []],
    "holidays": [],
}


def at(day: int, hour: int, minute: int = 0) -> int:
    """A moment of the week that began on Monday, 5 January 1970."""
    return ((4 + day) * 24 * 60 + hour * 60 + minute) * MINUTE


@pytest.mark.parametrize(
    ("now", "due", "minutes", "late"),
    [
        (at(0, 11), at(1, 9), 120, False),
        (at(4, 11), at(7, 9), 120, False),  # over a weekend
        (at(5, 3), at(7, 9), 60, False),
        (at(1, 9), at(0, 11), -120, True),
        (at(5, 3), at(4, 12), 0, True),  # late, and nobody works yet
        (at(0, 9), at(0, 9), 0, False),
    ],
)
def test_what_is_left_is_working_time(now, due, minutes, late):
    row = {"state": "assigned", "respond": "met", "respond_due": 1, "fix_due": due}
    assert clock_of(row, HOURS, now) == {"what": "fix", "due": due, "minutes": minutes, "stands": False, "late": late}


def test_what_is_done_or_not_promised_has_no_clock():
    assert clock_of({"state": "fixed", "respond": "met", "fix_due": 5}, None, 9) is None
    assert clock_of({"state": "open", "respond": "open", "respond_due": None}, None, 9) is None
