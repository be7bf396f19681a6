"""How often sign-in may be tried: by login and address together, by login, by address. Counted in the database, so it
holds over any number of processes and over restarts."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from server.problems import Problem
from server.store import accounts

from .principal import now_ms

if TYPE_CHECKING:
    from server.store.engine import Database

WINDOW = 15 * 60_000


class Limits(msgspec.Struct, frozen=True):
    """Attempts in 15 minutes that may fail. One address guessing at one login is stopped early; a login under attack from
    many addresses stays open to its owner for longer, and an office behind one address is not locked out by one person."""

    pair: int = 8
    login: int = 40
    address: int = 80


LIMITS = Limits()


class Attempt(msgspec.Struct, frozen=True):
    ids: list[int]
    subjects: list[str]


async def take_attempt(database: Database, login: str | None, address: str, limits: Limits = LIMITS) -> Attempt:
    """Books an attempt and answers it, or Problem 429 `slow_down` with `Retry-After`. `login` is None for a code.

    The attempt is committed before the count is made: of attempts at the same moment in several processes the last to commit
    sees all the others, so never more than the limit pass. No lock is needed.
    """
    now = now_ms()
    allowed = {_subject("address", address): limits.address}
    if login is not None:
        allowed[_subject("login", login)] = limits.login
        allowed[_subject("pair", f"{address}\n{login}")] = limits.pair
    async with database.transaction() as tx:
        await accounts.drop_old_attempts(tx, now - WINDOW)
        ids = [await accounts.add_attempt(tx, subject, now) for subject in allowed]
    wait = 0
    async with database.reading() as tx:
        for subject, most in allowed.items():
            count, oldest = await accounts.count_attempts(tx, subject, now - WINDOW)
            if count > most:
                wait = max(wait, oldest + WINDOW - now)
    if wait:
        # Refused tries are not counted: whoever waits as told gets in, however often somebody else knocked meanwhile.
        async with database.transaction() as tx:
            await accounts.drop_attempts(tx, ids, [])
        seconds = str(max(1, -(-wait // 1000)))
        raise Problem(429, "slow_down", f"Too many attempts. Try again in {seconds} s.", {"Retry-After": seconds})
    return Attempt(ids=ids, subjects=list(allowed))


async def give_back(database: Database, attempt: Attempt) -> None:
    """The sign-in went well: it counts no more, and neither do the failures of this login from this address."""
    async with database.transaction() as tx:
        await accounts.drop_attempts(tx, attempt.ids, attempt.subjects[2:])


def _subject(what: str, value: str) -> str:
    return hashlib.sha256(f"{what}\n{value}".encode()).hexdigest()
