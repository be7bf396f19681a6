"""SQL of records: the newest version of each, and every version of what decisions were made from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from .transaction import Row, Transaction

Name = tuple[str, str]
"""Kind and key."""
_SAME = "r.kind = w.kind AND r.key = w.key"


async def newest(tx: Transaction, names: Iterable[Name]) -> list[Row]:
    """kind, key, scope, version and body (JSON or None) of those that exist."""
    wanted, args = tx.listed("kind text, key text", sorted(set(names)))
    return await tx.rows(
        f"SELECT r.kind, r.key, r.scope, r.version, r.body FROM {wanted} AS w JOIN record r ON {_SAME}", *args
    )


async def below(tx: Transaction, names: Iterable[Name]) -> list[Row]:
    """kind, key and body of the records whose key begins with one of these and a slash."""
    rows = [(kind, f"{key}/", f"{key}0") for kind, key in sorted(set(names))]  # 0 follows the slash
    wanted, args = tx.listed("kind text, start text, stop text", rows)
    key = 'r.key COLLATE "C"' if tx.engine == "postgres" else "r.key"
    return await tx.rows(
        f"SELECT r.kind, r.key, r.body FROM {wanted} AS w JOIN record r"
        f" ON r.kind = w.kind AND {key} >= w.start AND {key} < w.stop WHERE r.body IS NOT NULL",
        *args,
    )


async def write(tx: Transaction, rows: Iterable[Sequence[Any]]) -> None:
    """Rows of (kind, key, scope, seq, body): the next version of each."""
    await tx.many(
        "INSERT INTO record (kind, key, scope, seq, version, body) VALUES (?, ?, ?, ?, 1, ?)"
        " ON CONFLICT (kind, key) DO UPDATE SET scope = excluded.scope, seq = excluded.seq,"
        " version = record.version + 1, body = excluded.body",
        rows,
    )


async def keep_versions(tx: Transaction, rows: Iterable[Sequence[Any]]) -> None:
    """Rows of (kind, key, version, body, at, by)."""
    await tx.insert("record_version", ("kind", "key", "version", "body", "at", "by"), rows)


async def versions(tx: Transaction, names: Iterable[tuple[str, str, int]]) -> list[Row]:
    """The bodies of exactly these versions."""
    wanted, args = tx.listed("kind text, key text, version bigint", sorted(set(names)))
    return await tx.rows(
        f"SELECT r.kind, r.key, r.version, r.body FROM {wanted} AS w"
        f" JOIN record_version r ON {_SAME} AND r.version = w.version",
        *args,
    )


async def of_kind(tx: Transaction, kind: str) -> list[Row]:
    """key and body (JSON) of every record of a kind that is not gone."""
    return await tx.rows("SELECT key, body FROM record WHERE kind = ? AND body IS NOT NULL ORDER BY key", kind)
