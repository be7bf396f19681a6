"""`daybook new-epoch`: to be run after a PostgreSQL backup was restored by PostgreSQL's own tools."""

from __future__ import annotations

import click

from server.settings import Settings

from .options import STORE, with_settings
from .restore import give_new_epoch
from .session import with_database


@click.command(name="new-epoch")
@with_settings(*STORE)
def command(settings: Settings) -> None:
    """Make every device offer again what it had acknowledged. `daybook restore` does this by itself."""
    click.echo(f"epoch {with_database(settings, give_new_epoch)}")
