"""One gate worker process as the gate sees it: started when needed, asked, ended when it misbehaves."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path

import msgspec

from .compiled import folder
from .verdict import Answer, Task

_ROOT = Path(__file__).resolve().parents[2]
_CLOCK_FACTOR = 6
"""A worker that has not answered after so many times its processor time hangs without computing."""
_MEMORY = {
    "MALLOC_TRIM_THRESHOLD_": str(64 * 1024 * 1024),
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}
"""To the C library of most Linux systems: keep what a document took for the next one, in large pages where the kernel has them. Given back
and fetched anew, page by page, it costs half as much again as the merge. Others do not read it."""
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Answer).decode


class WorkerDied(Exception):
    """There is no answer and the process is gone. `code` is the refusal for a document that was alone in it."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


class WorkerUnavailable(Exception):
    """No process can be started: the fault of the machine, not of any change."""


class WorkerProcess:
    """Not shared: one asks at a time."""

    def __init__(self, module: str, memory_bytes: int, seconds: float, compiled: bool = True) -> None:
        """`compiled`: with the machine code of the checker where set-up made it, else always from its sources."""
        self._module = module
        self._compiled = compiled
        self._memory = memory_bytes
        self._seconds = seconds
        self._process: asyncio.subprocess.Process | None = None
        self._said = b""
        self._listening: asyncio.Task[None] | None = None

    async def ask(self, tasks: list[Task]) -> Answer:
        """WorkerDied when the process ended, or had to be ended, before its answer. WorkerUnavailable when there is none to be had."""
        try:
            process = self._process or await self._start()
        except OSError as error:
            raise WorkerUnavailable(str(error)) from error
        packed = _encode(tasks)
        try:
            async with asyncio.timeout(self._seconds * _CLOCK_FACTOR + 1):
                process.stdin.write(len(packed).to_bytes(4, "big") + packed)  # type: ignore[union-attr]
                await process.stdin.drain()  # type: ignore[union-attr]
                size = int.from_bytes(await process.stdout.readexactly(4), "big")  # type: ignore[union-attr]
                return _decode(await process.stdout.readexactly(size))  # type: ignore[union-attr]
        except TimeoutError:
            await self.end()
            raise WorkerDied("gate_timeout", "no answer") from None
        except (asyncio.IncompleteReadError, ConnectionError, msgspec.DecodeError):
            await self._gather()
            raise self._death(process.returncode) from None

    async def end(self) -> None:
        """Kills the process, if there is one; the next question starts another."""
        process = self._process
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await self._gather()

    async def _gather(self) -> None:
        """Waits for the end of a process that is ending, or makes it end."""
        process, self._process = self._process, None
        if process is None:
            return
        try:
            async with asyncio.timeout(1):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
        if self._listening is not None:
            await self._listening

    async def _start(self) -> asyncio.subprocess.Process:
        environment = {
            name: value for name, value in os.environ.items() if name in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH")
        }
        self._said = b""
        self._process = process = await asyncio.create_subprocess_exec(
            *self._command(),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**environment, **_MEMORY, "TZ": "UTC", "PYTHONPATH": str(_ROOT)},
            start_new_session=True,  # ctrl-C is for the server, which ends its workers itself
        )
        self._listening = asyncio.create_task(self._listen(process.stderr))  # type: ignore[arg-type]
        return process

    def _command(self) -> list[str]:
        worker = [self._module, str(self._memory), str(self._seconds)]
        made = folder()  # asked at every start: what the worker takes beside it are the sources of that moment
        if self._compiled and made.is_dir():
            return [sys.executable, "-m", "server.sync.compiled", str(made), *worker]
        return [sys.executable, "-m", *worker]

    async def _listen(self, said: asyncio.StreamReader) -> None:
        """Keeps the end of what the process prints: panics and aborts say why there."""
        while some := await said.read(4096):
            self._said = (self._said + some)[-4096:]

    def _death(self, status: int | None) -> WorkerDied:
        if hasattr(signal, "SIGPROF") and status == -signal.SIGPROF:
            return WorkerDied("gate_timeout", f"more than {self._seconds} s of processor time")
        if b"memory allocation" in self._said or b"MemoryError" in self._said:
            return WorkerDied("gate_memory", f"more than {self._memory} bytes")
        return WorkerDied("gate_died", f"status {status}")
