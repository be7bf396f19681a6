"""A sync client by an outsider: written from docs/sync.md, docs/refusals.md and the schemas alone.

It shares no code with the server or the tablet. `Writer` makes Automerge change chunks; only to *read* whole
documents does it use the `automerge` package.
"""

from __future__ import annotations

import base64
import gzip
import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import automerge.core
import msgspec
import zstandard
from websockets.sync.client import ClientConnection, connect

from .outsider_writer import Writer

# ---------------------------------------------------------------- transport


class Problem(Exception):
    """An answer of `application/problem+json`."""

    def __init__(self, status: int, body: dict[str, Any], retry_after: str | None) -> None:
        super().__init__(f"{status} {body.get('code')}: {body.get('detail')}")
        self.status, self.body, self.retry_after = status, body, retry_after
        self.code = body.get("code")


class NoReply(Exception):
    """Something answered, but not the server (SY12): nothing is acknowledged."""


@dataclass
class Raw:
    status: int
    headers: Any
    body: bytes


def fetch(url: str, body: bytes, headers: dict[str, str], timeout: float = 30) -> Raw:
    request = urllib.request.Request(url, body, headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            return Raw(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        return Raw(error.code, error.headers, error.read())


PACK, JSON = "application/x-msgpack", "application/json"


def _unpacked(raw: Raw) -> bytes:
    match raw.headers.get("Content-Encoding", "identity").lower():
        case "gzip":
            return gzip.decompress(raw.body)
        case "zstd":
            return zstandard.ZstdDecompressor().decompressobj().decompress(raw.body)
        case _:
            return raw.body


def opened(raw: Raw) -> dict[str, Any]:
    """The answer as a mapping; binary fields of JSON become bytes."""
    kind = raw.headers.get("Content-Type", "").split(";")[0].strip().lower()
    try:
        body = _unpacked(raw)
        if kind == "application/problem+json":
            raise Problem(raw.status, json.loads(body), raw.headers.get("Retry-After"))
        if kind not in (PACK, JSON):
            raise NoReply(f"{raw.status} {kind}")
        answer = msgspec.msgpack.decode(body) if kind == PACK else json.loads(body)
    except (ValueError, EOFError, OSError, zstandard.ZstdError, msgspec.DecodeError) as error:
        raise NoReply(str(error)) from error
    if not isinstance(answer, dict):
        raise NoReply("not a mapping")
    for document in (one for feed in answer.get("feeds", ()) for one in feed["documents"]) if kind == JSON else ():
        document["saved"] = document["saved"] and base64.b64decode(document["saved"])
        document["changes"] = [base64.b64decode(one) for one in document["changes"]]
    return answer


def sealed(request: dict[str, Any], form: str, coding: str | None) -> tuple[bytes, dict[str, str]]:
    if form == JSON:
        body = json.dumps(request, default=lambda raw: base64.b64encode(raw).decode()).encode()
    else:
        body = msgspec.msgpack.encode(request)
    headers = {"Content-Type": form, "Accept": form}
    if coding:
        body = gzip.compress(body) if coding == "gzip" else zstandard.compress(body)
        headers |= {"Content-Encoding": coding, "Accept-Encoding": coding}
    return body, headers


def enrol(base: str, **fields: str) -> dict[str, Any]:
    return opened(fetch(f"{base}/access/devices", json.dumps(fields).encode(), {"Content-Type": JSON}))


# ---------------------------------------------------------------- the client


@dataclass
class Mine:
    """A change that this device wrote."""

    data: bytes
    acknowledged: bool = False
    refused: dict[str, Any] | None = None


@dataclass
class Outbox:
    kind: str
    scope: str
    changes: list[Mine] = field(default_factory=list)

    def due(self) -> list[Mine]:
        return [one for one in self.changes if not one.acknowledged and one.refused is None]


class Client:
    def __init__(self, base: str, token: str, *, form: str = JSON, coding: str | None = None, limit: int = 1000):
        self.base, self.token, self.form, self.coding, self.limit = base, token, form, coding, limit
        self.epoch: str | None = None
        self.cursors: dict[str, str] = {}
        self.outbox: dict[str, Outbox] = {}
        self.chunks: dict[str, list[bytes]] = {}
        self.rows: dict[str, dict[str, Any]] = {}
        self.records: dict[tuple[str, str, str], dict[str, Any]] = {}
        self.requests = 0

    def take(self, writer: Writer) -> None:
        """What a document's writer has written and this client does not hold yet goes to the outbox."""
        box = self.outbox.setdefault(writer.id, Outbox(writer.kind, writer.scope))
        known = {one.data for one in box.changes}
        box.changes += [Mine(data) for data in writer.changes if data not in known]

    def offer(self) -> dict[str, list[Mine]]:
        """Each document once, the oldest change first."""
        return {key: due for key, box in self.outbox.items() if (due := box.due())}

    def send(self, offered: dict[str, list[Mine]], *, pull: bool = True) -> dict[str, Any]:
        request = {
            "protocol": 1,
            "epoch": self.epoch,
            "sent_at": int(time.time() * 1000),
            "cursors": self.cursors,
            "documents": [
                {
                    "id": key,
                    "kind": self.outbox[key].kind,
                    "scope": self.outbox[key].scope,
                    "changes": [one.data for one in changes],
                }
                for key, changes in offered.items()
            ],
            "pull": pull,
            "limit": self.limit,
        }
        body, headers = sealed(request, self.form, self.coding)
        self.requests += 1
        answer = opened(fetch(f"{self.base}/sync", body, headers | {"Authorization": f"Bearer {self.token}"}))
        if answer.get("protocol") != 1 or not isinstance(answer.get("epoch"), str):
            raise NoReply("not an answer of the sync")
        return answer

    def sync(self) -> list[dict[str, Any]]:
        """Pushes what is due and pulls to the end. Answers the replies."""
        answers, resent = [], False
        while True:
            offered = self.offer()
            answer = self.send(offered)
            answers.append(answer)
            if answer["reset"]:
                self._forget(answer["epoch"])
                continue
            if self.epoch not in (None, answer["epoch"]):
                raise NoReply("another epoch")
            self.epoch = answer["epoch"]
            again = self._settle(offered, answer["results"])
            self._store(answer["feeds"])
            if again and not resent:
                resent = True
                continue
            if not any(feed["more"] for feed in answer["feeds"]):
                return answers

    def _forget(self, epoch: str) -> None:
        self.epoch, self.cursors = epoch, {}
        for box in self.outbox.values():
            for one in box.changes:
                one.acknowledged = False

    def _settle(self, offered: dict[str, list[Mine]], results: list[dict[str, Any]]) -> bool:
        """What was answered for each position. True: something must be sent once more."""
        again = False
        for (key, changes), result in zip(offered.items(), results, strict=True):
            if result["id"] != key or result["stored"] + len(result["refused"]) != len(changes):
                raise NoReply("results of another request")
            refused = {one["position"]: one for one in result["refused"]}
            for position, one in enumerate(changes):
                code = refused[position]["code"] if position in refused else None
                one.acknowledged = code is None
                if code in ("dependency_missing", "cache_damaged"):
                    again = True
                    for mine in self.outbox[key].changes if code == "dependency_missing" else ():
                        mine.acknowledged = False
                elif code is not None:
                    one.refused = refused[position]
        return again

    def _store(self, feeds: list[dict[str, Any]]) -> None:
        for feed in feeds:
            for document in feed["documents"]:
                held = self.chunks.setdefault(document["id"], [])
                new = ([document["saved"]] if document["saved"] else []) + document["changes"]
                held += [one for one in new if one not in held]
                self.rows[document["id"]] = {"verdict": document["verdict"], **document["row"]}
            for record in feed["records"]:
                place = (feed["scope"], record["kind"], record["key"])
                if record["body"] is None:
                    self.records.pop(place, None)
                else:
                    self.records[place] = record
            self.cursors[feed["scope"]] = feed["cursor"]

    def document(self, key: str) -> dict[str, Any]:
        """The document as plain values, from what was pulled and what this device wrote."""
        own = [one.data for one in self.outbox[key].changes] if key in self.outbox else []
        held = self.chunks.get(key, [])
        return plain(automerge.core.Document.load(b"".join(held + [one for one in own if one not in held])))

    @contextmanager
    def live(self) -> Iterator[ClientConnection]:
        with connect(self.base.replace("http", "ws", 1) + "/live", open_timeout=10) as socket:
            socket.send(json.dumps({"token": self.token}))
            hello = json.loads(socket.recv(timeout=10))
            if hello != {"live": True}:
                raise NoReply(str(hello))
            yield socket


def plain(document: automerge.core.Document, obj: bytes = automerge.core.ROOT) -> Any:
    kind = document.object_type(obj)
    if kind == automerge.core.ObjType.Text:
        return document.text(obj)
    out = {}
    for key in document.keys(obj):
        value, place = document.get(obj, key)
        out[key] = plain(document, place) if isinstance(value, automerge.core.ObjType) else value[1]
    return out
