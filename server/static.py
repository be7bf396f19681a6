"""Serves the built app: compressed beforehand, with ETags, and its front page for the addresses of its screens.

Byte ranges are not served: nothing here is played or resumed.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
from litestar.types import ASGIApp, HTTPResponseBodyEvent, HTTPResponseStartEvent, HTTPScope, Receive, Scope, Send

from .compression import accepted, header_of

KINDS = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}
"""Written down, because the system's own table differs from machine to machine (and knows no wasm)."""

READING = ("GET", "HEAD")
ENCODINGS = {"br": ".br", "gzip": ".gz"}
FRONT = "index.html"
FOR_EVER = "public, max-age=31536000, immutable"
ASK_FIRST = "no-cache"
"""Kept, but asked about each time: the front page, the service worker and its list must never be old."""

SERVER_PAGES = ("/api", "/health", "/metrics", "/pictures", "/sync", "/live", "/access", "/notify", "/attachments")
"""Addresses that are never a screen of the app, whoever asks."""


class Asset(msgspec.Struct, frozen=True):
    kind: str
    tag: str
    keep: str
    forms: dict[str, bytes]
    """Encoding -> octets; the empty name is the plain form."""


class StaticApp:
    """Wraps an application: answers what is a file or a screen of the app, passes on all else."""

    def __init__(self, app: ASGIApp, folder: Path) -> None:
        self._app = app
        self._assets = read_assets(folder)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            asked: HTTPScope = scope  # type: ignore[assignment]
            asset = self._find(asked) if asked["method"] in READING else None
            if asset is not None:
                await _answer(asset, asked, send)
                return
        await self._app(scope, receive, send)

    def _find(self, scope: HTTPScope) -> Asset | None:
        path = scope["path"]
        if path != "/" and (found := self._assets.get(path.lstrip("/"))):
            return found
        return self._assets.get(FRONT) if path == "/" or _is_screen(scope) else None


def read_assets(folder: Path) -> dict[str, Asset]:
    """Every file of the built app by its path, in memory: a few megabytes. Empty where nothing was built."""
    assets = {}
    for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
        name = path.relative_to(folder).as_posix()
        if not path.is_file() or path.name.startswith(".") or path.suffix in ENCODINGS.values():
            continue
        plain = path.read_bytes()
        forms = {"": plain}
        for encoding, suffix in ENCODINGS.items():
            beside = path.with_name(path.name + suffix)
            if beside.is_file():
                forms[encoding] = beside.read_bytes()
        assets[name] = Asset(
            kind=KINDS.get(path.suffix, "application/octet-stream"),
            tag=hashlib.sha256(plain).hexdigest()[:20],
            keep=FOR_EVER if name.startswith("assets/") else ASK_FIRST,
            forms=forms,
        )
    return assets


def _is_screen(scope: HTTPScope) -> bool:
    """Whether a person's browser opens the address, as against a program that asks the server."""
    path, headers = scope["path"], list(scope["headers"])
    if any(path == page or path.startswith(f"{page}/") for page in SERVER_PAGES) or "." in path.rpartition("/")[2]:
        return False
    return "text/html" in header_of(headers, b"accept")


async def _answer(asset: Asset, scope: HTTPScope, send: Send) -> None:
    headers = list(scope["headers"])
    taken = accepted(header_of(headers, b"accept-encoding"))
    encoding = next((name for name in ENCODINGS if name in taken and name in asset.forms), "")
    tag = f'"{asset.tag}{"-" if encoding else ""}{encoding}"'
    answer = [
        (b"etag", tag.encode()),
        (b"cache-control", asset.keep.encode()),
        (b"vary", b"Accept-Encoding"),
    ]
    known = [part.strip().removeprefix("W/") for part in header_of(headers, b"if-none-match").split(",")]
    if tag in known or "*" in known:
        await _send(send, 304, answer, b"")
        return
    body = asset.forms[encoding]
    answer += [(b"content-type", asset.kind.encode()), (b"content-length", str(len(body)).encode())]
    if encoding:
        answer.append((b"content-encoding", encoding.encode()))
    await _send(send, 200, answer, b"" if scope["method"] == "HEAD" else body)


async def _send(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    start: HTTPResponseStartEvent = {"type": "http.response.start", "status": status, "headers": headers}
    rest: HTTPResponseBodyEvent = {"type": "http.response.body", "body": body, "more_body": False}
    await send(start)
    await send(rest)
