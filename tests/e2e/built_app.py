"""The app to test: built anew where its sources differ from the last build, by the launcher's own rules."""

from __future__ import annotations

import importlib.util
import os
import shutil
from importlib.machinery import SourceFileLoader
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GIVEN = os.environ.get("DAYBOOK_PWA")
"""A build to test in place of the checkout's own; read before the tests clear the environment."""


def copy_of_the_build(folder: Path) -> Path:
    """The built app in a folder of its own: a build that somebody starts meanwhile changes nothing under a running test."""
    built = Path(GIVEN) if GIVEN else build()
    shutil.copytree(built, folder)
    return folder


def build() -> Path:
    loader = SourceFileLoader("daybook_launcher", str(ROOT / "daybook"))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec is not None
    launcher = importlib.util.module_from_spec(spec)
    loader.exec_module(launcher)
    launcher.app()
    return ROOT / "pwa" / "dist"
