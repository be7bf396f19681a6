"""SQL of attachments: what is stored for which scope, what is on its way, what was refused. Times are UTC milliseconds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .transaction import Row

if TYPE_CHECKING:
    from .transaction import Transaction


async def stored(tx: Transaction, digest: str, scope: str) -> Row | None:
    """The attachment of that hash in that scope."""
    return await tx.row("SELECT * FROM attachment WHERE hash = ? AND scope = ?", digest, scope)


async def visible(tx: Transaction, digest: str, scopes: Sequence[str] | None) -> Row | None:
    """The attachment of that hash, if one of these scopes has it; None stands for every scope."""
    if scopes is None:
        return await tx.row("SELECT * FROM attachment WHERE hash = ? ORDER BY id LIMIT 1", digest)
    if not scopes:
        return None
    marks = ", ".join("?" * len(scopes))
    return await tx.row(
        f"SELECT * FROM attachment WHERE hash = ? AND scope IN ({marks}) ORDER BY id LIMIT 1", digest, *scopes
    )


async def add(tx: Transaction, row: dict[str, Any]) -> None:
    """Puts it down as stored; again is a no-op."""
    await tx.execute(
        "INSERT INTO attachment (hash, scope, type, size, width, height, device, account, stored_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (hash, scope) DO NOTHING",
        row["hash"], row["scope"], row["type"], row["size"], row["width"], row["height"], row["device"],
        row["account"], row["stored_at"],
    )  # fmt: skip


# --- on their way ------------------------------------------------------------------------------------------------------


async def lock_device(tx: Transaction, device: str) -> None:
    """Two requests of one device at the same moment count its uploads one after the other."""
    await tx.rows(f"SELECT id FROM device WHERE id = ? {tx.for_update}", device)


async def upload(tx: Transaction, name: str, device: str, now: int) -> Row | None:
    """An unfinished upload of this device that has not run out."""
    return await tx.row(
        "SELECT * FROM attachment_upload WHERE id = ? AND device = ? AND expires_at > ?", name, device, now
    )


async def upload_of(tx: Transaction, device: str, scope: str, digest: str) -> Row | None:
    return await tx.row(
        "SELECT * FROM attachment_upload WHERE device = ? AND scope = ? AND hash = ?", device, scope, digest
    )


async def count_uploads(tx: Transaction, device: str, now: int) -> int:
    """Those of this device that have not run out."""
    rows = await tx.rows("SELECT COUNT(*) AS n FROM attachment_upload WHERE device = ? AND expires_at > ?", device, now)
    return int(rows[0]["n"])


async def add_upload(tx: Transaction, row: dict[str, Any]) -> None:
    await tx.execute(
        "INSERT INTO attachment_upload (id, hash, scope, size, received, device, account, created_at, expires_at)"
        " VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?)",
        row["id"], row["hash"], row["scope"], row["size"], row["device"], row["account"], row["created_at"],
        row["expires_at"],
    )  # fmt: skip


async def advance(tx: Transaction, name: str, before: int, received: int, expires_at: int) -> bool:
    """Tells how much is safe on disk. False if another request was there since `before` was read."""
    return (
        await tx.execute(
            "UPDATE attachment_upload SET received = ?, expires_at = ? WHERE id = ? AND received = ?",
            received, expires_at, name, before,
        )
        == 1
    )  # fmt: skip


async def prolong(tx: Transaction, name: str, expires_at: int) -> None:
    await tx.execute("UPDATE attachment_upload SET expires_at = ? WHERE id = ?", expires_at, name)


async def drop_upload(tx: Transaction, name: str) -> None:
    await tx.execute("DELETE FROM attachment_upload WHERE id = ?", name)


async def expired(tx: Transaction, now: int) -> list[str]:
    return [row["id"] for row in await tx.rows("SELECT id FROM attachment_upload WHERE expires_at <= ?", now)]


async def uploads(tx: Transaction) -> set[str]:
    """The ids of all."""
    return {row["id"] for row in await tx.rows("SELECT id FROM attachment_upload")}


# --- refused -----------------------------------------------------------------------------------------------------------


async def refuse(tx: Transaction, row: dict[str, Any]) -> None:
    """Puts down what could not be taken and why; of the same bytes, the last answer stands."""
    await tx.execute(
        "INSERT INTO attachment_refused (hash, scope, size, device, code, detail, at) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (hash, scope, device) DO UPDATE SET code = excluded.code, detail = excluded.detail,"
        " at = excluded.at",
        row["hash"], row["scope"], row["size"], row["device"], row["code"], row["detail"], row["at"],
    )  # fmt: skip


async def forget_refused(tx: Transaction, most: int) -> None:
    """The newest `most` stay."""
    await tx.execute(
        "DELETE FROM attachment_refused WHERE id NOT IN (SELECT id FROM attachment_refused ORDER BY id DESC LIMIT ?)",
        most,
    )
