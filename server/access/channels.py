"""Names under which every process is told that a device or a browser's session may have ended, so that its live channel closes
at once. They travel with the moves of scopes, and never leave the server."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from .codes import digest

if TYPE_CHECKING:
    from server.store.engine import Database, Transaction

_KINDS = ("device:", "session:")


def device_channel(device: str) -> str:
    return f"device:{device}"


def session_channel(token: str) -> str:
    """Named by the token's hash, which is all that the database knows of it."""
    return session_channel_of(digest(token))


def session_channel_of(token_hash: str) -> str:
    return f"session:{token_hash}"


def is_channel(name: str) -> bool:
    """Whether a move is of this kind, and no scope's."""
    return name.startswith(_KINDS)


def close_channels(database: Database, tx: Transaction, names: Iterable[str]) -> None:
    """After commit every process hears that these are to be asked for their right again."""
    moves = dict.fromkeys(names, 0)
    if moves:
        database.notify(tx, moves)
