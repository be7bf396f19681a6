"""The server's own small pages: is it well, and how busy is it."""

from __future__ import annotations

from typing import Any

import msgspec
import structlog
from litestar import Request, Response, get

from . import __version__
from .metrics import CONTENT_TYPE
from .problems import Problem
from .static import FRONT
from .store import accounts

_log = structlog.get_logger("daybook.health")
NEVER_KEPT = {"Cache-Control": "no-store"}


class Health(msgspec.Struct, frozen=True):
    status: str
    version: str
    epoch: str
    engine: str


@get("/health", tags=["operation"])
async def health(request: Request[Any, Any, Any]) -> Response[Health]:
    """200 while the database answers, else 503."""
    database = request.app.state.database
    try:
        async with database.reading() as tx:
            epoch = await accounts.epoch(tx)
    except Exception as error:
        _log.error("database does not answer", exc_info=error)
        raise Problem(503, "database_unreachable", "The database does not answer.", {"Retry-After": "5"}) from None
    return Response(Health("ok", __version__, epoch, database.engine), headers=NEVER_KEPT)


@get("/metrics", tags=["operation"], include_in_schema=False)
async def metrics(request: Request[Any, Any, Any]) -> Response[bytes]:
    """For Prometheus. A proxy in front should keep it from the public (docs/deploy.md)."""
    return Response(request.app.state.metrics.page(), media_type=CONTENT_TYPE, headers=NEVER_KEPT)


@get("/", include_in_schema=False)
async def front(request: Request[Any, Any, Any]) -> Response[str]:
    """Only seen where the app was not built: the built app answers this address itself."""
    folder = request.app.state.settings.pwa
    text = f"Daybook {__version__} is running, but there is no app in {folder.name}/{FRONT}: run ./daybook setup.\n"
    return Response(text, media_type="text/plain")


PAGES = [health, metrics, front]
