"""Shows stored attachments to whoever sees a scope that has them, and to nobody else (AT9, AT10)."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

from litestar import Controller, Request, Response, get, head
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from server.access.guards import provide_either
from server.access.principal import Principal, scopes_of
from server.problems import Problem
from server.store import attachments as store

from .verdict import TYPES

Asked = Request[Any, Any, Any]
Asking = NamedDependency[Principal]

_HASH = re.compile(r"[0-9a-f]{64}")
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
_HEADERS = {
    # Its address is its content's hash: it never changes. Only for who asked, so that no cache between shows it to another.
    "Cache-Control": "private, max-age=31536000, immutable",
    "Vary": "Authorization, Cookie",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Accept-Ranges": "bytes",
}


class AttachmentController(Controller):
    path = "/attachments"
    tags = ("attachments",)
    dependencies = {"principal": Provide(provide_either)}  # noqa: RUF012

    @get("/{digest:str}", summary="A photo, or with ?thumb a small one", media_type="image/jpeg")
    async def show(self, request: Asked, principal: Asking, digest: FromPath[str]) -> Response[bytes]:
        """Problem 404 `attachment_unknown`, the same whether it does not exist or is another's; 416 `range_unsatisfiable`."""
        path, headers, kind, size = await _found(request, principal, digest)
        if _known(request, headers["ETag"]):
            return Response(b"", status_code=304, headers=headers)
        asked = _range(request, headers["ETag"], size)
        if asked is None:
            return Response(await _read(path, 0, size), media_type=kind, headers=headers)
        start, end = asked
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
        return Response(await _read(path, start, end - start), status_code=206, media_type=kind, headers=headers)

    @head("/{digest:str}", summary="Whether it is here")
    async def look(self, request: Asked, principal: Asking, digest: FromPath[str]) -> Response[None]:
        _, headers, kind, size = await _found(request, principal, digest)
        if _known(request, headers["ETag"]):
            return Response(None, status_code=304, headers=headers)
        return Response(None, headers={**headers, "Content-Type": kind, "Content-Length": str(size)})


async def _found(request: Asked, principal: Principal, digest: str) -> tuple[Path, dict[str, str], str, int]:
    """File, headers, type and size. What may not be seen is not looked for on the disk: the answer is the same, and as quick,
    as for what does not exist (SY10)."""
    row = None
    if _HASH.fullmatch(digest):
        async with request.app.state.database.reading() as tx:
            scopes = None if principal.headquarters else await scopes_of(tx, principal)
            row = await store.visible(tx, digest, scopes)
    thumb = "thumb" in request.query_params
    path = request.app.state.uploads.files.place(digest, thumb)
    size = await asyncio.to_thread(_size, path) if row is not None else None
    if row is None or size is None:
        raise Problem(404, "attachment_unknown", "There is no such attachment.", {"Cache-Control": "no-store"})
    kind = "image/jpeg" if thumb else row["type"]
    headers = {
        **_HEADERS,
        "ETag": f'"{digest[:32]}-{"t" if thumb else ""}{size:x}"',
        "Content-Disposition": f'inline; filename="{digest[:16]}.{TYPES[kind]}"',
    }
    return path, headers, kind, size


def _known(request: Asked, tag: str) -> bool:
    named = [part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")]
    return tag in named or "*" in named


def _range(request: Asked, tag: str, size: int) -> tuple[int, int] | None:
    """First byte and the one behind the last; None for all of it, which is also the answer to several ranges at once."""
    asked = _RANGE.fullmatch(request.headers.get("range", "").replace(" ", ""))
    if asked is None or asked.group(0) == "bytes=-" or request.headers.get("if-range", tag) != tag:
        return None
    first, last = asked.groups()
    start = int(first) if first else max(0, size - int(last))
    end = min(size, int(last) + 1) if first and last else size
    if first and last and int(last) < start:
        return None
    if start >= size:
        raise Problem(416, "range_unsatisfiable", "There are no such bytes.", {"Content-Range": f"bytes */{size}"})
    return start, end


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


async def _read(path: Path, start: int, length: int) -> bytes:
    def read() -> bytes:
        with path.open("rb") as file:
            file.seek(start)
            return file.read(length)

    return await asyncio.to_thread(read)
