"""The application: opens what it stands on, mounts every layer's routes, and turns every error into one form."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar
from litestar.openapi import OpenAPIConfig
from litestar.types import Receive, Scope, Send

from . import __version__
from .access.routes import router as access_router
from .api_page import ApiController
from .assembly import assembled
from .attachments.routes import router as attachments_router
from .attachments.sweeper import Sweeper
from .attachments.upload import Uploads
from .compression import Compression
from .errors import EXCEPTION_HANDLERS, check_media_type
from .hq.routes import router as hq_router
from .metrics import Metrics
from .notify.routes import router as notify_router
from .notify.sender import PushSender
from .pages import PAGES
from .reports.dealer_account import router as account_router
from .settings import Settings
from .static import StaticApp
from .sync.routes import router as sync_router
from .traffic import Traffic

LARGEST_BODY = 8 * 1024 * 1024
"""Bytes of a request on the wire."""


class Daybook(Litestar):
    """Litestar within the layers that every answer passes, also those for addresses that no route knows."""

    def wrap(self, settings: Settings, metrics: Metrics) -> None:
        """Puts the layers around: traffic outside, then compression, then the files of the app."""
        inner = StaticApp(super().__call__, settings.pwa)
        self._front = Traffic(Compression(inner), metrics, secure=settings.tls_cert is not None)

    async def __call__(self, scope: Scope | Any, receive: Receive | Any, send: Send | Any) -> None:
        if scope["type"] == "lifespan":
            await super().__call__(scope, receive, send)
        else:
            scope["app"] = scope["litestar_app"] = self
            await self._front(scope, receive, send)


def create_app(settings: Settings | None = None) -> Daybook:
    """The application for these settings (else those of the environment). Its state holds settings, database, metrics."""
    settings = settings or Settings()
    metrics = Metrics()
    app = Daybook(
        route_handlers=[
            *PAGES,
            access_router,
            sync_router,
            hq_router,
            account_router,
            notify_router,
            attachments_router,
        ],
        lifespan=[running],
        exception_handlers=EXCEPTION_HANDLERS,
        before_request=check_media_type,
        request_max_body_size=LARGEST_BODY,
        openapi_config=OpenAPIConfig(title="Daybook", version=__version__, openapi_controller=ApiController),  # type: ignore[arg-type]
        logging_config=None,
    )
    app.state.settings, app.state.metrics = settings, metrics
    app.wrap(settings, metrics)
    return app


@asynccontextmanager
async def running(app: Litestar) -> AsyncIterator[None]:
    """Everything that is opened before the first request and closed after the last."""
    settings: Settings = app.state.settings
    async with assembled(settings) as parts:
        app.state.database, app.state.gate, app.state.pipeline = parts.database, parts.gate, parts.pipeline
        app.state.metrics.watch_gate(parts.gate)
        app.state.push_sender = sender = PushSender(parts.database, settings)
        app.state.uploads = uploads = Uploads(parts.database, settings.attachments)
        sweeper = Sweeper(uploads)
        await sender.start()
        await sweeper.start()
        try:
            yield
        finally:
            await sweeper.stop()
            await sender.stop()
