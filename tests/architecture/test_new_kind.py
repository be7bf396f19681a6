"""A new kind is one folder on each side and a line in each registry: one is made in a copy of the project, and thrown away."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .sources import ROOT, tracked

MAY_CHANGE = {"server/domain/registry.py", "pwa/src/kinds/all.ts"}
MADE = ("pwa/src/generated/", "schemas/")


def run(copy: Path, *words: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(copy)}
    done = subprocess.run([sys.executable, "-m", *words], cwd=copy, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with a new kind in it."""
    copy = tmp_path_factory.mktemp("project")
    for name in tracked():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, copy / name)
    words = ["--title=leave request", "--chinese=休假申请", "--rules=ZZ", f"--root={copy}"]
    run(copy, "server.cli", "new-kind", "leave_request", *words)
    run(copy, "server.cli", "schemas")
    return copy


def test_it_is_one_folder_a_side_and_one_line_a_registry(copy: Path) -> None:
    before = {name: (ROOT / name).read_bytes() for name in tracked()}
    changed = {
        name for name, text in before.items() if (copy / name).read_bytes() != text and not name.startswith(MADE)
    }
    assert changed == MAY_CHANGE
    for name in MAY_CHANGE:
        old, new = before[name].decode().splitlines(), (copy / name).read_text(encoding="utf-8").splitlines()
        assert len(new) == len(old) + 1
        assert [line for line in new if "leave_request" not in line] == old
    folders = {
        path.relative_to(copy).parts[:-1]
        for path in copy.rglob("*")
        if path.is_file() and path.relative_to(copy).as_posix() not in before and "__pycache__" not in path.parts
    }
    assert {"/".join(folder) for folder in folders if not "/".join(folder).startswith(MADE[0][:-1])} == {
        "server/domain/kinds/leave_request",
        "pwa/src/kinds/leave_request",
        "schemas",
        "schemas/cases/leave_request",
        "tests/domain",
    }


def test_it_passes_the_tests_of_the_architecture_and_its_own(copy: Path) -> None:
    files = ["test_contracts.py", "test_rules_worn.py", "test_words.py", "test_generated.py", "test_pages.py"]
    chosen = [f"tests/architecture/{name}" for name in files]
    run(
        copy,
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        *chosen,
        "tests/domain/test_leave_request.py",
        "tests/domain/test_seams.py",
    )


def test_its_words_are_json_in_both_languages(copy: Path) -> None:
    for language in ("en", "zh-CN"):
        words = json.loads((copy / f"pwa/src/kinds/leave_request/words.{language}.json").read_text(encoding="utf-8"))
        assert set(words) == {"leave_request", "reasons", "notices"}
