"""Commands of headquarters: read from the wire and given to the pipeline, which checks roles, params and rules."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request

from server.access.body import read_body
from server.access.principal import Principal

LARGEST = 2 * 1024 * 1024
"""Bytes: a stock receipt of 20,000 lines fits."""


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key: str
    """Chosen by who asks, once for each act: the same key answers the same (SY11)."""
    kind: str
    name: str
    params: dict[str, Any] = {}
    document: str | None = None


async def run(request: Request[Any, Any, Any], principal: Principal) -> Any:
    """The pipeline's answer: document, verdict, decision. Its problems are passed on as they are."""
    asked = await read_body(request, Asked, LARGEST)
    pipeline = request.app.state.pipeline
    return await pipeline.command(principal, asked.kind, asked.document, asked.name, asked.params, asked.key)
