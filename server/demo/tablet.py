"""A tablet without a screen: writes orders, keeps an outbox, and speaks the sync of docs/sync.md over HTTP."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

import aiohttp
import msgspec

from .document_writer import DocumentWriter

_MESSAGEPACK = "application/x-msgpack"
_BATCH = 2_500
"""Changes in one request; the server takes 5,000."""


class SyncProblem(Exception):
    """The server answered with an error; nothing was acknowledged."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(f"{status} {problem.get('code', '')}: {problem.get('detail', '')}")
        self.status, self.problem = status, problem


class Stored(msgspec.Struct):
    """One document on the tablet."""

    kind: str
    scope: str
    chunks: list[bytes] = []
    row: dict[str, Any] | None = None


class Tablet:
    """Holds its documents, records, cursors and outbox in memory."""

    def __init__(self, session: aiohttp.ClientSession, url: str, enrolled: Mapping[str, Any]) -> None:
        """`enrolled` is the answer of ``POST /access/devices``."""
        self._session, self._url = session, url.rstrip("/")
        self.device, self.token, self.short_code = enrolled["device"], enrolled["token"], enrolled["short_code"]
        self.epoch: str | None = None
        self.cursors: dict[str, str] = {}
        self.documents: dict[str, Stored] = {}
        self.records: dict[tuple[str, str], Any] = {}
        self.outbox: list[tuple[str, bytes]] = []
        self.refused: list[dict[str, Any]] = []
        self.requests = 0
        self._made = 0

    @classmethod
    async def enrol(cls, session: aiohttp.ClientSession, url: str, **how: str) -> Tablet:
        """`how`: ``code=…`` or ``user=…, password=…``; and ``name``."""
        async with session.post(f"{url.rstrip('/')}/access/devices", json={"name": "tablet", **how}) as answer:
            body = await answer.json(content_type=None)
            if answer.status >= 300:
                raise SyncProblem(answer.status, body)
        return cls(session, url, body)

    def next_number(self) -> str:
        self._made += 1
        return f"{self.short_code}-{self._made:04d}"

    def create(self, kind: str, scope: str, content: Mapping[str, Any], *, document: str | None = None) -> str:
        """A new document with this content in one change. Returns its id."""
        document = document or uuid.uuid4().hex
        chunk = DocumentWriter(self.device).write(content)
        if chunk is None:
            raise ValueError("a document holds at least one value")
        self.documents[document] = Stored(kind, scope, [chunk])
        self.outbox.append((document, chunk))
        return document

    def edit(self, document: str, values: Mapping[str, Any], *, delete: Iterable[str] = ()) -> None:
        """One change on a document that is here, by path; none where it says so already."""
        stored = self.documents[document]
        chunk = DocumentWriter(self.device, stored.chunks).write(values, delete=delete)
        if chunk is not None:
            stored.chunks.append(chunk)
            self.outbox.append((document, chunk))

    def push_body(self, changes: list[tuple[str, bytes]], **fields: Any) -> dict[str, Any]:
        """A request that pushes these changes."""
        pushed: dict[str, dict[str, Any]] = {}
        for document, chunk in changes:
            stored = self.documents[document]
            entry = pushed.setdefault(
                document, {"id": document, "kind": stored.kind, "scope": stored.scope, "changes": []}
            )
            entry["changes"].append(chunk)
        return {
            "protocol": 1, "epoch": self.epoch, "sent_at": time.time_ns() // 1_000_000, "cursors": self.cursors,
            "documents": list(pushed.values()), **fields,
        }  # fmt: skip

    async def post(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """One ``POST /sync``. SyncProblem for an error answer."""
        self.requests += 1
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": _MESSAGEPACK, "Accept": _MESSAGEPACK}
        octets = msgspec.msgpack.encode(body)
        async with self._session.post(f"{self._url}/sync", data=octets, headers=headers) as answer:
            octets = await answer.read()
            if answer.status != 200 or answer.content_type != _MESSAGEPACK:
                try:
                    problem = msgspec.json.decode(octets)
                except msgspec.DecodeError:
                    problem = {"detail": octets[:200].decode(errors="replace")}
                raise SyncProblem(answer.status, problem)
        return msgspec.msgpack.decode(octets)

    async def sync(self) -> None:
        """Pushes the whole outbox and pulls until nothing is left."""
        while True:
            batch = self.outbox[:_BATCH]
            answer = await self.post(self.push_body(batch))
            self._take(batch, answer)
            if not self.outbox and not answer["reset"] and not any(feed["more"] for feed in answer["feeds"]):
                return

    def _take(self, batch: list[tuple[str, bytes]], answer: Mapping[str, Any]) -> None:
        self.epoch = answer["epoch"]
        if answer["reset"]:
            self.cursors = {}
            self.outbox = [(name, chunk) for name, stored in self.documents.items() for chunk in stored.chunks]
            return
        for result in answer["results"]:
            self.refused += [{"document": result["id"], **refusal} for refusal in result["refused"]]
        self.outbox = self.outbox[len(batch) :]
        for feed in answer["feeds"]:
            for entry in feed["documents"]:
                stored = self.documents.setdefault(entry["id"], Stored(entry["kind"], feed["scope"], []))
                if entry["saved"] is not None:
                    stored.chunks.insert(0, entry["saved"])
                stored.chunks += entry["changes"]
                stored.row = entry["row"]
            for record in feed["records"]:
                self.records[record["kind"], record["key"]] = record["body"]
            self.cursors[feed["scope"]] = feed["cursor"]
