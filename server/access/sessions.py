"""Signing in with a password, and the sessions of headquarters' browsers."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from server.problems import Problem
from server.store import accounts

from .audit import audit
from .channels import close_channels, session_channel
from .codes import digest, new_token
from .limits import give_back, take_attempt
from .passwords import LONGEST, PASSWORDS
from .principal import SESSION_IDLE, now_ms
from .roles import HEADQUARTERS

if TYPE_CHECKING:
    from server.store.engine import Database

LONGEST_LOGIN = 100


def normal_login(text: str) -> str | None:
    """A login in its one form (NFKC, case folded), so that it is the same on every keyboard. None if it cannot be one."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text[:1000]).casefold().strip())
    return plain if 0 < len(plain) <= LONGEST_LOGIN and plain.isprintable() else None


async def check_sign_in(database: Database, login: str, password: str, address: str) -> dict[str, Any]:
    """The account (its row) if the password is right. Problem 401 `sign_in_failed`, the same whether the login is unknown,
    the password wrong or the account switched off; 429 `slow_down`; 503 `busy`."""
    plain = normal_login(login)
    attempt = await take_attempt(database, plain or login[:LONGEST_LOGIN], address)
    row = None
    async with database.reading() as tx:
        row = await accounts.account_by_login(tx, plain or "")
    right = await PASSWORDS.verify(row["password"] if row else None, password[: LONGEST + 1])
    if row is None or not right or not row["active"]:
        async with database.transaction() as tx:
            await audit(tx, "", "sign_in_failed", (plain or login)[:LONGEST_LOGIN], {"address": address})
        raise Problem(401, "sign_in_failed", "Login and password do not match.")
    await give_back(database, attempt)
    if PASSWORDS.outdated(row["password"]):
        fresh = await PASSWORDS.hash(password)
        async with database.transaction() as tx:
            await accounts.set_password(tx, row["account"], fresh)
    return row


async def open_session(
    database: Database, login: str, password: str, address: str, earlier: str | None
) -> tuple[str, dict[str, Any]]:
    """A new token for the cookie, and the account. `earlier` is a token that the browser brought along: it ends, so a
    token that somebody planted is worth nothing. Problem 403 `not_headquarters` for people who work on a tablet."""
    row = await check_sign_in(database, login, password, address)
    if row["role"] not in HEADQUARTERS:
        raise Problem(403, "not_headquarters", "This account signs in on a tablet.")
    token, now = new_token(), now_ms()
    async with database.transaction() as tx:
        if earlier and await accounts.drop_session(tx, digest(earlier)):
            close_channels(database, tx, [session_channel(earlier)])
        await accounts.add_session(tx, digest(token), row["account"], now, now + SESSION_IDLE)
        await audit(tx, row["account"], "sign_in", row["account"], {"address": address})
    return token, row


async def close_session(database: Database, token: str) -> None:
    """Ends a session, and its live channels in whichever process; one that is unknown has ended already."""
    async with database.transaction() as tx:
        account = await accounts.drop_session(tx, digest(token))
        if account:
            await audit(tx, account, "sign_out", account)
            close_channels(database, tx, [session_channel(token)])
