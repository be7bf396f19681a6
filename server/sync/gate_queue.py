"""What waits for the merge gate's workers, and whose turn it is.

Callers take turns, so that a large push does not hold up a small one; what one caller asks is handed out in the order in which
it asked. A worker may have one slice more than the one it works on, so that it need not wait until the server finds the time to read its
answer: only from a caller who has the queue for itself, and not of the last slices, which are for whoever is free first.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence

import msgspec

from ..problems import Problem
from .verdict import Task, Verdict

SLICE_DOCUMENTS = 32
SLICE_BYTES = 512 * 1024
HELD = 2
"""Slices that a worker has at most: the one that it works on, and the next."""


class Turn:
    """A caller's place in the queue; a push of several portions keeps the same one for all of them."""

    def __init__(self) -> None:
        self.calls: deque[Call] = deque()
        """Of which something is still to be handed out."""

    def slices(self) -> int:
        return sum(len(call.slices) for call in self.calls)


class Call:
    """One `Gate.examine`: what is left to hand out, and what came back."""

    def __init__(self, tasks: list[Task], turn: Turn, workers: int) -> None:
        self.tasks = tasks
        self.turn = turn
        self.slices = sliced(tasks, workers)
        self.suspects: deque[int] = deque()
        """Documents that a worker was at when it died: to be examined one by one."""
        self.verdicts: list[Verdict | None] = [None] * len(tasks)
        self.left = len(tasks)
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def settle(self, place: int, verdict: Verdict) -> None:
        self.verdicts[place] = verdict
        self.left -= 1
        if not self.left and not self.done.done():
            self.done.set_result(None)

    def drop(self) -> None:
        """Nothing of it is handed out any more."""
        self.slices.clear()
        self.suspects.clear()

    def give_up(self, reason: str) -> None:
        """Nobody is to blame: the caller is told to come again."""
        self.drop()
        if not self.done.done():
            self.done.set_exception(Problem(503, "busy", reason, {"Retry-After": "2"}))


class Held(msgspec.Struct):
    """What a worker has: documents of a call by their places in it. `alone`: a suspect, that nothing may stand behind."""

    call: Call
    places: list[int]
    alone: bool = False


class Queue:
    """For `workers` workers."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._turns: deque[Turn] = deque()
        self._filled = asyncio.Event()

    def add(self, call: Call) -> None:
        """Behind what its caller asked before."""
        call.turn.calls.append(call)
        self._line_up(call.turn)

    def give_back(self, call: Call, slices: Sequence[list[int]] = (), suspects: Sequence[int] = ()) -> None:
        """What a worker had and did not answer, to be handed out before anything else of its caller."""
        if call.done.done():  # the caller has gone
            return
        call.slices.extendleft(reversed(slices))
        call.suspects.extend(suspects)
        if call not in call.turn.calls:
            call.turn.calls.appendleft(call)
        self._line_up(call.turn)

    def take(self, held: Sequence[Held]) -> Held | None:
        """The next for a worker that has `held`. None: nothing, as things are."""
        turn = self._next_turn()
        if turn is None or (held and not self._may_have_more(held, turn)):
            return None
        call = turn.calls[0]
        if call.slices:
            taken = Held(call, call.slices.popleft())
        elif not held:
            taken = Held(call, [call.suspects.popleft()], alone=True)
        else:
            return None
        self._turns.rotate(-1)
        return taken

    async def wait(self) -> None:
        """Until something may be there to take."""
        self._filled.clear()
        await self._filled.wait()

    def give_up(self, reason: str) -> None:
        while self._turns:
            for call in self._turns.popleft().calls:
                call.give_up(reason)

    def _line_up(self, turn: Turn) -> None:
        if turn not in self._turns:
            self._turns.append(turn)
        self._filled.set()

    def _next_turn(self) -> Turn | None:
        """Whose turn it is, of those who have something left."""
        while self._turns:
            calls = self._turns[0].calls
            while calls and not calls[0].slices and not calls[0].suspects:
                calls.popleft()
            if calls:
                return self._turns[0]
            self._turns.popleft()
        return None

    def _may_have_more(self, held: Sequence[Held], turn: Turn) -> bool:
        first = held[0]
        if first.alone or len(held) >= HELD:
            return False
        return len(self._turns) == 1 and first.call.turn is turn and turn.slices() >= self._workers


def sliced(tasks: list[Task], workers: int) -> deque[list[int]]:
    """Parts of the tasks that go to a worker at once: enough that messages are cheap, few enough that all workers have some."""
    most = min(SLICE_DOCUMENTS, max(4, len(tasks) // (4 * workers)))
    slices: deque[list[int]] = deque()
    current: list[int] = []
    size = 0
    for place, task in enumerate(tasks):
        weight = sum(map(len, task.changes)) + sum(map(len, task.history)) + len(task.saved or b"")
        if current and (len(current) >= most or size + weight > SLICE_BYTES):
            slices.append(current)
            current, size = [], 0
        current.append(place)
        size += weight
    slices.append(current)
    return slices
