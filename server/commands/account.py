"""`daybook account`: people, from the machine itself; the first administrator has no other way in."""

from __future__ import annotations

import secrets

import click

from server.access import people
from server.access.roles import ROLES
from server.problems import Problem
from server.settings import Settings
from server.store import accounts
from server.store.engine import Database

from .options import STORE, with_settings
from .session import with_database

NAME_PARTS = "0123456789abcdefghjkmnpqrstvwxyz"


@click.group(name="account")
def command() -> None:
    """Make a person's account, or set a password."""


@command.command("add")
@click.argument("login")
@click.option("--name", required=True, help="As others see it.")
@click.option("--role", required=True, type=click.Choice(sorted(ROLES)))
@click.option("--dealer", default=None, help="The dealer of an owner or of staff.")
@click.option("--password", default="", help="Else one is made and printed.")
@with_settings(*STORE, "lang")
def add(settings: Settings, login: str, name: str, role: str, dealer: str | None, password: str) -> None:
    """Make an account that signs in as LOGIN."""
    chosen = password or new_password()
    person = people.NewPerson(login, name, role, dealer, chosen, settings.lang)
    with_database(settings, lambda database: people.create_person(database, person))
    click.echo(f"{login} may sign in" + ("" if password else f", password {chosen}"))


@command.command("password")
@click.argument("login")
@click.option("--password", default="", help="Else one is made and printed.")
@with_settings(*STORE)
def password(settings: Settings, login: str, password: str) -> None:
    """Set the password of LOGIN. Browser sessions of that person end; tablets go on."""
    chosen = password or new_password()

    async def change(database: Database) -> None:
        async with database.reading() as tx:
            row = await accounts.account_by_login(tx, login)
        if row is None:
            raise Problem(404, "account_unknown", f"Nobody has the login {login}.")
        await people.set_password(database, row["account"], chosen)

    with_database(settings, change)
    click.echo("done" if password else f"password {chosen}")


def new_password() -> str:
    """75 random bits that can be read out: ``7k3mq-9tz04-hwd2c``."""
    return "-".join("".join(secrets.choice(NAME_PARTS) for _ in range(5)) for _ in range(3))
