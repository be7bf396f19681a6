"""SQL of Web Push: subscriptions, and the jobs that the sender works off. Times are UTC milliseconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from .transaction import Transaction

_LISTENS = (
    "a.active AND (s.device = '' OR EXISTS (SELECT 1 FROM device d WHERE d.id = s.device AND d.revoked_at IS NULL))"
)
"""Whose account or device was switched off is told nothing."""


async def subscribe(tx: Transaction, row: dict[str, Any], most: int) -> None:
    """Keeps a subscription, or moves it to who has it now; of one account's the newest `most` stay."""
    await tx.execute(
        "INSERT INTO push_subscription (endpoint_hash, endpoint, p256dh, auth, device, account, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (endpoint_hash) DO UPDATE SET p256dh = excluded.p256dh,"
        " auth = excluded.auth, device = excluded.device, account = excluded.account, created_at = excluded.created_at",
        row["endpoint_hash"], row["endpoint"], row["p256dh"], row["auth"], row["device"], row["account"],
        row["created_at"],
    )  # fmt: skip
    await tx.execute(
        "DELETE FROM push_subscription WHERE account = ? AND endpoint_hash NOT IN (SELECT endpoint_hash FROM"
        " push_subscription WHERE account = ? ORDER BY created_at DESC, endpoint_hash LIMIT ?)",
        row["account"], row["account"], most,
    )  # fmt: skip


async def unsubscribe(tx: Transaction, endpoint_hash: str, account: str | None = None) -> bool:
    """Drops a subscription and its jobs; with an account, only if it is that one's."""
    mine = "" if account is None else " AND account = ?"
    gone = await tx.rows(
        f"DELETE FROM push_subscription WHERE endpoint_hash = ?{mine} RETURNING endpoint_hash",
        endpoint_hash,
        *([] if account is None else [account]),
    )
    if gone:
        await tx.execute("DELETE FROM push_job WHERE endpoint_hash = ?", endpoint_hash)
    return bool(gone)


async def endpoints_of_headquarters(tx: Transaction, roles: list[str]) -> list[str]:
    return await _endpoints(tx, f"a.role IN ({', '.join('?' * len(roles))})", roles)


async def endpoints_of_dealer(tx: Transaction, dealer: str) -> list[str]:
    return await _endpoints(tx, "a.dealer = ?", [dealer])


async def endpoints_of_service(tx: Transaction, dealer: str) -> list[str]:
    """Of the dealer's people and of the technicians that serve it."""
    technicians = await tx.rows("SELECT key, body FROM record WHERE kind = 'technician' AND body IS NOT NULL")
    serving = [row["key"] for row in technicians if dealer in msgspec.json.decode(row["body"]).get("dealers", ())]
    marks = ", ".join("?" * len(serving))
    whose = f"(a.dealer = ? OR (a.role = 'technician' AND a.id IN ({marks})))" if serving else "a.dealer = ?"
    return await _endpoints(tx, whose, [dealer, *serving])


async def endpoints_of_account(tx: Transaction, account: str) -> list[str]:
    return await _endpoints(tx, "a.id = ?", [account])


async def _endpoints(tx: Transaction, whose: str, args: list[str]) -> list[str]:
    """The hashes of the endpoints that listen."""
    rows = await tx.rows(
        "SELECT s.endpoint_hash FROM push_subscription s JOIN account a ON a.id = s.account"
        f" WHERE {whose} AND {_LISTENS} ORDER BY s.endpoint_hash",
        *args,
    )
    return [row["endpoint_hash"] for row in rows]


async def enqueue(tx: Transaction, jobs: list[tuple[str, str]], now: int) -> None:
    """A job for each (endpoint hash, body)."""
    columns = ("endpoint_hash", "body", "tries", "next_at", "created_at")
    await tx.insert("push_job", columns, [(endpoint, body, 0, now, now) for endpoint, body in jobs])


async def claim(tx: Transaction, now: int, lease_ends: int, most: int) -> list[dict[str, Any]]:
    """Jobs that are due, oldest first, each with its subscription (`endpoint` is null if it is gone or may not be told).

    Claiming moves `next_at` to the end of the lease: another process does not see the job, and if this one dies the job is
    due again then.
    """
    lock = " FOR UPDATE SKIP LOCKED" if tx.engine == "postgres" else ""
    claimed = await tx.rows(
        "UPDATE push_job SET next_at = ?, tries = tries + 1 WHERE id IN"
        f" (SELECT id FROM push_job WHERE next_at <= ? ORDER BY next_at, id LIMIT ?{lock}) RETURNING id",
        lease_ends, now, most,
    )  # fmt: skip
    if not claimed:
        return []
    marks = ", ".join("?" * len(claimed))
    return await tx.rows(
        "SELECT j.id, j.body, j.tries, j.created_at, j.endpoint_hash, s.endpoint, s.p256dh, s.auth FROM push_job j"
        " LEFT JOIN (SELECT s.endpoint_hash, s.endpoint, s.p256dh, s.auth FROM push_subscription s"
        f" JOIN account a ON a.id = s.account WHERE {_LISTENS}) s ON s.endpoint_hash = j.endpoint_hash"
        f" WHERE j.id IN ({marks}) ORDER BY j.id",
        *(row["id"] for row in claimed),
    )


async def finish(tx: Transaction, job: int) -> None:
    await tx.execute("DELETE FROM push_job WHERE id = ?", job)


async def postpone(tx: Transaction, job: int, until: int) -> None:
    await tx.execute("UPDATE push_job SET next_at = ? WHERE id = ?", until, job)


async def next_due(tx: Transaction) -> int | None:
    """When the next job is due; None if there is none."""
    return (await tx.rows("SELECT MIN(next_at) AS due FROM push_job"))[0]["due"]
