"""Devices: enrolled once with a code or a password, known from then on by a token, switched off by headquarters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from server.problems import Problem
from server.store import accounts

from .audit import audit
from .channels import close_channels, device_channel
from .codes import (
    DEVICE_ID,
    SHORT_CODE_LETTERS,
    digest,
    new_code,
    new_device_id,
    new_short_code,
    new_token,
    normal_code,
)
from .limits import give_back, take_attempt
from .principal import Principal, now_ms, scopes_of
from .roles import FIELD
from .sessions import check_sign_in

if TYPE_CHECKING:
    from server.store.engine import Database, Transaction

CODE_LASTS = 3 * 24 * 3_600_000
LONGEST_NAME = 80


class Enrolled(msgspec.Struct, frozen=True):
    """What a device is told, once."""

    device: str
    token: str
    user: str
    login: str
    name: str
    role: str
    dealer: str | None
    language: str
    short_code: str
    scopes: tuple[str, ...]
    epoch: str


class Code(msgspec.Struct, frozen=True):
    code: str
    expires_at: int


async def issue_code(tx: Transaction, account: str, by: str) -> Code:
    """A fresh enrolment code for a person; an older unused one of theirs ends. `by` is an account id, or ``""`` for the
    command line. Problem 404 `account_unknown`, 409 `account_switched_off`, 409 `role_has_no_device`."""
    row = await accounts.account_by_id(tx, account)
    if row is None:
        raise Problem(404, "account_unknown", "There is no such account.")
    _check_may_have_device(row)
    code, now = new_code(), now_ms()
    await accounts.drop_enrolments_of(tx, account)
    await accounts.add_enrolment(tx, digest(normal_code(code) or ""), account, by, now, now + CODE_LASTS)
    await audit(tx, by, "enrolment_issued", account, {"expires_at": now + CODE_LASTS})
    return Code(code=code, expires_at=now + CODE_LASTS)


async def enrol_with_code(database: Database, code: str, name: str, address: str) -> Enrolled:
    """Spends the code. Problem 401 `code_invalid`: unknown, used or out of date, and not said which."""
    attempt = await take_attempt(database, None, address)
    plain = normal_code(code)
    async with database.transaction() as tx:
        account = await accounts.use_enrolment(tx, digest(plain), now_ms()) if plain else None
        row = await accounts.account_by_id(tx, account) if account else None
        if row is not None and row["active"]:
            enrolled = await _add_device(tx, row, name, "code")
        else:
            enrolled = None
            await audit(tx, "", "enrolment_failed", "", {"address": address})
    if enrolled is None:
        raise Problem(401, "code_invalid", "This code is unknown, used or out of date. Ask headquarters for another.")
    await give_back(database, attempt)
    return enrolled


async def enrol_with_password(database: Database, login: str, password: str, name: str, address: str) -> Enrolled:
    """Problems as of a sign-in, and 409 `role_has_no_device` for people of headquarters."""
    row = await check_sign_in(database, login, password, address)
    async with database.transaction() as tx:
        return await _add_device(tx, row, name, "password")


async def revoke(database: Database, device: str, by: str, what: str = "device_revoked") -> None:
    """Switches a device off: its next request is refused and its live channel, in whichever process, is closed. Again is a
    no-op. `what` is the word for the audit log. Problem 404 `device_unknown`."""
    async with database.transaction() as tx:
        row = await accounts.device_by_id(tx, device) if DEVICE_ID.fullmatch(device) else None
        if row is None:
            raise Problem(404, "device_unknown", "There is no such device.")
        if await accounts.revoke_device(tx, device, now_ms()):
            await audit(tx, by, what, device, {"account": row["account"]})
        close_channels(database, tx, [device_channel(device)])


async def sign_out(database: Database, principal: Principal) -> None:
    """A device gives its own token back: whoever finds it later can do nothing with it. What it holds is its own matter."""
    await revoke(database, principal.device or "", principal.account, "device_signed_out")


async def _add_device(tx: Transaction, row: dict[str, Any], name: str, how: str) -> Enrolled:
    _check_may_have_device(row)
    token = new_token()
    device = {
        "account": row["account"],
        "name": " ".join(name.split())[:LONGEST_NAME],
        "token_hash": digest(token),
        "created_at": now_ms(),
    }
    for _ in range(20):
        device |= {"id": new_device_id(), "short_code": new_short_code()}
        if await accounts.add_device(tx, device):
            break
    else:
        raise Problem(503, "busy", f"No free code of {SHORT_CODE_LETTERS} letters was found.", {"Retry-After": "1"})
    await audit(tx, row["account"], "device_enrolled", device["id"], {"how": how, "name": device["name"]})
    principal = Principal(row["account"], row["login"], row["name"], row["role"], row["dealer"], device["id"])
    return Enrolled(
        device=device["id"],
        token=token,
        user=row["account"],
        login=row["login"],
        name=row["name"],
        role=row["role"],
        dealer=row["dealer"],
        language=row["language"],
        short_code=device["short_code"],
        scopes=await scopes_of(tx, principal),
        epoch=await accounts.epoch(tx),
    )


def _check_may_have_device(row: dict[str, Any]) -> None:
    if row["role"] not in FIELD:
        raise Problem(409, "role_has_no_device", "People of headquarters sign in with a browser.")
    if not row["active"]:
        raise Problem(409, "account_switched_off", "The account is switched off.")
