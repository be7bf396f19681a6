"""Master data: records that headquarters and imports write. Every version is kept, because decisions name the one they used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from server.domain.account import balance_records_of
from server.domain.facts import RecordKey
from server.store import ledger, records
from server.store.transaction import Transaction

from .counters import Counters
from .ruling import plain
from .shown import MadeNotice, key_of, needed, newest, shown_balances, write_published


class RecordPut(msgspec.Struct, frozen=True):
    scope: str
    kind: str
    key: str
    body: dict[str, Any] | None
    """None: the record is gone."""


async def write_records(
    tx: Transaction, counters: Counters, by: str, puts: Sequence[RecordPut], now: int
) -> tuple[int, list[MadeNotice]]:
    """The number of records that changed, and who is to be told. The last of several puts of one record counts."""
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
    notices = await _show(tx, counters, {RecordKey(*row[:2]): row[4] for row in rows}, now)
    await counters.save()
    return len(rows), notices


async def _show(
    tx: Transaction, counters: Counters, written: Mapping[RecordKey, str | None], now: int
) -> list[MadeNotice]:
    """The records that show balances beside what was written: a new limit, a new threshold."""
    bodies = {key: msgspec.json.decode(body) for key, body in written.items() if body is not None}
    shown = balance_records_of({key: bodies.get(key) for key in written})
    if not shown:
        return []
    await counters.enter(each.scope for each in shown)
    before = await newest(tx, [(each.kind, each.key) for each in shown])
    made = needed(shown, bodies)
    keys = {key for each in made for key in each.balances}
    amounts = await ledger.balances(tx, [key_of(key) for key in keys])
    balances = {key: amounts.get(key_of(key), 0) for key in keys}
    published, notices = shown_balances(made, bodies, balances, before, now)
    for key in {(each.kind, each.key) for each in shown} - published.keys():
        published[key] = (next(each.scope for each in shown if (each.kind, each.key) == key), None)
    await counters.enter(scope for scope, _ in published.values())
    await write_published(tx, counters, published, before)
    return notices
