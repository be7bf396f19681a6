"""Balances as records: what devices and headquarters are shown of the ledgers, and who is told when it crosses a threshold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from server.domain.account import BalanceRecord
from server.domain.decision import BalanceKey
from server.domain.facts import RecordKey
from server.store import records
from server.store.transaction import Row, Transaction

from .counters import Counters

HEADQUARTERS = "hq"
"""The scope of notices for headquarters."""
Published = dict[tuple[str, str], tuple[str, str | None]]
"""(kind, key) -> scope and body (JSON; None: gone)."""
Newest = Mapping[tuple[str, str], Row]
"""(kind, key) -> the row as it stood before this transaction published anything."""


class MadeNotice(msgspec.Struct, frozen=True):
    """A notice as it went into a feed. `document` is empty where it is about no document."""

    scope: str
    key: str
    document: str
    kind: str
    code: str
    params: dict[str, Any]


def needed(shown: Iterable[BalanceRecord], bodies: Mapping[RecordKey, dict[str, Any]]) -> list[BalanceRecord]:
    """Those that somebody asked for: the record that they need is there."""
    return [each for each in shown if each.needs is None or each.needs in bodies]


async def newest(tx: Transaction, names: Iterable[tuple[str, str]]) -> Newest:
    """What stands of these records. Their scopes are held, so nobody else writes them."""
    wanted = list(names)
    return {(row["kind"], row["key"]): row for row in await records.newest(tx, wanted)} if wanted else {}


def shown_balances(
    shown: Iterable[BalanceRecord],
    bodies: Mapping[RecordKey, dict[str, Any]],
    balances: Mapping[BalanceKey, int],
    before: Newest,
    now: int,
) -> tuple[Published, list[MadeNotice]]:
    """The records that show these balances, and the notices of what they crossed. `bodies` holds the records that they name."""
    found: Published = {}
    notices: list[MadeNotice] = []
    for each in shown:
        body = each.body(bodies, balances)
        if body is not None:
            found[each.kind, each.key] = (each.scope, text_of(body))
            if each.watch is not None:
                row = before.get((each.kind, each.key))
                for number, notice in enumerate(each.watch(_decoded(row), body)):
                    scope = HEADQUARTERS if notice.audience == "hq" else each.scope
                    key = f"{each.key}:{(row['version'] if row else 0) + 1}:{number}"
                    notices.append(MadeNotice(scope, key, "", each.kind, notice.code, notice.params))
    for told in notices:
        body = {"document": "", "kind": told.kind, "code": told.code, "params": told.params, "at": now}
        found["notice", told.key] = (told.scope, text_of(body))
    return found, notices


async def write_published(tx: Transaction, counters: Counters, published: Published, before: Newest) -> None:
    """Only what differs from `before` gets a number. The scopes are entered."""
    rows = []
    for (kind, key), (scope, body) in published.items():
        stands = before.get((kind, key))
        if (stands["body"] if stands else None) == body and (stands is None or stands["scope"] == scope):
            continue
        rows.append((kind, key, scope, counters.take(scope), body))
    await records.write(tx, rows)


def _decoded(row: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return msgspec.json.decode(row["body"]) if row is not None and row["body"] else None


def key_of(key: BalanceKey) -> tuple[str, str, str]:
    return key.ledger, key.account, key.item


def text_of(value: Any) -> str:
    return msgspec.json.encode(value).decode()
