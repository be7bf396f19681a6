"""What happened to a request, folded by the time at which it happened: visits by the technicians' clocks, commands by headquarters'.

A visit may arrive before its request or weeks after it was closed; the same things in any order of arrival give the same story.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from ...facts import Command, Facts, RecordKey
from ...working_time import Span

State = Literal["open", "assigned", "under_way", "waiting", "fixed", "closed"]
VISIT = "visit"
_NEVER = 2**52
_RANK = {"assign": 0, "pause": 1, "resume": 2, "came": 3, "left": 4, "close": 5, "reopen": 6}
"""Of what happened in the same millisecond."""


class Event(msgspec.Struct, frozen=True):
    at: int
    what: str
    id: str
    told: dict[str, Any]


class Story(msgspec.Struct):
    state: State = "open"
    technician: str | None = None
    technician_name: str = ""
    planned_on: str | None = None
    responded_at: int | None = None
    fixed_at: int | None = None
    waiting_for: str | None = None
    waiting_note: str = ""
    paused_since: int | None = None
    pauses: list[Span] = []
    closing: Command | None = None
    reopening: Command | None = None
    after_closing: list[Event] = []
    last_visit: Event | None = None

    def all_pauses(self) -> list[Span]:
        """With the one that has not ended."""
        return self.pauses if self.paused_since is None else [*self.pauses, (self.paused_since, _NEVER)]


def visits_of(facts: Facts) -> dict[str, dict[str, Any]]:
    """What visits have published about this request, by their ids."""
    return facts.below(RecordKey(VISIT, facts.document))


def tell(facts: Facts) -> Story:
    story = Story()
    for event in sorted(_events(facts), key=lambda each: (each.at, _RANK[each.what], each.id)):
        _FOLDS[event.what](story, event)
    return story


def _events(facts: Facts) -> list[Event]:
    done = [
        Event(each.at, each.name, f"{number:06d}", {"command": each, **each.params})
        for number, each in enumerate(facts.commands)
        if each.name in _FOLDS
    ]
    for name, visit in visits_of(facts).items():
        if visit["came_at"] is not None:
            done.append(Event(visit["came_at"], "came", name, visit))
        if visit["left_at"] is not None:
            done.append(Event(visit["left_at"], "left", name, visit))
    return done


def _back(story: Story) -> State:
    return "assigned" if story.technician else "open"


def _begin_pause(story: Story, at: int, reason: str, note: str = "") -> None:
    story.state = "waiting"
    story.waiting_for, story.waiting_note = reason, note
    if story.paused_since is None:
        story.paused_since = at


def _end_pause(story: Story, at: int) -> None:
    if story.paused_since is not None:
        story.pauses = [*story.pauses, (story.paused_since, at)]
    story.paused_since = story.waiting_for = None
    story.waiting_note = ""


def _assign(story: Story, event: Event) -> None:
    story.technician, story.technician_name = event.told["technician"], event.told["name"]
    story.planned_on = event.told["planned_on"]
    if story.state == "open":
        story.state = "assigned"


def _pause(story: Story, event: Event) -> None:
    if story.state not in ("fixed", "closed"):
        _begin_pause(story, event.at, event.told["reason"], event.told["note"])


def _resume(story: Story, event: Event) -> None:
    if story.state == "waiting":
        _end_pause(story, event.at)
        story.state = _back(story)


def _came(story: Story, event: Event) -> None:
    story.last_visit = event
    if story.responded_at is None:
        story.responded_at = event.at
    if story.state == "closed":
        story.after_closing = [*story.after_closing, event]
        return
    _end_pause(story, event.at)
    story.state, story.fixed_at = "under_way", None


def _left(story: Story, event: Event) -> None:
    story.last_visit = event
    if story.state == "closed":
        return
    outcome = event.told["outcome"]
    if outcome == "fixed":
        _end_pause(story, event.at)
        story.state, story.fixed_at = "fixed", event.at
    elif outcome == "parts_needed":
        _begin_pause(story, event.at, "parts")
    elif outcome == "refused":
        _begin_pause(story, event.at, "customer")
    else:
        story.state = _back(story)


def _close(story: Story, event: Event) -> None:
    _end_pause(story, event.at)
    story.state, story.closing = "closed", event.told["command"]
    if story.fixed_at is None:
        story.fixed_at = event.at


def _reopen(story: Story, event: Event) -> None:
    # Between the repair and the day it was found to be none, nobody owed anything.
    if story.fixed_at is not None:
        story.pauses = [*story.pauses, (story.fixed_at, event.at)]
    story.fixed_at = story.closing = None
    story.state, story.reopening = _back(story), event.told["command"]


_FOLDS: Mapping[str, Any] = {
    "assign": _assign,
    "pause": _pause,
    "resume": _resume,
    "came": _came,
    "left": _left,
    "close": _close,
    "reopen": _reopen,
}
