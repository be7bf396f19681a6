"""Who may import whom, and what the domain and the sync must not know."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from server.domain.registry import KINDS

from .sources import ROOT, imports, tree, written

DOMAIN = written(".py", under="server/domain/")
SYNC = written(".py", under="server/sync/")
PURE = {
    "__future__", "abc", "collections", "collections.abc", "dataclasses", "datetime", "decimal", "enum", "fractions", "functools",
    "hashlib", "itertools", "math", "msgspec", "operator", "pydantic", "re", "string", "typing", "zoneinfo", "types", "bisect", "unicodedata",
}  # fmt: skip
"""All that the domain may import from outside. datetime only to calculate with: asking it for the time is caught below."""
CLOCKS = {"now", "utcnow", "today", "time", "time_ns", "monotonic", "perf_counter"}


def test_import_contracts_hold() -> None:
    linter = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-4000:]


def test_there_is_a_domain_and_a_sync_to_look_at() -> None:
    assert len(DOMAIN) > 10
    assert len(SYNC) > 10


@pytest.mark.parametrize("name", DOMAIN)
def test_the_domain_is_pure(name: str) -> None:
    faults = [f"line {line}: imports {module}" for module, line in imports(name) if module not in PURE]
    for node in ast.walk(tree(name)):
        match node:
            case ast.AsyncFunctionDef() | ast.Await() | ast.AsyncFor() | ast.AsyncWith():
                faults.append(f"line {node.lineno}: async")
            case ast.Call(func=ast.Name(id="open" | "print" | "input" | "eval" | "exec" | "__import__" as called)):
                faults.append(f"line {node.lineno}: calls {called}")
            case ast.Call(func=ast.Attribute(attr=called)) if called in CLOCKS:
                faults.append(f"line {node.lineno}: asks a clock with .{called}()")
            case ast.Global():
                faults.append(f"line {node.lineno}: global state")
    assert not faults, f"{name}: {faults}"


@pytest.mark.parametrize("name", DOMAIN)
def test_the_domain_has_no_float(name: str) -> None:
    """Money and quantities are exact. Only a time may be divided, into the seconds that datetime takes."""
    nodes = list(ast.walk(tree(name)))
    times = {
        id(inner)
        for node in nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "fromtimestamp"
        for inner in ast.walk(node)
    }
    faults = [
        node.lineno
        for node in nodes
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and id(node) not in times)
        or (isinstance(node, ast.Name) and node.id == "float")
    ]
    assert not faults, f"{name}: a float in lines {faults}"


@pytest.mark.parametrize("name", SYNC)
def test_no_kind_is_named_in_the_sync(name: str) -> None:
    faults = []
    for node in ast.walk(tree(name)):
        match node:
            case ast.Constant(value=str(value)) if value in KINDS:
                faults.append((node.lineno, value))
            case ast.Name(id=value) | ast.Attribute(attr=value) | ast.arg(arg=value) if value in KINDS:
                # `order` alone is a plain English word (an order of things): as a name of code it is no kind
                if value != "order":
                    faults.append((node.lineno, value))
            case ast.ImportFrom(module=str(module)) if "kinds" in module.split("."):
                faults.append((node.lineno, module))
    assert not faults, f"{name}: {faults}"
