"""What every request gets, whoever answers it: an id, one log line, its figures in the metrics, safe headers."""

from __future__ import annotations

import re
import secrets
import time
from typing import Any

import structlog
from litestar.types import ASGIApp, HTTPReceiveMessage, Message, Receive, Scope, Send, WebSocketReceiveMessage

from .compression import header_of
from .metrics import Metrics

_log = structlog.get_logger("daybook.traffic")
_GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")

CONTENT_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",  # Vue and Quasar place elements by style attributes
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "worker-src 'self' blob:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
SAFE_HEADERS = {
    b"content-security-policy": CONTENT_POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(self), geolocation=(self), microphone=(), payment=()",
}
DATA_TYPES = (b"application/x-msgpack", b"application/json", b"application/problem+json")
"""What no browser shows as a page or runs: those headers would say nothing there, and a tablet pays for each byte."""
DATA_HEADERS = (b"x-content-type-options", b"cross-origin-resource-policy", b"strict-transport-security")


CLIENT_GONE = 499
"""What is noted, as nginx notes it, of a request whose sender left before it had an answer: no fault of the server's."""


class Traffic:
    """The outermost layer. `secure`: the server itself speaks TLS, so browsers are told to stay with it."""

    def __init__(self, app: ASGIApp, metrics: Metrics, secure: bool) -> None:
        self._app, self._metrics = app, metrics
        self._headers = dict(SAFE_HEADERS)
        if secure:
            self._headers[b"strict-transport-security"] = b"max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            with self._metrics.live.track_inprogress():
                await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = header_of(list(scope["headers"]), b"x-request-id")
        request = given if _GIVEN_ID.fullmatch(given) else secrets.token_hex(8)
        status, sent, began = 500, 0, time.perf_counter()
        gone = False

        async def listening() -> HTTPReceiveMessage | WebSocketReceiveMessage:
            nonlocal gone
            message = await receive()
            gone = gone or message["type"] == "http.disconnect"
            return message

        async def counting(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = self._with_safe_headers(list(message["headers"]), request)
            elif message["type"] == "http.response.body":
                sent += len(message["body"])
            await send(message)

        with structlog.contextvars.bound_contextvars(request=request):
            try:
                await self._app(scope, listening, counting)
            finally:
                noted = CLIENT_GONE if gone and status == 500 else status
                self._note(scope, noted, sent, time.perf_counter() - began)

    def _with_safe_headers(self, headers: list[tuple[bytes, bytes]], request: str) -> list[tuple[bytes, bytes]]:
        there = {key.lower(): value for key, value in headers}
        plain = there.get(b"content-type", b"").partition(b";")[0] in DATA_TYPES
        wanted = DATA_HEADERS if plain else self._headers
        safe = [(key, self._headers[key]) for key in wanted if key in self._headers and key not in there]
        return [*headers, *safe, (b"x-request-id", request.encode())]

    def _note(self, scope: Any, status: int, sent: int, seconds: float) -> None:
        # routes, not addresses: an address may name a document, and each would be a series of its own
        route = str(scope.get("path_template") or ("(app)" if status < 400 else "(none)"))
        method = scope["method"] if scope["method"] in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD") else "(other)"
        self._metrics.requests.labels(method, route, str(status)).inc()
        self._metrics.seconds.labels(route).observe(seconds)
        self._metrics.sent.labels(route).inc(sent)
        quiet = route in ("(app)", "/health", "/metrics") and status < 400
        level = "debug" if quiet else "warning" if status >= 500 else "info"
        getattr(_log, level)(
            "answered", method=method, path=scope["path"][:200], status=status, ms=round(seconds * 1000, 1), bytes=sent
        )
