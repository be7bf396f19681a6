"""One master record that somebody at headquarters edits: read, changed, written and audited in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from server.access.audit import audit
from server.access.principal import Principal
from server.problems import Problem
from server.store import records
from server.store.transaction import Transaction
from server.sync.counters import Counters
from server.sync.masters import RecordPut, write_records
from server.sync.pipeline import Pipeline

Body = dict[str, Any]
Change = Callable[[Body | None], Body | None]
"""The body as it stands (None: there is none) -> as it should be. May raise a Problem."""


class Edited(msgspec.Struct, frozen=True):
    changed: bool
    """False: it was so already. Asking twice does no harm."""
    version: int


async def edit_record(
    pipeline: Pipeline,
    by: Principal,
    what: str,
    name: tuple[str, str, str],
    change: Change,
    seen: int | None = None,
) -> Edited:
    """`name` is (scope, kind, key); `what` the word of the audit log. Problem 409 `edited_meanwhile` where another wrote a version
    after the one that was `seen`, and something else than what is wanted now."""
    scope, kind, key = name

    async def write(tx: Transaction) -> Edited:
        counters = Counters(tx)
        await counters.enter([scope])  # whoever edits this record waits here
        row = next(iter(await records.newest(tx, [(kind, key)])), None)
        stands = msgspec.json.decode(row["body"]) if row and row["body"] else None
        version = row["version"] if row else 0
        body = change(stands)
        if body == stands:
            return Edited(False, version)
        if seen is not None and seen != version:
            raise Problem(409, "edited_meanwhile", "Somebody edited this after you had read it.", version=version)
        now = pipeline.clock()
        changed, notices = await write_records(tx, counters, by.account, [RecordPut(scope, kind, key, body)], now)
        await audit(tx, by.account, what, key, {"before": stands, "after": body})
        if pipeline.outbox is not None and notices:
            await pipeline.outbox(tx, notices)
        pipeline.database.notify(tx, counters.moved)
        return Edited(changed > 0, version + 1)

    return await pipeline.in_transaction(write)
