"""`daybook demo`: the demo network, without serving it."""

from __future__ import annotations

import asyncio

import click

from server.settings import Settings

from .options import STORE, with_settings
from .prepare import fill_demo, told_sign_ins
from .session import with_database


@click.command(name="demo")
@click.option("--show", is_flag=True, help="Only print the sign-ins of the demo that is there.")
@with_settings(*STORE, "host", "port", "public_url", "currency", "lang")
def command(settings: Settings, show: bool) -> None:
    """Fill an empty database with a small dealer network, or show its sign-ins. `daybook serve` does so at its first start."""
    from server.demo import fill

    if not show:
        wanted = settings.model_copy(update={"demo": True})
        if not with_database(settings, lambda database: fill.is_wanted(database, wanted)):
            raise click.ClickException("there are people in this database; the demo goes into an empty one only")
        asyncio.run(fill_demo(wanted))
    elif fill.sign_ins(settings):
        click.echo(told_sign_ins(settings))
    else:
        raise click.ClickException(f"there is no demo in {settings.data}")
