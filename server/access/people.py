"""People: made, given a password, switched off and on. By administrators, or from the command line (`by` is ``""``)."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

import msgspec

from server.problems import Problem
from server.store import accounts

from .audit import audit
from .channels import close_channels, device_channel, session_channel_of
from .passwords import PASSWORDS, check_password_form
from .principal import Principal, now_ms
from .roles import ADMINISTRATOR, DEALER, ROLES
from .sessions import normal_login

if TYPE_CHECKING:
    from server.store.engine import Database

LANGUAGES = frozenset({"", "zh-CN", "en"})


class NewPerson(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    login: str
    name: str
    role: str
    dealer: str | None = None
    password: str = ""
    """Empty: signs in by an enrolment code only."""
    language: str = ""


async def create_person(database: Database, person: NewPerson, by: str = "") -> str:
    """The new account's id. Problem 400 with what is wrong, 409 `login_taken`."""
    login = normal_login(person.login)
    if login is None:
        raise Problem(400, "login_malformed", "A login has 1 to 100 visible letters.")
    if person.role not in ROLES:
        raise Problem(400, "role_unknown", f"Roles are {', '.join(sorted(ROLES))}.")
    if (person.role in DEALER) != bool(person.dealer):
        raise Problem(400, "dealer_missing", "Owner and staff belong to a dealer, and nobody else does.")
    if person.language not in LANGUAGES:
        raise Problem(400, "language_unknown", "Languages are zh-CN and en.")
    name = " ".join(person.name.split())
    if not 0 < len(name) <= 100:
        raise Problem(400, "name_malformed", "A name has 1 to 100 letters.")
    hashed = ""
    if person.password:
        check_password_form(person.password)
        hashed = await PASSWORDS.hash(person.password)
    account = secrets.token_hex(8)
    row: dict[str, Any] = {"id": account, "login": login, "name": name, "role": person.role, "dealer": person.dealer}
    row |= {"password": hashed, "language": person.language, "created_at": now_ms()}
    async with database.transaction() as tx:
        if person.dealer and by and await accounts.record_body(tx, "dealer", person.dealer) is None:
            raise Problem(400, "dealer_unknown", "There is no such dealer.")
        if not await accounts.add_account(tx, row):
            raise Problem(409, "login_taken", "Somebody has this login.")
        await audit(tx, by, "account_created", account, {"login": login, "role": person.role, "dealer": person.dealer})
    return account


async def set_password(database: Database, account: str, password: str, by: str = "") -> None:
    """A new password ends the browser sessions that the old one opened; devices keep their tokens. Problem 400, 404."""
    check_password_form(password)
    hashed = await PASSWORDS.hash(password)
    async with database.transaction() as tx:
        await _known(tx, account)
        await accounts.set_password(tx, account, hashed)
        ended = await accounts.drop_sessions_of(tx, account)
        close_channels(database, tx, map(session_channel_of, ended))
        await audit(tx, by, "password_set", account)


async def change_own_password(database: Database, principal: Principal, earlier: str, password: str) -> None:
    """Problem 403 `password_wrong` unless the earlier one is right."""
    async with database.reading() as tx:
        row = await accounts.account_by_id(tx, principal.account)
    if not await PASSWORDS.verify(row["password"] if row else None, earlier):
        raise Problem(403, "password_wrong", "That is not the present password.")
    await set_password(database, principal.account, password, principal.account)


async def switch_off(database: Database, account: str, by: str = "") -> None:
    """Nothing that this person holds works from now on: password, sessions, devices, unused codes. Problem 404, and 409
    `last_administrator`, so that nobody locks everybody out."""
    async with database.transaction() as tx:
        row = await _known(tx, account)
        if row["role"] == ADMINISTRATOR and not await accounts.other_administrators(tx, account):
            raise Problem(409, "last_administrator", "Somebody must be left who can switch people on.")
        await accounts.set_active(tx, account, False)
        sessions = await accounts.drop_sessions_of(tx, account)
        await accounts.drop_enrolments_of(tx, account)
        devices = await accounts.revoke_devices_of(tx, account, now_ms())
        await audit(tx, by, "account_switched_off", account, {"devices": devices})
        close_channels(database, tx, [*map(device_channel, devices), *map(session_channel_of, sessions)])


async def switch_on(database: Database, account: str, by: str = "") -> None:
    """The password works again; devices enrol anew. Problem 404."""
    async with database.transaction() as tx:
        await _known(tx, account)
        await accounts.set_active(tx, account, True)
        await audit(tx, by, "account_switched_on", account)


async def _known(tx, account: str) -> dict:  # type: ignore[no-untyped-def, type-arg]
    row = await accounts.account_by_id(tx, account)
    if row is None:
        raise Problem(404, "account_unknown", "There is no such account.")
    return row
