"""Waiting for what has no element to wait on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any


async def until(ask: Callable[[], Awaitable[Any]], good: Callable[[Any], bool], seconds: float = 10) -> Any:
    """What `ask` answers as soon as it is good."""
    end = time.monotonic() + seconds
    while not good(found := await ask()):
        assert time.monotonic() < end, f"still {found!r}"
        await asyncio.sleep(0.05)
    return found
