"""Sweeps unfinished uploads now and then, in each server process: what one has swept another does not find."""

from __future__ import annotations

import asyncio
import contextlib
import random

import structlog

from .upload import Uploads

_log = structlog.get_logger("daybook.attachments")
EVERY = 30 * 60.0
"""Seconds."""


class Sweeper:
    def __init__(self, uploads: Uploads, every: float = EVERY) -> None:
        self._uploads, self._every = uploads, every
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        while True:
            try:
                await self._uploads.sweep()
            except Exception as error:  # the next round finds what is left
                _log.warning("sweep failed", exc_info=error)
            await asyncio.sleep(self._every * random.uniform(0.8, 1.2))
