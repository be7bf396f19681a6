"""Customers or machines that look like one another, side by side, for somebody to say whether they are one."""

from __future__ import annotations

from typing import Any

import msgspec

from server.problems import Problem
from server.store import hq_board, hq_documents
from server.store.engine import Database
from server.store.hq_documents import DocumentFilter
from server.store.transaction import Row

from .orders import order_row

KINDS = ("customer", "machine")
MOST = 200
"""Documents that wait, the newest; when they are settled others take their place."""


async def read_duplicates(database: Database, kind: str) -> dict[str, Any]:
    """`groups` of documents that look alike, each with what it says, the one that was there first first; `waiting`: how many wait in
    all. Problem 404 `kind_unknown`."""
    if kind not in KINDS:
        raise Problem(404, "kind_unknown", "There are no duplicates of that kind.")
    wanted = DocumentFilter(kind, attention=True)
    async with database.reading() as tx:
        rows = await hq_documents.documents(tx, wanted, None, MOST, decided=True)
        counts = await hq_documents.document_counts(tx, wanted)
        alike = {row["document"]: _alike(row) for row in rows}
        names = sorted({*alike, *(other for others in alike.values() for other in others)})
        known = {row["document"]: row for row in await hq_board.side_by_side(tx, names)} if names else {}
    groups = [[known[name] for name in group if name in known] for group in grouped(alike)]
    return {
        "groups": [
            [_member(row, alike) for row in sorted(group, key=lambda row: row["arrived"])]
            for group in groups
            if len(group) > 1
        ],
        "waiting": sum(counts.values()),
    }


def _alike(row: Row) -> list[str]:
    decision = msgspec.json.decode(row["decision"]) if row["decision"] else {}
    return list(decision.get("figures", {}).get("duplicates", []))


def grouped(alike: dict[str, list[str]]) -> list[list[str]]:
    """Documents that look alike, directly or by way of others, in the order in which they are named first."""
    group_of: dict[str, list[str]] = {}
    for name, others in alike.items():
        joined: list[str] = []
        for each in (name, *others):
            for member in group_of.get(each, [each]):
                if member not in joined:
                    joined.append(member)
        for member in joined:
            group_of[member] = joined
    found: list[list[str]] = []
    for group in group_of.values():
        if not any(group is other for other in found):
            found.append(group)
    return found


def _member(row: Row, alike: dict[str, list[str]]) -> dict[str, Any]:
    return {
        **order_row({name: value for name, value in row.items() if name != "content"}),
        "content": msgspec.json.decode(row["content"]),
        # Only a document that waits itself can be merged into one that it looks like.
        "alike": alike.get(row["document"], []),
    }
