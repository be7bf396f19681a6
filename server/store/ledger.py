"""SQL of what was decided: decisions, postings, balances, and who waits for a balance to move."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .transaction import BalanceName, Row, Transaction

DECISION_COLUMNS = ("id", "document", "verdict", "body", "facts", "heads", "cause", "at")
POSTING_COLUMNS = ("decision", "document", "posting_set", "ledger", "account", "item", "amount", "at", "happened_at")
Key = BalanceName
_KEY = "ledger text, account text, item text"
_SAME = "b.ledger = w.ledger AND b.account = w.account AND b.item = w.item"


async def balances(tx: Transaction, keys: Iterable[Key]) -> dict[Key, int]:
    """The balances that have a row, as the transaction sees them."""
    asked = set(keys)
    if tx.remembered is None:
        return await _stored(tx, asked)
    known = tx.remembered.balances
    lacking = [key for key in asked if key not in known]
    if lacking:
        found = await _stored(tx, lacking)
        known.update((key, found.get(key)) for key in lacking)
    return {key: amount for key in asked if (amount := known[key]) is not None}


async def _stored(tx: Transaction, keys: Iterable[Key]) -> dict[Key, int]:
    wanted, args = tx.listed(_KEY, sorted(keys))
    return _amounts(
        await tx.rows(
            f"SELECT b.ledger, b.account, b.item, b.amount FROM {wanted} AS w JOIN balance b ON {_SAME}", *args
        )
    )


async def lock_balances(tx: Transaction, keys: Iterable[Key]) -> dict[Key, int]:
    """Hold these balances until the transaction ends, in sorted order; rows that are missing are made first."""
    names = sorted(set(keys))
    if not tx.for_update:
        found = await balances(tx, names)
        return {key: found.get(key, 0) for key in names}
    wanted, args = tx.listed(_KEY, names)
    sql = (
        f"SELECT b.ledger, b.account, b.item, b.amount FROM {wanted} AS w JOIN balance b ON {_SAME}"
        " ORDER BY b.ledger, b.account, b.item FOR UPDATE OF b"
    )
    found = _amounts(await tx.rows(sql, *args))
    if len(found) < len(names):
        new, new_args = tx.listed(_KEY, [key for key in names if key not in found])
        await tx.execute(
            "INSERT INTO balance (ledger, account, item, amount)"
            f" SELECT w.ledger, w.account, w.item, 0 FROM {new} AS w ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING",
            *new_args,
        )
        found = _amounts(await tx.rows(sql, *args))
    return found


async def add_to_balances(tx: Transaction, moves: dict[Key, int]) -> None:
    await tx.insert(
        "balance",
        ("ledger", "account", "item", "amount"),
        [(*key, amount) for key, amount in sorted(moves.items()) if amount],
        "ON CONFLICT (ledger, account, item) DO UPDATE SET amount = balance.amount + excluded.amount",
        soon=True,
        noted=True,
    )
    if tx.remembered is not None:
        known = tx.remembered.balances
        for key, amount in moves.items():
            if amount and key in known:
                known[key] = (known[key] or 0) + amount


async def standing(tx: Transaction, documents: Sequence[str]) -> list[Row]:
    """What stands of each posting set of these documents, and when its goods moved: reversed legs are gone."""
    wanted, args = tx.listed("id text", [(document,) for document in documents])
    return await tx.rows(
        "SELECT p.document, p.posting_set, p.ledger, p.account, p.item, p.happened_at,"
        f" CAST(SUM(p.amount) AS BIGINT) AS amount FROM {wanted} AS w JOIN decision d ON d.document = w.id"
        " JOIN posting p ON p.decision = d.id"
        " WHERE p.ledger <> 'value'"
        " GROUP BY p.document, p.posting_set, p.ledger, p.account, p.item, p.happened_at HAVING SUM(p.amount) <> 0"
        " ORDER BY p.document, p.posting_set, p.ledger, p.account, p.item",
        *args,
    )


async def movements(tx: Transaction, ledger: str, since: Sequence[tuple[str, str, int]]) -> list[Row]:
    """Rows of (account, item, moment) -> what each document moved there from that moment on: account, item, happened_at, document,
    amount. `ledger` is ``stock`` or ``lot``. Promises have no moment and are left out: they cancel out within a location."""
    wanted, args = tx.listed("account text, item text, since bigint", since)
    return await tx.rows(
        "SELECT p.account, p.item, p.happened_at, p.document, CAST(SUM(p.amount) AS BIGINT) AS amount"
        f" FROM {wanted} AS w JOIN posting p ON p.ledger = '{ledger}' AND p.account = w.account AND p.item = w.item"
        " AND p.happened_at >= w.since AND p.happened_at IS NOT NULL"
        " GROUP BY p.account, p.item, p.happened_at, p.document HAVING SUM(p.amount) <> 0",
        *args,
    )


async def last_decisions(tx: Transaction, documents: Sequence[str]) -> list[Row]:
    """The newest decision of each of these documents."""
    wanted, args = tx.listed("id text", [(document,) for document in documents])
    return await tx.rows(
        f"SELECT d.id, d.document, d.body, d.heads FROM {wanted} AS w JOIN decision d ON d.id ="
        " (SELECT MAX(n.id) FROM decision n WHERE n.document = w.id)",
        *args,
    )


async def decided(tx: Transaction, document: str) -> str | None:
    """JSON of the newest decision of a document."""
    return next((row["body"] for row in await last_decisions(tx, [document])), None)


async def decision_numbers(tx: Transaction, count: int) -> list[int]:
    """Ids for so many decisions. Taken while the balances are held, so that ids follow the order of the postings."""
    if tx.engine == "postgres":
        rows = await tx.rows(
            "SELECT nextval(pg_get_serial_sequence('decision', 'id')) AS id FROM generate_series(1, ?)", count
        )
        return sorted(row["id"] for row in rows)
    row = await tx.row("SELECT COALESCE(MAX(id), 0) AS id FROM decision")
    first = (row["id"] if row else 0) + 1
    return list(range(first, first + count))


async def insert_decisions(tx: Transaction, rows: Iterable[Sequence[Any]]) -> None:
    """Rows of `DECISION_COLUMNS`."""
    await tx.insert("decision", DECISION_COLUMNS, rows, soon=True)


async def insert_postings(tx: Transaction, rows: Iterable[Sequence[Any]]) -> None:
    """Rows of `POSTING_COLUMNS`."""
    await tx.insert("posting", POSTING_COLUMNS, rows, soon=True)


async def waiting_for(tx: Transaction, keys: Iterable[tuple[str, str, str, int | None]]) -> dict[str, int | None]:
    """Documents that are to be decided again when these balances move, with the first moment that each waits for, None where it
    waits for any movement. Rows of (ledger, account, item, earliest moment at which goods moved, or None)."""
    wanted, args = tx.listed(f"{_KEY}, since bigint", list(keys))
    rows = await tx.rows(
        'SELECT b.document, MIN(b."until") AS moment FROM'
        f' {wanted} AS w JOIN wait b ON {_SAME} WHERE b."until" IS NULL OR w.since <= b."until" GROUP BY b.document',
        *args,
    )
    return {row["document"]: row["moment"] for row in rows}


async def set_waits(
    tx: Transaction, waits: Mapping[str, Iterable[tuple[str, str, str, int | None]]], existed: Iterable[str]
) -> None:
    """What each document waits for from now on: (ledger, account, item, until), `until` None for any movement, else for those that
    happened up to that moment. `existed` are those that may have waited before."""
    await tx.many("DELETE FROM wait WHERE document = ?", [(document,) for document in sorted(existed)])
    await tx.insert(
        "wait",
        ("document", "ledger", "account", "item", "until"),
        [
            (document, *key)
            for document, keys in waits.items()
            for key in sorted(set(keys), key=lambda key: (key[:3], key[3] or 0))
        ],
        soon=True,
    )


def _amounts(rows: list[Row]) -> dict[Key, int]:
    return {(row["ledger"], row["account"], row["item"]): row["amount"] for row in rows}
