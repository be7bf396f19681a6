"""Balances as records: what devices and headquarters are shown of the ledgers, and who is told when it crosses a threshold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Any

import msgspec

from server.domain.account import BalanceRecord
from server.domain.decision import BalanceKey
from server.domain.facts import RecordKey
from server.store import ledger, records
from server.store.transaction import Transaction

from .counters import Counters

HEADQUARTERS = "hq"
"""The scope of notices for headquarters."""
Published = dict[tuple[str, str], tuple[str, str | None]]
"""(kind, key) -> scope and body (JSON; None: gone)."""


class MadeNotice(msgspec.Struct, frozen=True):
    """A notice as it went into a feed. `document` is empty where it is about no document."""

    scope: str
    key: str
    document: str
    kind: str
    code: str
    params: dict[str, Any]


async def shown_balances(
    tx: Transaction, shown: Sequence[BalanceRecord], bodies: Mapping[RecordKey, dict[str, Any]], now: int
) -> tuple[Published, list[MadeNotice]]:
    """The records that show these balances, and the notices of what they crossed. `bodies` holds the records that they name."""
    shown = [each for each in shown if each.needs is None or each.needs in bodies]
    keys = {key for each in shown for key in each.balances}
    amounts = await ledger.balances(tx, [key_of(key) for key in keys])
    balances = {key: amounts.get(key_of(key), 0) for key in keys}
    made = [(each, each.body(bodies, balances)) for each in shown]
    # A record that is not written and never was has nothing to tell.
    watched = [(each.kind, each.key) for each, body in made if each.watch is not None and body is not None]
    rows = await records.newest(tx, watched) if watched else []
    before = {(row["kind"], row["key"]): row for row in rows}
    found: Published = {}
    notices: list[MadeNotice] = []
    for each, body in made:
        if body is not None:
            found[each.kind, each.key] = (each.scope, text_of(body))
            row = before.get((each.kind, each.key))
            for number, notice in enumerate(each.watch(_decoded(row), body) if each.watch is not None else ()):
                scope = HEADQUARTERS if notice.audience == "hq" else each.scope
                key = f"{each.key}:{(row['version'] if row else 0) + 1}:{number}"
                notices.append(MadeNotice(scope, key, "", each.kind, notice.code, notice.params))
    for told in notices:
        body = {"document": "", "kind": told.kind, "code": told.code, "params": told.params, "at": now}
        found["notice", told.key] = (told.scope, text_of(body))
    return found, notices


async def write_published(
    tx: Transaction, counters: Counters, published: Published, fresh: Set[tuple[str, str]] = frozenset()
) -> None:
    """Only what differs from what is there gets a number. The scopes are entered. `fresh`: of these there is nothing yet."""
    compared = [name for name in published if name[0] != "notice" and name not in fresh]
    there = {(row["kind"], row["key"]): row for row in await records.newest(tx, compared)} if compared else {}
    rows = []
    for (kind, key), (scope, body) in published.items():
        stands = there.get((kind, key))
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
