"""`daybook migrate`: what the server does at its start too."""

from __future__ import annotations

import click

from server.settings import Settings
from server.store.engine import Database
from server.store.migrate import epoch

from .options import STORE, with_settings
from .session import with_database


@click.command(name="migrate")
@with_settings(*STORE)
def command(settings: Settings) -> None:
    """Bring the database's tables up to this version. The server does so at its start."""
    click.echo(f"up to date, epoch {with_database(settings, _epoch)}")


async def _epoch(database: Database) -> str:
    async with database.reading() as tx:
        return await epoch(tx)
