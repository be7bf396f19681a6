"""What a start makes ready before it serves: folders, tables, keys, the demo; and what it then tells."""

from __future__ import annotations

import time

import click

from server.notify.keys import load_vapid
from server.settings import Settings
from server.store import accounts
from server.store.engine import Database, open_database
from server.store.migrate import migrate


async def prepare(settings: Settings) -> None:
    """Makes what is missing, and prints the address and how to sign in. Nothing is made twice."""
    settings.data.mkdir(parents=True, exist_ok=True)
    load_vapid(settings)
    database = await open_database(settings)
    try:
        await migrate(database)
        empty = await _nobody(database)
        fresh = settings.demo and (empty or await _cut_off(database, settings))
    finally:
        await database.close()
    if fresh:
        await fill_demo(settings)
    elif empty:
        click.echo("Nobody can sign in yet: ./daybook account add LOGIN --name NAME --role administrator")
    click.echo(f"Daybook is at {settings.address}")


async def fill_demo(settings: Settings) -> None:
    """Fills the demo with a line for each step, and prints how to sign in."""
    from server.assembly import assembled
    from server.demo import fill

    from .enrol import invitation

    began = time.monotonic()

    def tell(step: str) -> None:
        click.echo(f"[{time.monotonic() - began:5.1f} s] demo: {step}")

    async with assembled(settings) as parts:
        await fill.fill(parts, settings, tell)
        tell("ready")
        click.echo(told_sign_ins(settings))
        click.echo(
            f"\nA tablet of the dealer, by camera or link:\n{await invitation(parts.database, settings, 'dealer')}\n"
        )


def told_sign_ins(settings: Settings) -> str:
    """A table of the demo's people and their passwords."""
    from server.demo import fill

    lines = [f"  {one.login:<12} {one.password:<16} {one.role:<14} {one.name}" for one in fill.sign_ins(settings)]
    return "\n".join(["", "Sign in as (login, password, role):", *lines, "", "Shown again by: ./daybook demo --show"])


async def _nobody(database: Database) -> bool:
    async with database.reading() as tx:
        return not await accounts.people(tx)


async def _cut_off(database: Database, settings: Settings) -> bool:
    from server.demo import fill

    return await fill.is_wanted(database, settings)
