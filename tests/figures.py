"""Figures that tests measure, told at the end of the run by whichever process measured them."""

from __future__ import annotations

from typing import Any

import pytest

MEASURED: list[str] = []


def tell(figure: str) -> None:
    MEASURED.append(figure)


def pytest_sessionfinish(session: pytest.Session) -> None:
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["measured"] = MEASURED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    MEASURED.extend(getattr(node, "workeroutput", {}).get("measured", ()))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if MEASURED:
        terminalreporter.section("measured")
        for figure in MEASURED:
            terminalreporter.write_line(figure)
