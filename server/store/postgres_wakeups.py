"""Wake-ups between server processes: `LISTEN`/`NOTIFY` on a connection of its own that comes back when it is lost.

A notification holds only scopes and numbers and stays far below PostgreSQL's 8,000 bytes. It is sent after the commit, not in
the transaction, where it would put all commits in one queue; what a crash loses there is a hint, not a row.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import asyncpg

CHANNEL = "daybook_moves"
LARGEST = 4_000
"""Bytes of one notification."""
log = logging.getLogger(__name__)


def notifications(sender: str, moves: Mapping[str, int]) -> list[str]:
    """The moves as texts of at most `LARGEST` bytes: the sender, then a line ``seq scope`` each."""
    texts: list[str] = []
    text = sender
    for scope, seq in moves.items():
        line = f"\n{seq} {scope}"
        if len(text.encode()) + len(line.encode()) > LARGEST:
            texts.append(text)
            text = sender
        text += line
    return [*texts, text]


def read_notification(text: str) -> tuple[str, dict[str, int]]:
    """Sender and moves of a notification; lines that are none are passed over."""
    sender, *lines = text.split("\n")
    moves = {}
    for line in lines:
        seq, _, scope = line.partition(" ")
        if seq.isdigit() and scope:
            moves[scope] = int(seq)
    return sender, moves


class Wakeups:
    """Sends this process's moves and hears those of the others."""

    def __init__(self, url: str, tell: Callable[[Mapping[str, int]], None]) -> None:
        self._url = url
        self._tell = tell
        self._sender = secrets.token_hex(4)
        self._waiting: dict[str, int] = {}
        self._wake = asyncio.Event()
        self._connection: Any = None
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        await self._connect()
        self._tasks = [asyncio.create_task(self._keep()), asyncio.create_task(self._send())]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._connection is not None:
            with suppress(Exception):
                await self._connection.close(timeout=2)

    def send(self, moves: Mapping[str, int]) -> None:
        """Queue moves; those of the same moment go out together."""
        for scope, seq in moves.items():
            self._waiting[scope] = max(seq, self._waiting.get(scope, 0))
        self._wake.set()

    async def _connect(self) -> None:
        connection = await asyncpg.connect(self._url, timeout=10)
        await connection.add_listener(CHANNEL, self._heard)
        self._connection = connection

    def _heard(self, _: Any, __: int, ___: str, text: str) -> None:
        sender, moves = read_notification(text)
        if sender != self._sender and moves:
            self._tell(moves)

    async def _keep(self) -> None:
        """Come back after a lost connection, with growing pauses."""
        pause = 0.2
        while True:
            if self._connection is not None and not self._connection.is_closed():
                await asyncio.sleep(0.5)
                pause = 0.2
                continue
            try:
                await self._connect()
                log.info("the wake-up connection is back")
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as error:
                log.warning("no wake-up connection: %s", error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, 10)

    async def _send(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            moves, self._waiting = self._waiting, {}
            try:
                for text in notifications(self._sender, moves):
                    await self._connection.execute("SELECT pg_notify($1, $2)", CHANNEL, text)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("a wake-up was not sent: %s", error)
                for scope, seq in moves.items():
                    self._waiting[scope] = max(seq, self._waiting.get(scope, 0))
                await asyncio.sleep(0.5)
                self._wake.set()
