"""Master data: records that headquarters and imports write. Every version is kept, because decisions name the one they used."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from server.store import records
from server.store.transaction import Transaction

from .counters import Counters
from .ruling import plain


class RecordPut(msgspec.Struct, frozen=True):
    scope: str
    kind: str
    key: str
    body: dict[str, Any] | None
    """None: the record is gone."""


async def write_records(tx: Transaction, counters: Counters, by: str, puts: Sequence[RecordPut], now: int) -> int:
    """The number of records that changed. The last of several puts of one record counts."""
    wanted = {(put.kind, put.key): put for put in puts}
    await counters.enter(put.scope for put in wanted.values())
    there = {(row["kind"], row["key"]): row for row in await records.newest(tx, wanted)} if wanted else {}
    rows: list[tuple[Any, ...]] = []
    versions: list[tuple[Any, ...]] = []
    for name, put in wanted.items():
        body = None if put.body is None else msgspec.json.encode(plain(put.body)).decode()
        stands = there.get(name)
        if stands is None and body is None:
            continue
        if stands is not None and (stands["body"], stands["scope"]) == (body, put.scope):
            continue
        rows.append((*name, put.scope, counters.take(put.scope), body))
        versions.append((*name, (stands["version"] if stands else 0) + 1, body, now, by))
    await records.write(tx, rows)
    await records.keep_versions(tx, versions)
    await counters.save()
    return len(rows)
