"""Has images decoded in processes of their own, a few at once, each with limits (image_worker.py)."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path

import msgspec
import structlog

from .verdict import READY, Picture, Refused

_log = structlog.get_logger("daybook.attachments")
_ROOT = Path(__file__).resolve().parents[2]
_CLOCK_FACTOR = 6
"""A worker that has not answered after so many times its processor time hangs, or the machine is overloaded."""
_decode = msgspec.msgpack.Decoder(Picture | Refused).decode

MEMORY = 1024 * 1024 * 1024
"""Bytes of address space: a photo of 50 million pixels, once as it is, once turned, and its encoder."""
SECONDS = 20
"""Of processor time. A tablet's photo takes a quarter of a second, the largest a few."""


class WorkerUnavailable(Exception):
    """No answer, and not for anything in the file: the machine could not do it now."""


class Images:
    """One at a time by default: each may take a gigabyte, and the server's other work goes on beside it."""

    def __init__(self, at_once: int = 1, memory: int = MEMORY, seconds: int = SECONDS) -> None:
        self._turn = asyncio.Semaphore(at_once)
        self._memory, self._seconds = memory, seconds

    async def examine(self, file: Path) -> Picture | Refused:
        """The image in `file` written anew, or why it is refused. WorkerUnavailable: worth another try."""
        async with self._turn:
            status, said, told = await self._run(file)
        if said[:1] != READY:
            raise WorkerUnavailable(f"status {status}: {told}")
        try:
            answer = _decode(said[1:])
        except msgspec.DecodeError:
            return self._death(status, told)
        if isinstance(answer, Refused):
            _log.info("image refused", code=answer.code, detail=answer.detail)
        return answer

    async def _run(self, file: Path) -> tuple[int | None, bytes, str]:
        """Status, standard output, end of standard error."""
        environment = {
            name: value for name, value in os.environ.items() if name in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH")
        }
        try:
            with file.open("rb") as octets:
                process = await asyncio.create_subprocess_exec(
                    sys.executable,
                    *("-m", "server.attachments.image_worker", str(self._memory), str(self._seconds)),
                    stdin=octets,
                    stdout=asyncio.subprocess.PIPE,
                    stderr=asyncio.subprocess.PIPE,
                    env={**environment, "PYTHONPATH": str(_ROOT)},
                    start_new_session=True,  # ctrl-C is for the server
                )
        except OSError as error:
            raise WorkerUnavailable(str(error)) from error
        try:
            async with asyncio.timeout(self._seconds * _CLOCK_FACTOR):
                said, told = await process.communicate()
        except TimeoutError:
            raise WorkerUnavailable("no answer in time") from None
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        return process.returncode, said, told[-500:].decode(errors="replace")

    def _death(self, status: int | None, told: str) -> Refused:
        """The process ended while it looked at the file."""
        _log.warning("image worker died", status=status, told=told)
        if status is not None and hasattr(signal, "SIGXCPU") and status == -signal.SIGXCPU:
            return Refused("image_too_costly", f"more than {self._seconds} s of processor time")
        if "MemoryError" in told or "memory" in told.lower():
            return Refused("image_too_costly", f"more than {self._memory} bytes")
        if hasattr(signal, "SIGKILL") and status == -signal.SIGKILL:
            # By somebody else: the system was short of memory, or it is being shut down.
            raise WorkerUnavailable("the worker was killed")
        return Refused("image_unreadable", f"the decoder ended with status {status}")
