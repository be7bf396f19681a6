"""A gate worker: reads slices of tasks from standard input, writes verdicts to standard output. Started by `server.sync.gate`.

    python -m server.sync.gate_worker <memory limit, bytes> <processor seconds a slice>

Every message is a 4-byte length and MessagePack. The process limits itself before it reads a byte: too much memory ends it with
an abort, too much time with SIGPROF, and the gate sees which.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
import time
from typing import BinaryIO

import msgspec

from . import merge
from .gate_work import examine_together
from .verdict import Answer, Task, Verdict, refuse_all

try:
    import resource
except ImportError:  # Windows: no limits but the gate's clock
    resource = None  # type: ignore[assignment]

_COLLECTED_EVERY = 32
"""Slices between two looks for cycles, when nothing of them is held any more."""
_TOGETHER = 16
"""Documents that are examined step by step together."""


def main(memory_bytes: int, seconds: float) -> None:
    os.environ["TZ"] = "UTC"
    if hasattr(time, "tzset"):
        time.tzset()
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    source, sink = sys.stdin.buffer, _claim_output()
    decode = msgspec.msgpack.Decoder(list[Task]).decode
    encode = msgspec.msgpack.Encoder().encode
    gc.freeze()
    gc.disable()  # a slice's objects all live until it is answered: looking for cycles in between finds none
    answered = 0
    while (slice_bytes := _read(source)) is not None:
        with _limited(seconds):
            answer = _answer(decode(slice_bytes))
            packed = encode(answer)
        sink.write(len(packed).to_bytes(4, "big") + packed)
        sink.flush()
        if answer.spent:
            return
        del answer, packed, slice_bytes
        answered += 1
        if answered % _COLLECTED_EVERY == 0:
            gc.collect()


def _claim_output() -> BinaryIO:
    """Standard output for answers alone: whatever else prints goes to standard error."""
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return sink


def _read(source: BinaryIO) -> bytes | None:
    """One message. None at the end."""
    size = source.read(4)
    return source.read(int.from_bytes(size, "big")) if len(size) == 4 else None


@contextlib.contextmanager
def _limited(seconds: float):  # type: ignore[no-untyped-def]
    """Processor time, not the clock: on a busy machine an honest slice is not ended."""
    if not hasattr(signal, "setitimer"):
        yield
        return
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _answer(tasks: list[Task]) -> Answer:
    """Verdicts on the tasks from the first on; fewer than the tasks when the worker must end in between."""
    verdicts: list[Verdict] = []
    for start in range(0, len(tasks), _TOGETHER):
        group = tasks[start : start + _TOGETHER]
        try:
            found = _examined(group)
        except MemoryError:
            if not verdicts:  # the gate finds out which change it was
                sys.stderr.write("MemoryError\n")
                sys.stderr.flush()
                os._exit(1)
            break  # perhaps for what came before: it is tried again in a fresh worker
        if merge.panics:
            verdicts += found if len(group) == 1 else []  # else nobody knows whose it was, and which came after it
            break
        verdicts += found
    return Answer(verdicts, len(verdicts) < len(tasks) or merge.panics > 0, _peak_bytes())


def _examined(group: list[Task]) -> list[Verdict]:
    try:
        return examine_together(group)
    except MemoryError:
        raise
    except Exception as error:
        if len(group) > 1:  # a fault of ours with one of them is not to be the others'
            return [verdict for task in group for verdict in _examined([task])]
        return [refuse_all(group[0], "gate_died", f"{type(error).__name__}: {error}"[:200])]


def _peak_bytes() -> int:
    """The system's own figure; `getrusage` counts what the process was before it became a worker."""
    try:
        with open("/proc/self/status", "rb") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith(b"VmHWM:"))
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss if resource is not None else 0


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
