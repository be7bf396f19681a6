"""The merge gate: worker processes that check and merge pushed changes, so that nothing hostile can hurt the server.

A worker that dies, hangs or eats memory is replaced. The documents it held are then examined one by one, and the changes of the
one that did it in ever smaller parts: every change gets an answer, and only the culprit a bad one. Callers take turns, so that a
large push does not hold up a small one.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque

import msgspec

from ..problems import Problem
from .gate_process import WorkerDied, WorkerProcess, WorkerUnavailable
from .gate_queue import Call, Held, Queue, Turn
from .verdict import Admitted, Answer, Refused, Task, Verdict, refuse_all
from .verify import hashes, in_order


class Gate:
    """A pool of workers. `await start()` before use, `await stop()` at the end; one for the whole server."""

    def __init__(
        self,
        workers: int = 2,
        seconds_limit: float = 5.0,
        memory_limit_bytes: int = 768 * 1024 * 1024,
        module: str = "server.sync.gate_worker",
    ) -> None:
        """`seconds_limit`: processor time that a slice of documents may take. `memory_limit_bytes`: address space of a worker.
        `module`: what a worker runs; tests give one that misbehaves."""
        self._size = workers
        self._seconds = seconds_limit
        self._memory = memory_limit_bytes
        self._module = module
        self._queue = Queue(workers)
        self._loops: list[asyncio.Task[None]] = []
        self.replaced = 0
        """Workers that misbehaved so far."""
        self.peak_bytes = 0
        """The most memory that any worker ever held."""

    async def start(self) -> None:
        self._loops = [asyncio.create_task(self._work(), name=f"gate worker {number}") for number in range(self._size)]

    async def stop(self) -> None:
        """Ends the workers. Whoever still waits gets a Problem 503."""
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        self._loops = []
        self._queue.give_up("the server is stopping")

    async def examine(self, tasks: list[Task], turn: Turn | None = None) -> list[Verdict]:
        """One verdict a task, in their order, whatever the changes hold. Problem 503 when there are no workers. `turn`: of a caller
        who asks several times, and whose questions are answered one after the other."""
        if not tasks:
            return []
        if not self._loops:
            raise Problem(503, "busy", "the gate is closed", {"Retry-After": "2"})
        call = Call(tasks, turn or Turn(), self._size)
        self._queue.add(call)
        try:
            await call.done
        except asyncio.CancelledError:  # the caller has gone: spare the workers
            call.drop()
            raise
        return call.verdicts  # type: ignore[return-value]  # all are set when the call is done

    async def _work(self) -> None:
        """One worker's life, and its successors'."""
        process = WorkerProcess(self._module, self._memory, self._seconds)
        held: deque[Held] = deque()
        try:
            with contextlib.suppress(WorkerDied, WorkerUnavailable):  # then the first question says so
                await process.send([])  # it is there and has loaded its code before the first device asks
                await process.answer()
            while True:
                try:
                    await self._step(process, held)
                except WorkerUnavailable as unavailable:
                    _give_up(held, str(unavailable))
                except Exception as error:  # a fault of ours must not leave the callers without workers
                    _give_up(held, f"{type(error).__name__}: {error}"[:200])
                    await process.end()
        finally:
            _give_up(held, "the server is stopping")
            await process.end()

    async def _step(self, process: WorkerProcess, held: deque[Held]) -> None:
        """Hands out what the worker may have, then takes its next answer."""
        while taken := self._queue.take(held):
            held.append(taken)
            if not taken.alone:
                await process.send([taken.call.tasks[place] for place in taken.places])
        if not held:
            await self._queue.wait()
        elif held[0].alone:
            call, place = held[0].call, held[0].places[0]
            call.settle(place, await self._isolate(process, call.tasks[place]))
            held.popleft()
        else:
            await self._take_answer(process, held)

    async def _take_answer(self, process: WorkerProcess, held: deque[Held]) -> None:
        """The answer on the first slice that the worker has. If it ends with it, what it had besides goes back."""
        call, places = held[0].call, held[0].places
        try:
            answer = await self._answer(process)
        except WorkerDied:
            held.popleft()
            self._give_back(held)
            self._queue.give_back(call, suspects=places)
            return
        held.popleft()
        for place, verdict in zip(places, answer.verdicts, strict=False):
            call.settle(place, verdict)
        if answer.spent:
            self._give_back(held)
        if left := places[len(answer.verdicts) :]:
            self._queue.give_back(call, slices=[left])

    def _give_back(self, held: deque[Held]) -> None:
        """Slices that a worker had not begun when it ended."""
        while held:
            last = held.pop()
            self._queue.give_back(last.call, slices=[last.places])

    async def _answer(self, process: WorkerProcess) -> Answer:
        """With at least one verdict. WorkerDied when there is none."""
        try:
            answer = await process.answer()
        except WorkerDied:
            self.replaced += 1
            raise
        self.peak_bytes = max(self.peak_bytes, answer.peak_bytes)
        if answer.spent:
            self.replaced += 1
            await process.end()
        if not answer.verdicts:
            raise WorkerDied("gate_died", "no answer")
        return answer

    async def _isolate(self, process: WorkerProcess, task: Task) -> Verdict:
        """Examines a document alone; if that kills the worker, its changes in halves, those first that others build on."""
        try:
            await process.send([task])
            return (await self._answer(process)).verdicts[0]
        except WorkerDied as death:
            if len(task.changes) == 1:
                return refuse_all(task, death.code, death.detail)
        order = in_order(task.changes)
        middle = len(order) // 2
        first = await self._isolate(process, _part(task, order[:middle]))
        rest = _part(task, order[middle:])
        rest.lost = [*task.lost, *hashes(task.changes[order[entry.position]] for entry in first.refused)]
        if first.admitted:
            rest.saved, rest.index, rest.history = first.saved, first.index, []
        second = await self._isolate(process, rest)
        return _joined(task, (order[:middle], first), (order[middle:], second))


def _give_up(held: deque[Held], reason: str) -> None:
    while held:
        held.popleft().call.give_up(reason)


def _part(task: Task, positions: list[int]) -> Task:
    return msgspec.structs.replace(task, changes=[task.changes[position] for position in positions])


def _joined(task: Task, *parts: tuple[list[int], Verdict]) -> Verdict:
    """One verdict of two on parts of the changes, given with the positions that each part had."""
    admitted: list[Admitted] = []
    refused: list[Refused] = []
    last = Verdict(task.document, [], [])
    for positions, verdict in parts:
        admitted += [msgspec.structs.replace(entry, position=positions[entry.position]) for entry in verdict.admitted]
        refused += [msgspec.structs.replace(entry, position=positions[entry.position]) for entry in verdict.refused]
        if verdict.admitted:
            last = verdict
    refused.sort(key=lambda entry: entry.position)
    return msgspec.structs.replace(last, document=task.document, admitted=admitted, refused=refused)
