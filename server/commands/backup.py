"""`daybook backup` and `daybook restore`: the database file, safe to copy while the server runs."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from server.settings import Settings
from server.store.backup import NotABook, copy_database

from .options import STORE, with_settings

ON_POSTGRES = "this database is PostgreSQL: use pg_dump for backups, then `daybook new-epoch` after a restore"


@click.command(name="backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace FILE if it is there.")
@with_settings(*STORE)
def command(settings: Settings, file: Path, force: bool) -> None:
    """Copy the database to FILE while it is in use. Pictures and secrets lie beside it in the data folder as plain files."""
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
