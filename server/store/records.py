"""SQL of records: the newest version of each, and every version of what decisions were made from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from .transaction import RecordName, Row, Transaction

Name = RecordName
_SAME = "r.kind = w.kind AND r.key = w.key"


async def newest(tx: Transaction, names: Iterable[Name]) -> list[Row]:
    """kind, key, scope, version and body (JSON or None) of those that exist."""
    wanted = dict.fromkeys(names)
    if tx.remembered is None:
        return await _stored(tx, wanted)
    known = tx.remembered.records
    lacking = dict.fromkeys(name for name in wanted if name not in known)
    if lacking:
        found = await _stored(tx, lacking)
        known.update(lacking)
        known.update({(row["kind"], row["key"]): row for row in found})
    return [row for name in wanted if (row := known[name]) is not None]


async def _stored(tx: Transaction, names: Iterable[Name]) -> list[Row]:
    wanted, args = tx.listed("kind text, key text", sorted(names))
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


async def write(tx: Transaction, rows: Sequence[Sequence[Any]]) -> None:
    """Rows of (kind, key, scope, seq, body): the next version of each."""
    await tx.insert(
        "record",
        ("kind", "key", "scope", "seq", "body", "version"),
        [(*row, 1) for row in rows],
        "ON CONFLICT (kind, key) DO UPDATE SET scope = excluded.scope, seq = excluded.seq,"
        " version = record.version + 1, body = excluded.body",
        soon=True,
        noted=True,
    )
    if tx.remembered is not None:
        known = tx.remembered.records
        for kind, key, scope, _, body in rows:
            if (kind, key) in known:
                before = known[kind, key]
                version = before["version"] + 1 if before else 1
                known[kind, key] = {"kind": kind, "key": key, "scope": scope, "version": version, "body": body}


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
