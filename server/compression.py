"""Compresses answers on the way out: zstd, brotli or gzip, whichever the caller takes."""

from __future__ import annotations

import asyncio
import gzip
import re
from collections.abc import Callable

import brotli
import zstandard
from litestar.types import ASGIApp, Message, Receive, Scope, Send

LEAST = 600
"""Bytes below which an answer goes as it is: it fits one packet."""

ASIDE = 128 * 1024
"""Bytes above which the work goes to a thread, so that other requests are answered meanwhile."""

_SMALLER: dict[str, Callable[[bytes], bytes]] = {
    "zstd": lambda body: zstandard.ZstdCompressor(level=3).compress(body),
    "br": lambda body: brotli.compress(body, quality=4),
    "gzip": lambda body: gzip.compress(body, 5, mtime=0),
}
"""In the order of preference: zstd is as small as brotli here, and several times as fast."""

_KINDS = (
    "application/json",
    "application/problem+json",
    "application/x-msgpack",
    "application/vnd.",
    "text/",
    "image/svg",
)


_REFUSED = re.compile(r"q=0(\.0*)?")


def accepted(header: str) -> set[str]:
    """The encodings that an `Accept-Encoding` names and does not refuse with q=0."""
    names = set()
    for part in header.lower().split(","):
        name, _, quality = part.partition(";")
        if not _REFUSED.fullmatch(quality.replace(" ", "")):
            names.add(name.strip())
    return names - {""}


def header_of(headers: list[tuple[bytes, bytes]], name: bytes) -> str:
    """The first header of that (lower-case) name, or an empty string."""
    return next((value.decode("latin-1") for key, value in headers if key.lower() == name), "")


class Compression:
    """Wraps an application. Answers that are streamed, small, or encoded already pass through untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        taken = accepted(header_of(list(scope["headers"]), b"accept-encoding"))
        encoding = next((name for name in _SMALLER if name in taken), None)
        if encoding is None:
            await self._app(scope, receive, send)
            return
        start: Message | None = None

        async def compressing(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                return
            if start is not None and message["type"] == "http.response.body":
                opening, start = start, None
                if not message.get("more_body") and _worth_it(opening, message["body"]):
                    message = {**message, "body": await _compress(encoding, message["body"])}  # type: ignore[misc]
                    opening = _renamed(opening, encoding, len(message["body"]))  # type: ignore[typeddict-item]
                await send(opening)
            await send(message)

        await self._app(scope, receive, compressing)


def _worth_it(start: Message, body: bytes) -> bool:
    headers = list(start["headers"])  # type: ignore[typeddict-item]
    kind = header_of(headers, b"content-type")
    return len(body) >= LEAST and kind.startswith(_KINDS) and not header_of(headers, b"content-encoding")


async def _compress(encoding: str, body: bytes) -> bytes:
    if len(body) < ASIDE:
        return _SMALLER[encoding](body)
    return await asyncio.to_thread(_SMALLER[encoding], body)


def _renamed(start: Message, encoding: str, length: int) -> Message:
    kept = [(key, value) for key, value in start["headers"] if key.lower() != b"content-length"]  # type: ignore[typeddict-item]
    added = [
        (b"content-encoding", encoding.encode()),
        (b"content-length", str(length).encode()),
        (b"vary", b"Accept-Encoding"),
    ]
    return {**start, "headers": [*kept, *added]}  # type: ignore[return-value, misc]
