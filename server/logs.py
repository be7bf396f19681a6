"""Structured log lines: for people on a console, or JSON, one object a line. No secret ever reaches one."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, Literal, TextIO

import structlog

SECRET_WORDS = ("password", "token", "secret", "authorization", "cookie", "code_hash", "p256dh", "private")
"""A key that holds one of these words has its value left out."""


def set_up_logs(form: Literal["console", "json"], level: str, stream: TextIO | None = None) -> None:
    """Sends structlog's lines and those of the standard library (uvicorn's too) to `stream` (standard error) in one form."""
    stream = stream or sys.stderr
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_secrets,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    last: list[Any] = (
        [structlog.processors.dict_tracebacks, structlog.processors.JSONRenderer(ensure_ascii=False)]
        if form == "json"
        else [structlog.dev.ConsoleRenderer(colors=stream.isatty())]
    )
    lines = logging.StreamHandler(stream)
    lines.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last]
        )
    )
    root = logging.getLogger()
    root.handlers = [lines]
    root.setLevel(level.upper())
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = True
    logging.getLogger("uvicorn.access").disabled = True  # traffic.py writes one line a request, with its id
    for name in ("asyncio", "aiosqlite", "uvicorn.error"):
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


def without_secrets(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: the values of keys that sound like a secret are not written."""
    for key in event:
        if any(word in key.lower() for word in SECRET_WORDS):
            event[key] = "(left out)"
    return event
