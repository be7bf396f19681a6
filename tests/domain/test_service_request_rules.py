"""A request's story and clock: the same whatever arrives first."""

from __future__ import annotations

from datetime import datetime
from itertools import permutations
from typing import Any

import pytest

from server.domain.decision import Decision
from server.domain.facts import RecordKey

from .book import Book

DOCUMENT, VISIT = "a" * 32, "b" * 32
WEEK = [[{"start": "08:00", "end": "17:00"}]] * 5 + [[], []]
RECORDS = {
    RecordKey("dealer", "alfki"): {"id": "alfki"},
    RecordKey("service_hours", "main"): {"utc_offset_minutes": 480, "week": WEEK, "holidays": []},
    RecordKey("sla", "main"): {
        "urgency": {"normal": {"respond": 480, "fix": 960}, "down": {"respond": 120, "fix": 480}},
    },
    RecordKey("technician", "wu"): {"id": "wu", "name": "Wu Gang", "dealers": ["alfki"]},
    RecordKey("technician", "li"): {"id": "li", "name": "Li Na", "dealers": ["berga"]},
}


def at(text: str) -> int:
    """A moment in China in the first week of March 2026, which begins on a Sunday: ``02T08:00`` is Monday."""
    return int(datetime.fromisoformat(f"2026-03-{text}+08:00").timestamp() * 1000)


def request(**more: Any) -> dict[str, Any]:
    return {
        "kind": "service_request", "schema": 1, "number": "T-1", "dealer": "alfki", "stage": "submitted", "serial": "TR90-1",
        "opened_at": "2026-03-02T08:00:00+08:00", "fault": "No oil pressure", **more,
    }  # fmt: skip


def visit(came: str | None, left: str | None = None, outcome: str | None = None) -> dict[str, Any]:
    return {
        "number": "V-1", "came_at": came and at(came), "left_at": left and at(left), "outcome": outcome,
    }  # fmt: skip


class Desk:
    """A book in which visits are told as other documents would publish them."""

    def __init__(self) -> None:
        self.book = Book(dict(RECORDS), at("02T08:05"))

    def visit(self, body: dict[str, Any], name: str = VISIT) -> None:
        self.book.published[RecordKey("visit", f"{DOCUMENT}/{name}")] = body

    def push(self, **more: Any) -> Decision:
        return self.book.push(DOCUMENT, request(**more))

    def does(self, when: str, name: str, **params: Any) -> Any:
        self.book.now = at(when)
        return self.book.command(DOCUMENT, name, params)

    @property
    def figures(self) -> dict[str, Any]:
        decision = self.book.entries[DOCUMENT].decision
        assert decision is not None
        return decision.figures

    @property
    def codes(self) -> list[str]:
        decision = self.book.entries[DOCUMENT].decision
        assert decision is not None
        return [reason.code for reason in decision.reasons]


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.mark.rule("Q1")
def test_whatever_is_written_is_accepted(desk: Desk) -> None:
    assert desk.push(serial="", fault="").verdict == "accepted"
    assert desk.codes == ["request_without_machine", "request_without_fault"]
    assert desk.push(stage="draft").verdict == "draft"
    assert desk.push(stage="withdrawn").verdict == "withdrawn"
    desk.visit(visit("02T10:00"))
    assert desk.push(stage="withdrawn").verdict == "accepted"


@pytest.mark.rule("Q2")
def test_the_clock_of_the_device_is_corrected_or_not_believed(desk: Desk) -> None:
    desk.push()
    assert desk.figures["opened_at"] == at("02T08:00")
    desk.book.push(DOCUMENT, request(), clock_offset=-60_000)
    assert desk.figures["opened_at"] == at("02T07:59")
    desk.push(opened_at="2031-01-01T00:00:00Z")
    assert desk.figures["opened_at"] == at("02T08:05")
    assert desk.codes == ["clock_implausible"]
    desk.push(opened_at=None)
    assert desk.figures["opened_at"] == at("02T08:05")


@pytest.mark.rule("Q3")
@pytest.mark.parametrize(
    ("outcome", "state"), [("fixed", "fixed"), ("parts_needed", "waiting"), ("revisit", "open"), ("refused", "waiting")]
)
def test_the_state_follows_from_visits(desk: Desk, outcome: str, state: str) -> None:
    desk.visit(visit("02T10:00"))
    desk.push()
    assert desk.figures["state"] == "under_way"
    desk.visit(visit("02T10:00", "02T11:00", outcome))
    desk.push()
    assert desk.figures["state"] == state
    assert desk.figures["visits"] == [VISIT]


@pytest.mark.rule("Q3")
def test_any_order_of_arrival_tells_the_same_story() -> None:
    """Two visits and the request itself; what headquarters did stands at its own times."""
    stories = []
    steps = {
        "request": lambda desk: desk.push(),
        "first": lambda desk: desk.visit(visit("02T10:00", "02T11:00", "parts_needed"), "c" * 32),
        "second": lambda desk: desk.visit(visit("04T09:00", "04T12:00", "fixed"), "d" * 32),
    }
    for order in permutations(steps):
        desk = Desk()
        for step in order:
            steps[step](desk)
        desk.push()
        desk.does("03T09:00", "assign", technician="wu", planned_on="2026-03-04")
        stories.append((desk.figures, desk.codes))
    assert all(story == stories[0] for story in stories)
    figures, codes = stories[0]
    assert figures["state"] == "fixed"
    assert (figures["responded_at"], figures["fixed_at"]) == (at("02T10:00"), at("04T12:00"))
    assert figures["paused_minutes"] == 6 * 60 + 9 * 60 + 60
    assert codes == ["request_assigned", "request_visited", "request_fixed"]


