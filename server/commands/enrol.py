"""`daybook enrol`: a link and a QR code that make a tablet somebody's."""

from __future__ import annotations

import asyncio
import io
from datetime import datetime

import click
import segno

from server.access import devices
from server.access.routes import enrolment_link
from server.problems import Problem
from server.settings import Settings
from server.store import accounts
from server.store.engine import Database, open_database

from .options import STORE, with_settings


@click.command(name="enrol")
@click.argument("login")
@with_settings(*STORE, "host", "port", "public_url")
def command(settings: Settings, login: str) -> None:
    """Make an enrolment link, good once and for three days, for the tablet of the person with this LOGIN."""
    click.echo(asyncio.run(_enrol(settings, login)))


async def _enrol(settings: Settings, login: str) -> str:
    database = await open_database(settings)
    try:
        return await invitation(database, settings, login)
    except Problem as problem:
        raise click.ClickException(problem.detail) from None
    finally:
        await database.close()


async def invitation(database: Database, settings: Settings, login: str) -> str:
    """The link as text and as a QR code of half blocks, for a terminal. Problem 404 for an unknown login."""
    async with database.transaction() as tx:
        row = await accounts.account_by_login(tx, login)
        if row is None:
            raise Problem(404, "account_unknown", f"Nobody has the login {login}.")
        issued = await devices.issue_code(tx, row["account"], "")
    link = enrolment_link(settings.address, issued.code)
    until = datetime.fromtimestamp(issued.expires_at / 1000).astimezone()
    return f"{qr(link)}\n{link}\ncode {issued.code}, good once, until {until:%Y-%m-%d %H:%M}"


def qr(text: str) -> str:
    drawn = io.StringIO()
    segno.make(text, error="m", micro=False).terminal(drawn, compact=True, border=2)
    return drawn.getvalue().rstrip("\n")
