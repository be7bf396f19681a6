"""Puts the parts together that take things in: database, gate, pipeline. For the server, and for commands that write as it does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from .domain.costing import METHODS
from .notify.jobs import Told, enqueue_pushes
from .settings import Settings
from .store.engine import Database, open_database
from .store.migrate import migrate
from .store.transaction import Transaction
from .sync.admission import Gate
from .sync.pipeline import Pipeline
from .sync.shown import MadeNotice

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class Parts:
    database: Database
    gate: Gate
    pipeline: Pipeline


@asynccontextmanager
async def assembled(settings: Settings) -> AsyncIterator[Parts]:
    """Opens the database, brings its tables up to date, starts the gate's workers; ends and closes all of it afterwards."""
    settings.data.mkdir(parents=True, exist_ok=True)
    database = await open_database(settings)
    memory = settings.gate_memory * MEBIBYTE
    gate = Gate(settings.gate_workers, settings.gate_seconds, memory, settings.gate_compiled)
    try:
        await migrate(database)
        await gate.start()
        yield Parts(database, gate, Pipeline(database, gate, outbox=put_on_the_list, costing=METHODS[settings.costing]))
    finally:
        await gate.stop()
        await database.close()


async def put_on_the_list(tx: Transaction, notices: list[MadeNotice]) -> None:
    """A push for every notice, in the transaction of the decision that it tells of."""
    await enqueue_pushes(tx, [Told(each.scope, each.code, each.params, each.document, each.kind) for each in notices])
