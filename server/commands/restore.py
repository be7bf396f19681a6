"""`daybook restore`: puts a backup in place. Devices then offer again what they had acknowledged (SY6)."""

from __future__ import annotations

import time
from pathlib import Path

import click

from server.settings import Settings
from server.store.backup import NotABook, check_book, copy_attachments, copy_database
from server.store.engine import Database
from server.store.migrate import new_epoch

from .backup import BESIDE, ON_POSTGRES
from .options import STORE, with_settings
from .session import with_database


@click.command(name="restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_settings(*STORE)
def command(settings: Settings, file: Path) -> None:
    """Put the backup FILE in place of the database, under a new epoch, and its photos back. Stop the server first.

    The database that was there is kept beside it. Every device that syncs next offers again all that it has, so that what
    was written after the backup comes back; nothing posts twice.
    """
    if settings.database_url:
        raise click.ClickException(ON_POSTGRES)
    place = settings.sqlite_file
    try:
        check_book(file)
    except NotABook as error:
        raise click.ClickException(str(error)) from None
    settings.data.mkdir(parents=True, exist_ok=True)
    kept = place.with_name(f"{place.stem}.before-{time.strftime('%Y%m%d-%H%M%S')}{place.suffix}")
    for suffix in ("", "-wal", "-shm"):
        part = place.with_name(place.name + suffix)
        if part.exists():
            part.rename(kept.with_name(kept.name + suffix))
    copy_database(file, place)
    beside = file.absolute().parent / BESIDE
    copied, missing = copy_attachments(place, beside, settings.attachments)
    epoch = with_database(settings, give_new_epoch)
    click.echo(f"{place} is the backup, epoch {epoch}" + (f"; the earlier one is {kept.name}" if kept.exists() else ""))
    if copied:
        click.echo(f"{copied} photos brought back from {beside}")
    if missing:
        click.echo(f"{len(missing)} photos are missing; tablets that have them send them again")


async def give_new_epoch(database: Database) -> str:
    async with database.transaction() as tx:
        return await new_epoch(tx)
