"""The project's own files, as these tests read them."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MADE = ("pwa/src/generated/", "schemas/", "docs/screens/")
"""Written by a program: not held to the length and words of files that people write."""


@cache
def tracked() -> tuple[str, ...]:
    """Every file of the project by its path: those that git knows, and new ones that it does not ignore."""
    told = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True
    )
    if told.returncode == 0:
        names = told.stdout.decode().split("\0")
    else:  # an unpacked archive
        kept_out = {".git", ".venv", "node_modules", "dist", "data", "__pycache__"}
        names = [
            path.relative_to(ROOT).as_posix()
            for path in ROOT.rglob("*")
            if path.is_file() and not kept_out & set(path.relative_to(ROOT).parts)
        ]
    return tuple(sorted(name for name in names if name and (ROOT / name).is_file()))


def written(*suffixes: str, under: str = "") -> list[str]:
    """Files of these suffixes that people write."""
    return [
        name for name in tracked() if name.endswith(suffixes) and name.startswith(under) and not name.startswith(MADE)
    ]


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(text(name), name)


def imports(name: str) -> Iterator[tuple[str, int]]:
    """(module, line) of every absolute import in a Python file."""
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module, node.lineno


def rule_marks(name: str) -> Iterator[str]:
    """The ids in every `pytest.mark.rule("…")` of a test file, wherever it stands."""
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "rule":
            for argument in node.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value
