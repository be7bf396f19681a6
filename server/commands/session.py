"""Runs a command's work on an opened, migrated database, and turns a Problem into one line."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import click

from server.problems import Problem
from server.settings import Settings
from server.store.engine import Database, open_database
from server.store.migrate import migrate

Answer = TypeVar("Answer")


def with_database(settings: Settings, work: Callable[[Database], Awaitable[Answer]]) -> Answer:
    """Opens the database, brings its tables up to date, does the work, and closes it whatever happens."""

    async def all_of_it() -> Answer:
        settings.data.mkdir(parents=True, exist_ok=True)
        database = await open_database(settings)
        try:
            await migrate(database)
            return await work(database)
        finally:
            await database.close()

    try:
        return asyncio.run(all_of_it())
    except Problem as problem:
        raise click.ClickException(problem.detail or problem.code) from None
