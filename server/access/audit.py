"""The audit log: who did what, when. Written in the transaction of the act, so the one is never there without the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from server.store import accounts

from .principal import now_ms

if TYPE_CHECKING:
    from server.store.engine import Transaction


async def audit(tx: Transaction, by: str, what: str, subject: str = "", detail: dict[str, Any] | None = None) -> None:
    """`by` is an account id, or ``""`` for somebody unknown; `what` a stable word such as ``sign_in`` or ``device_revoked``;
    `subject` the id it was done to. Secrets never go into `detail`."""
    await accounts.add_audit(tx, now_ms(), by, what, subject, detail or {})
