"""Where the compiled form of the checker is, for tests of it."""

from __future__ import annotations

import shutil
import sysconfig
from pathlib import Path

import pytest

from server.sync.compiled import folder


@pytest.fixture(scope="session")
def machine_code() -> Path:
    """The folder that set-up made. Without a compiler a test of it steps aside; with one it must be there."""
    if not shutil.which("cc") or not Path(sysconfig.get_path("include"), "Python.h").exists():
        pytest.skip("no C compiler, or no headers of this Python")
    assert folder().is_dir(), "the sources changed since they were compiled: ./daybook setup"
    return folder()