@pytest.mark.rule("Q4")
def test_deadlines_are_working_time_and_judged_by_when_it_happened(desk: Desk) -> None:
    desk.push()
    assert (desk.figures["respond_due"], desk.figures["fix_due"]) == (at("02T16:00"), at("03T15:00"))
    assert (desk.figures["respond"], desk.figures["fix"]) == ("open", "open")
    desk.book.now = at("20T08:00")
    desk.visit(visit("02T15:00", "03T14:00", "fixed"))
    desk.push()
    assert (desk.figures["respond"], desk.figures["fix"]) == ("met", "met")
    desk.push(urgency="down")
    assert (desk.figures["respond"], desk.figures["fix"]) == ("late", "late")
    assert desk.codes[-2:] == ["response_late", "repair_late"]
    desk.push(urgency="low")
    assert (desk.figures["respond_due"], desk.figures["fix"]) == (None, "met")


@pytest.mark.rule("Q5")
def test_the_clock_stands_still_while_it_waits(desk: Desk) -> None:
    desk.push()
    for reason, code in (("parts", "parts"), ("customer", "customer"), ("other", "other")):
        desk.does("02T09:00", "pause", reason=reason, note="")
        assert desk.codes == [f"request_waiting_{code}"]
    assert (desk.figures["fix_due"], desk.figures["paused_since"]) == (None, at("02T09:00"))
    desk.does("02T12:00", "resume")
    assert desk.figures["paused_minutes"] == 180
    assert desk.figures["fix_due"] == at("04T09:00")
    assert desk.does("02T12:30", "resume") == ("not_waiting", {"state": "open"})


@pytest.mark.rule("Q5")
def test_what_was_reopened_owes_nothing_for_the_time_in_which_it_seemed_to_run(desk: Desk) -> None:
    desk.visit(visit("02T10:00", "02T11:00", "fixed"))
    desk.push()
    desk.does("05T08:00", "reopen", reason="It stopped again")
    assert desk.figures["state"] == "open"
    assert desk.figures["fix_due"] == at("06T12:00")
    assert desk.codes == ["request_reopened", "request_visited"]


@pytest.mark.rule("Q6")
def test_only_who_serves_the_dealer_is_sent(desk: Desk) -> None:
    desk.push()
    assert desk.does("02T09:00", "assign", technician="li") == ("technician_not_of_dealer", {"technician": "li"})
    assert desk.does("02T09:00", "assign", technician="no") == ("technician_not_of_dealer", {"technician": "no"})
    decision = desk.does("02T09:00", "assign", technician="wu", planned_on="2026-03-03")
    assert (decision.figures["state"], decision.figures["technician_name"]) == ("assigned", "Wu Gang")
    assert [notice.audience for notice in decision.notices] == ["scope"]


@pytest.mark.rule("Q7")
def test_closed_and_opened_again(desk: Desk) -> None:
    desk.push()
    assert desk.does("02T09:00", "close", note="by telephone").verdict == "closed"
    assert desk.figures["fixed_at"] == at("02T09:00")
    desk.visit(visit("02T10:00", "02T11:00", "parts_needed"))
    desk.push()
    assert desk.figures["state"] == "closed"
    assert desk.codes == ["request_visited", "request_closed", "visited_after_closing"]
    assert desk.does("02T12:00", "reopen", reason="still leaks").figures["state"] == "open"
    desk.visit(visit("02T08:30", "02T08:50", "fixed"))
    desk.push()
    assert desk.figures["fixed_at"] is None


@pytest.mark.rule("Q8")
def test_two_values_at_once_are_told(desk: Desk) -> None:
    desk.book.push(DOCUMENT, request(), conflicts=("urgency",))
    assert desk.codes == ["competing_values"]
    assert desk.book.entries[DOCUMENT].row["attention"]


@pytest.mark.rule("Q9")
def test_what_does_not_fit_the_state_is_refused(desk: Desk) -> None:
    desk.push(stage="draft")
    assert desk.does("02T09:00", "assign", technician="wu") == ("request_not_open", {"state": "draft"})
    assert desk.does("02T09:00", "close") == ("request_not_open", {"state": "open"})
    desk.push()
    assert desk.does("02T09:00", "reopen", reason="x") == ("not_closed", {"state": "open"})
    desk.does("02T09:00", "close")
    assert desk.does("02T09:00", "pause", reason="parts") == ("request_not_open", {"state": "closed"})
    assert desk.book.create("e" * 32, "service_request", {**request(), "dealer": "nobody"}) == (
        "unknown_dealer",
        {"dealer": "nobody"},
    )
