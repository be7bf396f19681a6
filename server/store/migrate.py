"""Bring a database up to date, whichever engine and however many processes start at once."""

from __future__ import annotations

import secrets
import time

from .engine import Database
from .migrations import STEPS
from .transaction import Transaction

_LOCK = 4_215_090_031
"""PostgreSQL's advisory lock for this: any number that nobody else takes."""


async def migrate(database: Database) -> list[str]:
    """Run the steps that are missing, each in its own transaction. The ids of those that ran now."""
    done: list[str] = []
    for step in STEPS:
        async with database.transaction() as tx:
            if tx.engine == "postgres":
                await tx.execute("SELECT pg_advisory_xact_lock(?)", _LOCK)
            await tx.execute("CREATE TABLE IF NOT EXISTS migration (id TEXT PRIMARY KEY, at BIGINT NOT NULL)")
            if await tx.rows("SELECT id FROM migration WHERE id = ?", step.ID):
                continue
            manager = await step.forwards()
            for run in manager.raw:
                await run()
            await tx.execute("INSERT INTO migration (id, at) VALUES (?, ?)", step.ID, int(time.time() * 1000))
            done.append(step.ID)
    async with database.transaction() as tx:
        await tx.execute("INSERT INTO meta (key, value) VALUES ('epoch', ?) ON CONFLICT DO NOTHING", _fresh())
    return done


async def epoch(tx: Transaction) -> str:
    """The database's epoch (SY6)."""
    row = await tx.row("SELECT value FROM meta WHERE key = 'epoch'")
    if row is None:
        raise RuntimeError("the database was never migrated")
    return str(row["value"])


async def new_epoch(tx: Transaction) -> str:
    """Give the database another epoch: after a backup was restored, every device offers again what it had acknowledged."""
    value = _fresh()
    await tx.execute("UPDATE meta SET value = ? WHERE key = 'epoch'", value)
    return value


def _fresh() -> str:
    return secrets.token_hex(8)
