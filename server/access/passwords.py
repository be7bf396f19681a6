"""Passwords, stretched with argon2id off the event loop. An unknown login costs the same work as a known one."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from server.problems import Problem

SHORTEST, LONGEST = 8, 256
"""Letters. The longest is only so that nobody makes the server hash a book."""

THREADS = 2
WAITING = 40
"""With more sign-ins than this under way the next is told to come again: 40 × 50 ms on two threads is a second."""


class Passwords:
    """`memory` in KiB. The defaults take about 50 ms and 32 MiB on the machine that Daybook is measured on."""

    def __init__(self, memory: int = 32_768, rounds: int = 2) -> None:
        self._hasher = PasswordHasher(time_cost=rounds, memory_cost=memory, parallelism=1)
        self._threads = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="password")
        self._under_way = 0
        self._decoy = ""

    async def hash(self, password: str) -> str:
        return await self._run(self._hasher.hash, password)

    async def verify(self, hashed: str | None, password: str) -> bool:
        """Whether it is the password. None or an empty hash is never right, and costs as much as a wrong password."""
        if not self._decoy:
            self._decoy = await self.hash("nobody's password")
        right = await self._run(self._matches, hashed or self._decoy, password)
        return right and bool(hashed)

    def outdated(self, hashed: str) -> bool:
        """Whether it was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(hashed)

    def _matches(self, hashed: str, password: str) -> bool:
        try:
            return self._hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work, *args):  # type: ignore[no-untyped-def]
        if self._under_way >= WAITING:
            raise Problem(503, "busy", "Too many sign-ins at once.", {"Retry-After": "2"})
        self._under_way += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, *args)
        finally:
            self._under_way -= 1


PASSWORDS = Passwords()
"""The process's own: its two threads are what bounds the memory."""


def check_password_form(password: str) -> None:
    """Problem 400 `password_too_short` or `password_too_long`. Length is all that is asked of a new password."""
    if len(password) < SHORTEST:
        raise Problem(400, "password_too_short", f"At least {SHORTEST} letters.", shortest=SHORTEST)
    if len(password) > LONGEST:
        raise Problem(400, "password_too_long", f"At most {LONGEST} letters.", longest=LONGEST)
