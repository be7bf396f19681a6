"""What a device has not seen yet: the latest state of everything in its scopes that moved after its cursors.

A feed is not a list of events but of things, each standing where it last moved. A cursor is two numbers, ``after:at``. `after` is up
to where the device has everything; `at` is how far it has read since. Pages walk from `at` on; a document's changes are always
those after `after`. What moves while the pages are read moves ahead of the reader, and its changes come whole. With the last
page both become the head of the feed as it was in the page's own snapshot, so nothing falls between two pages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from server.problems import Problem
from server.store import feed as sql
from server.store.transaction import Row, Transaction

from .protocol import Feed, FeedDocument, FeedRecord

MOST_BYTES = 6 * 1024 * 1024
"""Of saved chunks in one answer; one document always fits."""
_CURSOR = re.compile(r"(0|[1-9][0-9]{0,17}):(0|[1-9][0-9]{0,17})")
ReadJson = Callable[[str], Any]
"""How JSON that is stored goes into the answer: as it is (`msgspec.Raw`), or decoded for MessagePack."""


class Cursor(msgspec.Struct, frozen=True):
    after: int = 0
    at: int = 0

    def __str__(self) -> str:
        return f"{self.after}:{self.at}"


def read_cursor(text: str) -> Cursor:
    """Problem 400 `cursor_malformed` for what this server never gave out."""
    match = _CURSOR.fullmatch(text)
    cursor = Cursor(int(match[1]), int(match[2])) if match else Cursor(1, 0)
    if cursor.at < cursor.after:
        raise Problem(400, "cursor_malformed", "a cursor is what the server last gave out for that scope")
    return cursor


class Page(msgspec.Struct):
    """What a feed lists of one scope."""

    scope: str
    start: Cursor
    end: Cursor
    more: bool
    documents: list[Row]
    records: list[Row]


async def pull(
    tx: Transaction,
    scopes: Sequence[str],
    cursors: Mapping[str, str],
    limit: int,
    device: str,
    brought: Mapping[str, int],
    read_json: ReadJson,
) -> list[Feed]:
    """One page of each scope, all from the snapshot of `tx`. `brought`: how many changes of a document the device has just pushed."""
    starts = {scope: read_cursor(cursors[scope]) if scope in cursors else Cursor() for scope in scopes}
    # Notices are news: a device that was not here yet when they were told gets the decisions, not the notices of them.
    here = {scope for scope in cursors if scope in starts and (starts[scope].after > 0 or starts[scope].at == 0)}
    heads = await sql.heads(tx, scopes)
    room = MOST_BYTES
    pages = []
    for scope in scopes:
        page = await _page(tx, scope, starts[scope], heads[scope], limit, room, notices=scope in here)
        room -= sum(row["size"] for row in page.documents)
        pages.append(page)
    return [await _filled(tx, page, device, brought, read_json) for page in pages]


async def _page(tx: Transaction, scope: str, start: Cursor, head: int, limit: int, room: int, *, notices: bool) -> Page:
    if start.at > head:
        # Only a feed that was cut back could be shorter than a cursor of it: read it from its start.
        start = Cursor()
    if start.at == head:
        return Page(scope, start, Cursor(head, head), False, [], [])
    documents = await sql.documents(tx, scope, start.at, limit + 1)
    records = await sql.records(tx, scope, start.at, limit + 1, notices=notices)
    moved = sorted([*documents, *records], key=lambda row: row["seq"])
    kept: list[Row] = []
    for row in moved[:limit]:
        room -= row.get("size", 0)
        if room < 0 and (kept or row.get("size", 0) < MOST_BYTES):
            break
        kept.append(row)
    more = len(kept) < len(moved)
    last = kept[-1]["seq"] if kept else start.at
    return Page(
        scope,
        start,
        Cursor(start.after, last) if more else Cursor(head, head),
        more,
        [row for row in kept if "id" in row],
        [row for row in kept if "key" in row],
    )


async def _filled(tx: Transaction, page: Page, device: str, brought: Mapping[str, int], read_json: ReadJson) -> Feed:
    after = page.start.after
    # A device that has nothing of a document gets it whole; one that has some gets what came since.
    fresh = {row["id"] for row in page.documents if row["first_seq"] > after}
    whole = {row["id"] for row in page.documents if row["id"] in fresh and brought.get(row["id"]) != row["changes"]}
    listed = [row["id"] for row in page.documents if row["id"] not in fresh or (after > 0 and row["id"] in whole)]
    changes: dict[str, list[Row]] = {}
    for row in await sql.changes(tx, listed, after) if listed else []:
        changes.setdefault(row["document"], []).append(row)
    if after > 0:
        # A device that began a document has its own part of it, even if it never pulled the document.
        whole -= {name for name in whole if changes.get(name) and changes[name][0]["device"] == device}
    saved = await sql.saved(tx, sorted(whole)) if whole else {}
    documents = [
        FeedDocument(
            row["id"],
            row["kind"],
            row["seq"],
            saved.get(row["id"]),
            []
            if row["id"] in whole
            else [change["chunk"] for change in changes.get(row["id"], []) if change["device"] != device],
            read_json(row["row"]),
            row["verdict"],
        )
        for row in page.documents
    ]
    records = [
        FeedRecord(
            row["kind"], row["key"], row["seq"], row["version"], None if row["body"] is None else read_json(row["body"])
        )
        for row in page.records
    ]
    return Feed(page.scope, str(page.end), page.more, documents, records)
