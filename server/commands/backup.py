"""`daybook backup`: the database file and the photos that it names, safe to copy while the server runs."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from server.settings import Settings
from server.store.backup import NotABook, copy_attachments, copy_database

from .options import STORE, with_settings

ON_POSTGRES = "this database is PostgreSQL: use pg_dump for backups, then `daybook new-epoch` after a restore"
BESIDE = "attachments"
"""The folder beside backups that holds their photos: one for all backups that lie there."""


@click.command(name="backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace FILE if it is there.")
@with_settings(*STORE)
def command(settings: Settings, file: Path, force: bool) -> None:
    """Copy the database to FILE, and the photos that it names into the folder `attachments` beside it, while both are in use.

    Backups in one folder share that folder of photos, and each adds what is new. Pictures and secrets lie in the data folder as
    plain files.
    """
    if settings.database_url:
        raise click.ClickException(ON_POSTGRES)
    if file.exists() and not force:
        raise click.ClickException(f"{file} is there already; --force replaces it")
    with Progress(console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("copying", total=None)
        try:
            size = copy_database(
                settings.sqlite_file, file, lambda done, whole: shown.update(task, completed=done, total=whole)
            )
        except (NotABook, OSError) as error:
            raise click.ClickException(str(error)) from None
    click.echo(f"{file}: {size / 1e6:.1f} MB, checked")
    beside = file.absolute().parent / BESIDE
    try:
        copied, missing = copy_attachments(file, settings.attachments, beside)
    except OSError as error:
        raise click.ClickException(f"{file} is whole, but its photos are not all copied: {error}") from None
    if copied:
        click.echo(f"{beside}: {copied} photos copied")
    if missing:
        # The tablets may have them still, and send them when the server asks; nobody should learn of it by chance.
        raise click.ClickException(f"{len(missing)} photos that the database names are not on the disk: {missing[0]} …")
