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
from .verdict import Admitted, Refused, Task, Verdict, refuse_all
from .verify import hashes, in_order

_SLICE_DOCUMENTS = 64
_SLICE_BYTES = 512 * 1024


class _Call:
    """One `examine`: what is left to hand out, and what came back."""

    def __init__(self, tasks: list[Task], slices: deque[list[int]]) -> None:
        self.tasks = tasks
        self.slices = slices
        self.suspects: deque[int] = deque()
        """Documents that a worker held when it died: to be examined one by one."""
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


class Gate:
    """A pool of workers. `await start()` before use, `await stop()` at the end; one for the whole server."""

    def __init__(
        self,
        workers: int = 2,
        seconds_limit: float = 5.0,
        memory_limit_bytes: int = 768 * 1024 * 1024,
        compiled: bool = True,
        module: str = "server.sync.gate_worker",
    ) -> None:
        """`seconds_limit`: processor time that a slice of documents may take. `memory_limit_bytes`: address space of a worker.
        `compiled`: check with machine code where set-up made it. `module`: what a worker runs; tests give one that misbehaves."""
        self._size = workers
        self._seconds = seconds_limit
        self._memory = memory_limit_bytes
        self._compiled = compiled
        self._module = module
        self._calls: deque[_Call] = deque()
        self._wake = asyncio.Event()
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
        while self._calls:
            self._calls.popleft().give_up("the server is stopping")

    async def examine(self, tasks: list[Task]) -> list[Verdict]:
        """One verdict a task, in their order, whatever the changes hold. Problem 503 when there are no workers."""
        if not tasks:
            return []
        if not self._loops:
            raise Problem(503, "busy", "the gate is closed", {"Retry-After": "2"})
        call = _Call(tasks, self._sliced(tasks))
        self._calls.append(call)
        self._wake.set()
        try:
            await call.done
        except asyncio.CancelledError:  # the caller has gone: spare the workers
            call.drop()
            raise
        return call.verdicts  # type: ignore[return-value]  # all are set when the call is done

    def _sliced(self, tasks: list[Task]) -> deque[list[int]]:
        """Parts of the tasks that go to a worker at once: enough that messages are cheap, few enough that all workers have some."""
        most = min(_SLICE_DOCUMENTS, max(4, len(tasks) // (4 * self._size)))
        slices: deque[list[int]] = deque()
        current: list[int] = []
        size = 0
        for place, task in enumerate(tasks):
            weight = sum(map(len, task.changes)) + sum(map(len, task.history)) + len(task.saved or b"")
            if current and (len(current) >= most or size + weight > _SLICE_BYTES):
                slices.append(current)
                current, size = [], 0
            current.append(place)
            size += weight
        slices.append(current)
        return slices

    async def _work(self) -> None:
        """One worker's life, and its successors'."""
        process = WorkerProcess(self._module, self._memory, self._seconds, self._compiled)
        call: _Call | None = None
        try:
            with contextlib.suppress(WorkerDied, WorkerUnavailable):  # then the first question says so
                await process.ask([])  # it is there and has loaded its code before the first device asks
            while True:
                while not self._calls:
                    self._wake.clear()
                    await self._wake.wait()
                call = self._calls.popleft()
                try:
                    await self._next_of(process, call)
                except WorkerUnavailable as unavailable:
                    call.give_up(str(unavailable))
                except Exception as error:  # a fault of ours must not leave the callers without workers
                    call.give_up(f"{type(error).__name__}: {error}"[:200])
                    await process.end()
        finally:
            if call is not None:
                call.give_up("the server is stopping")
            await process.end()

    async def _next_of(self, process: WorkerProcess, call: _Call) -> None:
        """A slice of the call, or one document that was in a worker when it died; the call goes to the end of the queue."""
        if call.slices:
            places = call.slices.popleft()
            if call.slices or call.suspects:
                self._calls.append(call)
            await self._examine_slice(process, call, places)
        elif call.suspects:
            place = call.suspects.popleft()
            if call.suspects:
                self._calls.append(call)
            call.settle(place, await self._isolate(process, call.tasks[place]))

    async def _examine_slice(self, process: WorkerProcess, call: _Call, places: list[int]) -> None:
        left = places
        while left:
            tasks = [call.tasks[place] for place in left]
            try:
                verdicts = await self._ask(process, tasks)
            except WorkerDied:
                call.suspects.extend(left)
                self._calls.append(call)
                self._wake.set()
                return
            for place, verdict in zip(left, verdicts, strict=False):
                call.settle(place, verdict)
            left = left[len(verdicts) :]

    async def _ask(self, process: WorkerProcess, tasks: list[Task]) -> list[Verdict]:
        """At least one verdict. WorkerDied when there is none."""
        try:
            answer = await process.ask(tasks)
        except WorkerDied:
            self.replaced += 1
            raise
        self.peak_bytes = max(self.peak_bytes, answer.peak_bytes)
        if answer.spent:
            self.replaced += 1
            await process.end()
        if not answer.verdicts:
            raise WorkerDied("gate_died", "no answer")
        return answer.verdicts

    async def _isolate(self, process: WorkerProcess, task: Task) -> Verdict:
        """Examines a document alone; if that kills the worker, its changes in halves, those first that others build on."""
        try:
            return (await self._ask(process, [task]))[0]
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
