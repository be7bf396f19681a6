"""Every error in one form, `application/problem+json` with a stable code; nothing of the inside is told."""

from __future__ import annotations

from types import TracebackType
from typing import Any

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from .problems import Problem, http_answer, problem_answer
from .store.transaction import Busy, StoreError

_log = structlog.get_logger("daybook.errors")

MEDIA_TYPES = frozenset({"application/json", "application/x-msgpack", "application/msgpack", "application/vnd.msgpack"})
_READING = ("litestar/serialization/", "litestar/connection/request.py", "msgspec/")
"""Where a body is decoded. Too deep JSON and bad UTF-8 surface there as errors that are not Litestar's own."""


def check_media_type(request: Request[Any, Any, Any]) -> None:
    """Problem 415 for a body that says it is neither JSON nor MessagePack; Litestar would take text/plain for JSON."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    has_body = request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if has_body and kind not in MEDIA_TYPES:
        raise Problem(415, "unsupported_media_type", f"Send application/json or application/x-msgpack, not {kind!r}.")


def invalid_answer(request: Request[Any, Any, Any], error: ValidationException) -> Response[bytes]:
    """A request of the wrong shape: which fields, and what was expected there."""
    found = error.extra if isinstance(error.extra, list) else []
    fields = [
        {"field": str(entry.get("key", "")), "message": str(entry.get("message", ""))}
        for entry in found
        if isinstance(entry, dict)
    ]
    return Problem(400, "malformed", "The request has not the expected form.", fields=fields).response()


def unexpected_answer(_: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Anything that nobody foresaw: logged with its traceback, told as 500 and no more."""
    if isinstance(error, RecursionError | UnicodeDecodeError) and _while_reading(error.__traceback__):
        return Problem(400, "malformed", "The body is nested too deeply or is not UTF-8.").response()
    bound = structlog.contextvars.get_contextvars()
    _log.error("unexpected", exc_info=error)
    return Problem(
        500, "internal", "This should not have happened; the server's log tells more.", request=bound.get("request", "")
    ).response()


def busy_answer(_: Request[Any, Any, Any], error: Busy) -> Response[bytes]:
    """The database could not be had in time; nothing was stored, and another try may do."""
    _log.warning("busy", why=str(error))
    return Problem(503, "busy", "Busy just now; try again.", {"Retry-After": "1"}).response()


def _while_reading(trace: TracebackType | None) -> bool:
    while trace is not None:
        if any(place in trace.tb_frame.f_code.co_filename.replace("\\", "/") for place in _READING):
            return True
        trace = trace.tb_next
    return False


EXCEPTION_HANDLERS: dict[Any, Any] = {
    Problem: problem_answer,
    ValidationException: invalid_answer,
    HTTPException: http_answer,
    Busy: busy_answer,
    StoreError: unexpected_answer,
    Exception: unexpected_answer,
}
