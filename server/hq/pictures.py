"""Pictures of products: files named by their content, so they never change and are kept for ever by whoever fetched them."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
from pathlib import Path
from typing import Any

from litestar import Request, Response, get

from server.problems import Problem

TYPES = {"webp": "image/webp", "png": "image/png", "jpg": "image/jpeg", "svg": "image/svg+xml"}
LARGEST = 2 * 1024 * 1024

_NAME = re.compile(r"[0-9a-f]{32}\.(?P<type>webp|png|jpg|svg)")
_HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
    # A drawing (SVG) that somebody opens by its address is a page: it may do nothing.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
}


def keep_picture(folder: Path, octets: bytes) -> str:
    """Stores a picture and answers its name; again with the same bytes is a no-op. ValueError for what is no picture that
    browsers show, or is larger than 2 MiB."""
    if len(octets) > LARGEST:
        raise ValueError(f"a picture has at most {LARGEST} bytes")
    name = f"{hashlib.sha256(octets).hexdigest()[:32]}.{_type_of(octets)}"
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / name).exists():
        draft = folder / f"{name}.{os.getpid()}.new"
        draft.write_bytes(octets)
        os.replace(draft, folder / name)
    return name


def _type_of(octets: bytes) -> str:
    """By content, whatever it was called."""
    if octets.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if octets.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if octets[:4] == b"RIFF" and octets[8:12] == b"WEBP":
        return "webp"
    if re.match(rb"\s*(<\?xml[^>]*>\s*)?<svg[\s>]", octets):
        return "svg"
    raise ValueError("not a picture: PNG, JPEG, WebP or SVG")


@get("/pictures/{name:str}", tags=("pictures",))
async def picture(request: Request[Any, Any, Any], name: str) -> Response[bytes]:
    """For anybody who knows the name: an `<img>` on a tablet bears no token. Problem 404."""
    match = _NAME.fullmatch(name)
    octets = await asyncio.to_thread(_read, request.app.state.settings.pictures / name) if match else None
    if match is None or octets is None:
        raise Problem(404, "picture_unknown", "There is no such picture.")
    etag = f'"{name[:32]}"'
    if etag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers={**_HEADERS, "ETag": etag})
    return Response(octets, media_type=TYPES[match["type"]], headers={**_HEADERS, "ETag": etag})


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
