"""`POST /sync`: push what the device has, pull what it lacks, in one request."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import Request, Response, Router, post
from litestar.di import Provide

from server.access.guards import provide_device
from server.access.principal import Principal, scopes_of
from server.problems import Problem
from server.store.migrate import epoch

from .feed import Cursor, pull, read_cursor
from .live import live
from .pipeline import Pipeline, Pushed
from .protocol import PROTOCOL, Feed, SyncAnswer, SyncRequest
from .wire import answer_form, form_of, json_reader, read_request, unpacked, write_answer

ASIDE = 64 * 1024
"""Bytes from which on a body is unpacked in a thread."""


@post("/sync", status_code=200, dependencies={"principal": Provide(provide_device)}, summary="Push and pull")
async def sync(request: Request[Any, Any, Any], principal: Principal) -> Response[bytes]:
    """See docs/sync.md."""
    form = form_of(request.headers.get("content-type", ""))
    body = await request.body()
    encoding = request.headers.get("content-encoding", "")
    plain = await asyncio.to_thread(unpacked, body, encoding) if len(body) > ASIDE else unpacked(body, encoding)
    asked = read_request(plain, form)
    answered = answer_form(request.headers.get("accept", ""), form)
    answer = await answer_sync(request.app.state.pipeline, principal, asked, answered)
    # The answer depends on who asks: no cache between may keep it.
    return Response(write_answer(answer, answered), media_type=answered, headers={"Cache-Control": "no-store"})


async def answer_sync(pipeline: Pipeline, principal: Principal, asked: SyncRequest, form: str) -> SyncAnswer:
    """The answer to one request, as `form` (a media type) will write it."""
    await _check_cursors(pipeline, asked)
    pushed = Pushed([], {})
    if asked.documents:
        pushed = await pipeline.push(principal, asked.documents, asked.sent_at)
    elif asked.pull:
        await pipeline.push(principal, [], asked.sent_at)
    async with pipeline.database.reading() as tx:
        current = await epoch(tx)
        reset = asked.epoch is not None and asked.epoch != current
        feeds: list[Feed] = []
        if asked.pull:
            scopes = await scopes_of(tx, principal)
            if reset:
                feeds = [Feed(scope, str(Cursor()), True, [], []) for scope in scopes]
            else:
                cursors = asked.cursors if asked.epoch is not None else {}
                feeds = await pull(
                    tx, scopes, cursors, asked.limit, principal.device or "", pushed.brought, json_reader(form)
                )
    return SyncAnswer(PROTOCOL, current, pipeline.clock(), pushed.results, feeds, reset)


async def _check_cursors(pipeline: Pipeline, asked: SyncRequest) -> None:
    """Before anything is pushed. Those of another epoch are not used, whatever they are: the answer is `reset`."""
    try:
        for text in asked.cursors.values():
            read_cursor(text)
    except Problem:
        async with pipeline.database.reading() as tx:
            if asked.epoch in (None, await epoch(tx)):
                raise


router = Router("/", route_handlers=[sync, live], tags=["sync"])
