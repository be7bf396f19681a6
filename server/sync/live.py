"""`WebSocket /live`: tells a device, or a browser of headquarters, at once that a scope has moved. A hint; it pulls then.

Each connection holds at most one pending number a scope, so a slow listener costs no memory: what it missed is one newer number.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import msgspec
from litestar import WebSocket, websocket
from litestar.exceptions import WebSocketDisconnect

from server.access.channels import device_channel, is_channel, session_channel
from server.access.guards import COOKIE, authenticate_socket
from server.access.principal import Principal, authenticate_bearer, scopes_of
from server.problems import Problem
from server.store.engine import Database

NOT_VALID = 4401
TRY_LATER = 1013
FIRST_WORD = 10.0
"""Seconds that a client has to name its token."""
SLOW = 20.0
"""Seconds after which a send that does not go through ends the connection."""
RECHECK = 60.0
"""Seconds between two looks at whether the token still holds, should a poke about it have been lost."""
PAUSE = 0.05
"""Seconds between two sends: moves of a busy moment go out together."""
MOST_CONNECTIONS = 20_000
LONGEST_WORD = 4_096
journal = logging.getLogger(__name__)


class Listener:
    """One open connection: what it may hear, and what it has not been told yet."""

    def __init__(self, scopes: frozenset[str] | None, channel: str) -> None:
        self.scopes = scopes
        """None: every scope of the data (headquarters)."""
        self.channel = channel
        """The name under which is told that this device or session may have ended: `device_channel`, `session_channel`."""
        self.pending: dict[str, int] = {}
        self.check = False
        """Something happened to the device or session itself: look again whether it holds."""
        self.wake = asyncio.Event()

    def hear(self, moves: Mapping[str, int]) -> None:
        for scope, seq in moves.items():
            if is_channel(scope):
                if scope == self.channel:
                    self.check = True
                    self.wake.set()
            elif self.scopes is None or scope in self.scopes:
                self.pending[scope] = max(seq, self.pending.get(scope, 0))
                self.wake.set()


class Hub:
    """All open connections of this process."""

    def __init__(self, database: Database) -> None:
        self._listeners: set[Listener] = set()
        self._stop = database.listen(self._tell)

    def __len__(self) -> int:
        return len(self._listeners)

    def add(self, listener: Listener) -> Callable[[], None]:
        self._listeners.add(listener)
        return lambda: self._listeners.discard(listener)

    def _tell(self, moves: Mapping[str, int]) -> None:
        for listener in self._listeners:
            listener.hear(moves)

    def close(self) -> None:
        self._stop()


def hub_of(app: Any) -> Hub:
    """The application's hub; made at its first connection."""
    if not hasattr(app.state, "hub"):
        app.state.hub = Hub(app.state.database)
    return app.state.hub


@websocket("/live")
async def live(socket: WebSocket[Any, Any, Any]) -> None:
    """See docs/sync.md."""
    await socket.accept()
    hub = hub_of(socket.app)
    if len(hub) >= MOST_CONNECTIONS:
        await _close(socket, TRY_LATER, "too many connections")
        return
    database: Database = socket.app.state.database
    try:
        token, principal = await _who(socket, database)
    except Problem as problem:
        await _close(socket, NOT_VALID, problem.code)
        return
    except (WebSocketDisconnect, TimeoutError, ValueError, RecursionError):
        await _close(socket, NOT_VALID, "token_unknown")
        return
    async with database.reading() as tx:
        scopes = None if token is None else frozenset(await scopes_of(tx, principal))
    channel = session_channel(socket.cookies[COOKIE]) if token is None else device_channel(principal.device or "")
    listener = Listener(scopes, channel)
    remove = hub.add(listener)
    try:
        await socket.send_text('{"live":true}')
        await _serve(socket, database, listener, token)
    except (WebSocketDisconnect, TimeoutError, RuntimeError) as gone:
        journal.debug("a live connection ended: %r", gone)
    finally:
        remove()


async def _who(socket: WebSocket[Any, Any, Any], database: Database) -> tuple[str | None, Principal]:
    """A browser of headquarters by its cookie (token None); else the device by its first message. A browser may be both: a tablet
    whose person signed in at headquarters once brings a cookie along, so one that is not valid is passed over."""
    if COOKIE in socket.cookies and "device" not in socket.query_params:
        with suppress(Problem):
            return None, await authenticate_socket(socket)
    word = await asyncio.wait_for(socket.receive_text(), FIRST_WORD)
    said = msgspec.json.decode(word[:LONGEST_WORD])
    token = said.get("token") if isinstance(said, dict) else None
    if not isinstance(token, str):
        raise ValueError("no token")
    return token, await authenticate_bearer(database, token)


async def _serve(socket: WebSocket[Any, Any, Any], database: Database, listener: Listener, token: str | None) -> None:
    reading = asyncio.create_task(_until_gone(socket))
    clock = asyncio.get_running_loop().time
    checked = clock()
    try:
        while not reading.done():
            waiting = asyncio.create_task(listener.wake.wait())
            pause = max(0.0, checked + RECHECK - clock())
            done, _ = await asyncio.wait({reading, waiting}, timeout=pause, return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
            if reading in done:
                return
            # By the clock, for a channel may never be quiet for so long.
            check, listener.check = listener.check or clock() - checked >= RECHECK, False
            if check:
                if not await _still_valid(socket, database, token):
                    await _close(socket, NOT_VALID, "token no longer valid")
                    return
                checked = clock()
            listener.wake.clear()
            pending, listener.pending = listener.pending, {}
            for scope, seq in pending.items():
                word = msgspec.json.encode({"scope": scope, "seq": seq}).decode()
                await asyncio.wait_for(socket.send_text(word), SLOW)
            await asyncio.sleep(PAUSE)
    finally:
        reading.cancel()
        with suppress(asyncio.CancelledError, WebSocketDisconnect, RuntimeError):
            await reading


async def _until_gone(socket: WebSocket[Any, Any, Any]) -> None:
    """Nothing more is expected from the client; what it says is passed over, until it leaves."""
    with suppress(WebSocketDisconnect, RuntimeError):
        while True:
            await socket.receive_data("text")


async def _still_valid(socket: WebSocket[Any, Any, Any], database: Database, token: str | None) -> bool:
    try:
        if token is None:
            await authenticate_socket(socket)
        else:
            await authenticate_bearer(database, token)
    except Problem:
        return False
    return True


async def _close(socket: WebSocket[Any, Any, Any], code: int, reason: str) -> None:
    with suppress(WebSocketDisconnect, RuntimeError):
        await socket.close(code, reason)
