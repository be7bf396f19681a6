"""Log lines are structured, carry the request's id, and hold no secret."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from server.logs import set_up_logs


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    written = io.StringIO()
    root = logging.getLogger()
    before = (root.handlers, root.level)
    yield written
    root.handlers, root.level = before
    structlog.reset_defaults()


def test_json_lines_hold_no_secret(lines: io.StringIO) -> None:
    set_up_logs("json", "info", lines)
    with structlog.contextvars.bound_contextvars(request="r1"):
        structlog.get_logger("daybook").info("signed in", login="chen", password="swordfish", device_token="t0k")
    logging.getLogger("uvicorn.error").warning("from the standard library")
    structlog.get_logger("daybook").debug("too quiet")
    first, second = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert (first["event"], first["login"], first["request"], first["level"]) == ("signed in", "chen", "r1", "info")
    assert (first["password"], first["device_token"]) == ("(left out)", "(left out)")
    assert second["event"] == "from the standard library"


def test_console_lines_show_a_traceback(lines: io.StringIO) -> None:
    set_up_logs("console", "info", lines)
    try:
        raise ValueError("what went wrong")
    except ValueError as error:
        structlog.get_logger("daybook").error("unexpected", exc_info=error)
    assert "what went wrong" in lines.getvalue()
    assert "Traceback" in lines.getvalue()
