"""Reads a small JSON body strictly: the right content type, a size, well-formed, of the given shape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
from litestar import Request
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody

from server.problems import Problem

Shape = TypeVar("Shape")

LARGEST = 64 * 1024
"""Bytes. What people type fits many times over; documents and changes come another way."""


async def read_body(request: Request[Any, Any, Any], shape: type[Shape], largest: int = LARGEST) -> Shape:
    """The body as `shape`. Problem 415 for another content type or an encoded body, 413 above `largest` bytes, else 400.

    An escaped NUL is refused too: no text of ours holds one, and PostgreSQL cannot store it.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" or request.headers.get("content-encoding", "identity") != "identity":
        raise Problem(415, "unsupported_media_type", "Send application/json, not compressed.")
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > largest:
            raise Problem(413, "too_large", f"At most {largest} bytes.")
    if b"\\u0000" in raw:
        raise Problem(400, "malformed", "Text holds no NUL.")
    try:
        return msgspec.json.decode(bytes(raw), type=shape)
    except msgspec.ValidationError as error:
        raise Problem(400, "malformed", str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Problem(400, "malformed", "The body is not JSON in UTF-8.") from None


def takes(shape: type) -> type[Operation]:
    """For a handler that reads its body here: what the API page says of it. ``@post(…, operation_class=takes(SignIn))``."""
    (schema,), parts = msgspec.json.schema_components([shape], ref_template="{name}")
    content = {"application/json": OpenAPIMediaType(schema=_inlined(schema, parts))}

    @dataclass
    class Taking(Operation):
        def __post_init__(self) -> None:
            self.request_body = RequestBody(content=content, required=True)

    return Taking


def _inlined(schema: Any, parts: dict[str, Any]) -> Any:
    """Without references: the shapes here are small, and none holds itself."""
    if isinstance(schema, dict):
        if "$ref" in schema:
            return _inlined(parts[schema["$ref"]], parts)
        return {name: _inlined(value, parts) for name, value in schema.items()}
    return [_inlined(value, parts) for value in schema] if isinstance(schema, list) else schema
