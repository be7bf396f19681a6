"""What goes over the wire of `/sync`: docs/sync.md as types."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

PROTOCOL = 1
MOST_CHANGES = 5_000
LARGEST_CHANGE = 256 * 1024
LARGEST_UNPACKED = 32 * 1024 * 1024
LARGEST_TIME = 2**53

Name = Annotated[str, msgspec.Meta(max_length=200)]


class PushedDocument(msgspec.Struct):
    id: Name
    kind: Name
    scope: Name
    changes: list[bytes]


class SyncRequest(msgspec.Struct, kw_only=True):
    protocol: int
    epoch: Name | None
    sent_at: Annotated[int, msgspec.Meta(ge=0, le=LARGEST_TIME)]
    """The device's clock, UTC milliseconds."""
    cursors: dict[Name, Name] = {}
    documents: list[PushedDocument] = []
    pull: bool = True
    limit: Annotated[int, msgspec.Meta(ge=1, le=2000)] = 1000


class RefusedChange(msgspec.Struct):
    position: int
    code: str
    detail: str


class DocumentResult(msgspec.Struct):
    id: str
    stored: int
    refused: list[RefusedChange]


class FeedDocument(msgspec.Struct):
    id: str
    kind: str
    seq: int
    saved: bytes | None
    changes: list[bytes]
    row: Any
    verdict: str


class FeedRecord(msgspec.Struct):
    kind: str
    key: str
    seq: int
    version: int
    body: Any


class Feed(msgspec.Struct):
    scope: str
    cursor: str
    more: bool
    documents: list[FeedDocument]
    records: list[FeedRecord]


class SyncAnswer(msgspec.Struct):
    protocol: int
    epoch: str
    server_time: int
    results: list[DocumentResult]
    feeds: list[Feed]
    reset: bool
