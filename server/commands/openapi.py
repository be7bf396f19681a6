"""`daybook openapi`: the description that /api/openapi.json serves."""

from __future__ import annotations

import json

import click

from server.settings import Settings

from .options import with_settings


@click.command(name="openapi")
@with_settings("data")
def command(settings: Settings) -> None:
    """Print the OpenAPI description of the HTTP API as JSON."""
    from server.app import create_app

    click.echo(json.dumps(create_app(settings).openapi_schema.to_schema(), indent=2, ensure_ascii=False))
