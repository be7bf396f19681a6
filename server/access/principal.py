"""Who is asking, by token or by cookie, and which scopes that one sees. One indexed query a request, and no cache:
a revocation made in any process holds from the next request on."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import msgspec

from server.problems import Problem
from server.store import accounts

from .codes import digest, is_token
from .roles import DEALER, FIELD, HEADQUARTERS

if TYPE_CHECKING:
    from server.store.engine import Database

HOUR = 3_600_000
SESSION_IDLE = 12 * HOUR
"""A browser of headquarters that is not used for so long must sign in again; use moves the end on, at most once an hour."""
SESSION_LONGEST = 30 * 24 * HOUR


class Principal(msgspec.Struct, frozen=True):
    account: str
    login: str
    name: str
    role: str
    dealer: str | None = None
    device: str | None = None
    """16 hex digits; None for a browser of headquarters."""
    language: str = ""

    @property
    def headquarters(self) -> bool:
        return self.role in HEADQUARTERS


def now_ms() -> int:
    """UTC milliseconds."""
    return time.time_ns() // 1_000_000


async def authenticate_bearer(database: Database, token: str) -> Principal:
    """The device that holds this token. Problem 401 `token_unknown` or `device_revoked`."""
    row = None
    if is_token(token):
        async with database.reading() as tx:
            row = await accounts.device_by_token(tx, digest(token))
    if row is None:
        raise Problem(401, "token_unknown", "No device has this token. Enrol the device again.")
    if row["revoked_at"] is not None or not row["active"]:
        raise Problem(401, "device_revoked", "This device or its account was switched off at headquarters.")
    return _principal(row, device=row["device"])


async def authenticate_session(database: Database, token: str | None, *, used: bool = True) -> Principal:
    """The person whose browser holds this cookie. Problem 401 `not_signed_in`. `used`: somebody is at work, which moves the
    session's end on; an open channel alone is no use."""
    now = now_ms()
    row = None
    if token and is_token(token):
        async with database.reading() as tx:
            row = await accounts.session_by_token(tx, digest(token), now)
    if row is None or not row["active"] or row["role"] not in HEADQUARTERS:
        raise Problem(401, "not_signed_in", "Sign in first.")
    ends = min(now + SESSION_IDLE, row["created_at"] + SESSION_LONGEST)
    if used and ends - row["expires_at"] > HOUR:
        async with database.transaction() as tx:
            await accounts.extend_session(tx, digest(token or ""), ends)
    return _principal(row, device=None)


async def scopes_of(tx: Any, principal: Principal) -> tuple[str, ...]:
    """The scopes that this one's device holds a copy of, catalogue first. Nothing else is ever sent to it (SY10)."""
    if principal.role not in FIELD:
        return ()
    own = await writes_in(tx, principal)
    if principal.role in DEALER and own:
        body = await accounts.record_body(tx, "dealer", principal.dealer or "")
        tier = json.loads(body).get("tier") if body else None
        return ("catalog", f"tier:{tier}", *own) if tier else ("catalog", *own)
    return ("catalog", *own)


async def writes_in(tx: Any, principal: Principal) -> tuple[str, ...]:
    """The scopes that this one's device writes in: its own, and for what technicians and dealers write together `service:<dealer>`.
    All others that it sees, others see too, and headquarters writes them."""
    if principal.role == "technician":
        body = await accounts.record_body(tx, "technician", principal.account)
        served = json.loads(body).get("dealers", []) if body else []
        return (f"technician:{principal.account}", *(f"service:{dealer}" for dealer in served))
    if principal.role in DEALER and principal.dealer:
        return (f"dealer:{principal.dealer}", f"service:{principal.dealer}")
    return ()


def _principal(row: dict[str, Any], device: str | None) -> Principal:
    return Principal(
        account=row["account"],
        login=row["login"],
        name=row["name"],
        role=row["role"],
        dealer=row["dealer"],
        device=device,
        language=row["language"],
    )
