"""SQL of people, devices, sessions, codes, sign-in attempts and the audit log. Times are UTC milliseconds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from server.store.engine import Transaction

_PERSON = "a.id AS account, a.login, a.name, a.role, a.dealer, a.language, a.active"


# --- people


async def account_by_login(tx: Transaction, login: str) -> dict[str, Any] | None:
    return _one(await tx.rows(f"SELECT {_PERSON}, a.password FROM account a WHERE a.login = ?", login))


async def account_by_id(tx: Transaction, account: str) -> dict[str, Any] | None:
    return _one(await tx.rows(f"SELECT {_PERSON}, a.password FROM account a WHERE a.id = ?", account))


async def add_account(tx: Transaction, row: dict[str, Any]) -> bool:
    """False if the login is taken."""
    done = await tx.rows(
        "INSERT INTO account (id, login, name, role, dealer, password, active, language, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id",
        row["id"], row["login"], row["name"], row["role"], row["dealer"], row["password"], True, row["language"],
        row["created_at"],
    )  # fmt: skip
    return bool(done)


async def set_password(tx: Transaction, account: str, hashed: str) -> None:
    await tx.execute("UPDATE account SET password = ? WHERE id = ?", hashed, account)


async def set_active(tx: Transaction, account: str, active: bool) -> None:
    await tx.execute("UPDATE account SET active = ? WHERE id = ?", active, account)


async def people(tx: Transaction) -> list[dict[str, Any]]:
    """Everybody, with how many devices they hold and when one of them last synced."""
    return await tx.rows(
        f"SELECT {_PERSON}, a.created_at, (a.password <> '') AS has_password, COUNT(d.id) AS devices,"
        " MAX(d.synced_at) AS last_synced_at"
        " FROM account a LEFT JOIN device d ON d.account = a.id AND d.revoked_at IS NULL"
        " GROUP BY a.id, a.login, a.name, a.role, a.dealer, a.language, a.active, a.created_at, a.password"
        " ORDER BY a.role, a.name, a.id"
    )


async def other_administrators(tx: Transaction, account: str) -> int:
    rows = await tx.rows(
        "SELECT COUNT(*) AS n FROM account a WHERE a.role = 'administrator' AND a.active AND a.id <> ?", account
    )
    return int(rows[0]["n"])


# --- devices


async def device_by_token(tx: Transaction, token_hash: str) -> dict[str, Any] | None:
    return _one(
        await tx.rows(
            f"SELECT {_PERSON}, d.id AS device, d.revoked_at"
            " FROM device d JOIN account a ON a.id = d.account WHERE d.token_hash = ?",
            token_hash,
        )
    )


async def device_by_id(tx: Transaction, device: str) -> dict[str, Any] | None:
    return _one(
        await tx.rows(
            f"SELECT {_PERSON}, d.id AS device, d.revoked_at"
            " FROM device d JOIN account a ON a.id = d.account WHERE d.id = ?",
            device,
        )
    )


async def add_device(tx: Transaction, row: dict[str, Any]) -> bool:
    """False if its short code (or, once in an age, its id) is taken."""
    done = await tx.rows(
        "INSERT INTO device (id, account, name, short_code, token_hash, created_at, seen_at, synced_at, clock_offset)"
        " VALUES (?, ?, ?, ?, ?, ?, 0, 0, 0) ON CONFLICT DO NOTHING RETURNING id",
        row["id"], row["account"], row["name"], row["short_code"], row["token_hash"], row["created_at"],
    )  # fmt: skip
    return bool(done)


async def revoke_device(tx: Transaction, device: str, now: int) -> bool:
    """False if it was revoked before."""
    return bool(
        await tx.rows("UPDATE device SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL RETURNING id", now, device)
    )


async def revoke_devices_of(tx: Transaction, account: str, now: int) -> list[str]:
    rows = await tx.rows(
        "UPDATE device SET revoked_at = ? WHERE account = ? AND revoked_at IS NULL RETURNING id", now, account
    )
    return [row["id"] for row in rows]


# --- enrolment codes


async def add_enrolment(tx: Transaction, code_hash: str, account: str, by: str, now: int, expires: int) -> None:
    await tx.execute(
        "INSERT INTO enrolment (code_hash, account, created_by, created_at, expires_at) VALUES (?, ?, ?, ?, ?)",
        code_hash, account, by, now, expires,
    )  # fmt: skip


async def use_enrolment(tx: Transaction, code_hash: str, now: int) -> str | None:
    """The account whose code this is, and the code is spent. One statement, so of two at once only one gets it."""
    rows = await tx.rows(
        "UPDATE enrolment SET used_at = ? WHERE code_hash = ? AND used_at IS NULL AND expires_at > ? RETURNING account",
        now, code_hash, now,
    )  # fmt: skip
    return rows[0]["account"] if rows else None


async def drop_enrolments_of(tx: Transaction, account: str) -> None:
    """Unused codes of an account go."""
    await tx.execute("DELETE FROM enrolment WHERE account = ? AND used_at IS NULL", account)


# --- sessions of browsers


async def session_by_token(tx: Transaction, token_hash: str, now: int) -> dict[str, Any] | None:
    return _one(
        await tx.rows(
            f"SELECT {_PERSON}, s.created_at, s.expires_at FROM session s JOIN account a ON a.id = s.account"
            " WHERE s.token_hash = ? AND s.expires_at > ?",
            token_hash,
            now,
        )
    )


async def add_session(tx: Transaction, token_hash: str, account: str, now: int, expires: int) -> None:
    await tx.execute("DELETE FROM session WHERE expires_at <= ?", now)
    await tx.execute(
        "INSERT INTO session (token_hash, account, created_at, expires_at) VALUES (?, ?, ?, ?)",
        token_hash, account, now, expires,
    )  # fmt: skip


async def extend_session(tx: Transaction, token_hash: str, expires: int) -> None:
    await tx.execute("UPDATE session SET expires_at = ? WHERE token_hash = ?", expires, token_hash)


async def drop_session(tx: Transaction, token_hash: str) -> str | None:
    """The account whose session it was."""
    rows = await tx.rows("DELETE FROM session WHERE token_hash = ? RETURNING account", token_hash)
    return rows[0]["account"] if rows else None


async def drop_sessions_of(tx: Transaction, account: str) -> list[str]:
    """The hashes of the tokens that ended."""
    return [
        row["token_hash"]
        for row in await tx.rows("DELETE FROM session WHERE account = ? RETURNING token_hash", account)
    ]


# --- sign-in attempts


async def count_attempts(tx: Transaction, subject: str, since: int) -> tuple[int, int]:
    """How many attempts since then, and when the oldest of them was (0 if none)."""
    rows = await tx.rows(
        "SELECT COUNT(*) AS n, MIN(at) AS oldest FROM sign_in_attempt WHERE subject = ? AND at > ?", subject, since
    )
    return int(rows[0]["n"]), int(rows[0]["oldest"] or 0)


async def add_attempt(tx: Transaction, subject: str, now: int) -> int:
    rows = await tx.rows("INSERT INTO sign_in_attempt (subject, at) VALUES (?, ?) RETURNING id", subject, now)
    return int(rows[0]["id"])


async def drop_attempts(tx: Transaction, ids: list[int], subjects: list[str]) -> None:
    """These attempts, and every attempt of these subjects: a sign-in that went well takes them back."""
    for attempt in ids:
        await tx.execute("DELETE FROM sign_in_attempt WHERE id = ?", attempt)
    for subject in subjects:
        await tx.execute("DELETE FROM sign_in_attempt WHERE subject = ?", subject)


async def drop_old_attempts(tx: Transaction, before: int) -> None:
    await tx.execute("DELETE FROM sign_in_attempt WHERE at <= ?", before)


# --- the rest


async def epoch(tx: Transaction) -> str:
    return (await tx.rows("SELECT value FROM meta WHERE key = 'epoch'"))[0]["value"]


async def record_body(tx: Transaction, kind: str, key: str) -> str | None:
    """JSON of the newest version of a record."""
    rows = await tx.rows("SELECT body FROM record WHERE kind = ? AND key = ?", kind, key)
    return rows[0]["body"] if rows else None


async def add_audit(tx: Transaction, now: int, by: str, what: str, subject: str, detail: dict[str, Any]) -> None:
    await tx.execute(
        'INSERT INTO audit (at, "by", what, subject, detail) VALUES (?, ?, ?, ?, ?)',
        now, by, what, subject, json.dumps(detail, ensure_ascii=False, separators=(",", ":")),
    )  # fmt: skip


def _one(rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    return rows[0] if rows else None
