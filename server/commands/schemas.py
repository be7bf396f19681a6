"""`daybook schemas`: after a change of a document's model."""

from __future__ import annotations

import click

from server import schemas


@click.command(name="schemas")
@click.option("--check", is_flag=True, help="Write nothing; fail if a file is not fresh.")
def command(check: bool) -> None:
    """Write schemas/*.json and pwa/src/generated/*.ts anew from the documents in server/domain."""
    changed = schemas.differing() if check else schemas.write()
    for name in changed:
        click.echo(f"{'not fresh' if check else 'written'}: {name}")
    if check and changed:
        raise click.ClickException("run `./daybook schemas` and commit what it writes")
    if not changed:
        click.echo("all fresh")
