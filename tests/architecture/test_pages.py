"""What README and docs name exists; nothing private, generated or nameless is in the tree."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

import pytest

from server.cli import COMMANDS

from .sources import ROOT, text, tracked, written

PAGES = [
    name for name in tracked() if name == "README.md" or (name.startswith(("docs/", "bench/")) and name.endswith(".md"))
]
NAMED = re.compile(r"`([^`\n]+)`")
LINKED = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
TOPS = ("server/", "pwa/", "tests/", "docs/", "schemas/", "bench/", ".ci/", "requirements")
COMMAND = re.compile(r"(?:\./daybook|`daybook) ([a-z][a-z-]*)")
LONGEST = 400
FORBIDDEN_NAMES = {"utils", "helpers", "helper", "common", "misc", "manager", "service", "handler", "base", "util"}
WAITING = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
ADDRESS = re.compile(r"https?://|--index-url|--extra-index-url|--find-links|--trusted-host", re.IGNORECASE)
CODE = (".py", ".ts", ".vue", ".mjs", ".js", ".css")
PYTHON_LOCKS = {"requirements": 40, "requirements-compile": 5, "requirements-test": 80}
"""More packages than these are in each."""
LOCKS = [
    name for name in tracked() if PurePosixPath(name).name in ("package-lock.json", ".npmrc") or name.endswith(".lock")
]


@pytest.mark.parametrize("page", PAGES)
def test_every_path_named_in_a_page_exists(page: str) -> None:
    missing = []
    for named in NAMED.findall(text(page)):
        path = named.strip().split(" ")[0].split("::")[0].rstrip("/,:;")
        if path.startswith(TOPS) and not any(sign in path for sign in "<>{}$…") and not _exists(path):
            missing.append(path)
    for target in LINKED.findall(text(page)):
        if "://" not in target and not target.startswith("mailto:"):
            there = (ROOT / page).parent / target
            if not there.exists():
                missing.append(target)
    assert not missing, f"{page} names {missing}"


def _exists(path: str) -> bool:
    return any(ROOT.glob(path)) if "*" in path else (ROOT / path).exists()


@pytest.mark.parametrize("page", PAGES)
def test_every_command_named_in_a_page_exists(page: str) -> None:
    named = set(COMMAND.findall(text(page))) - {"setup"}
    assert named - set(COMMANDS) == set()


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_a_help_text(name: str) -> None:
    from click.testing import CliRunner

    from server.cli import main

    answer = CliRunner().invoke(main, [name, "--help"])
    assert answer.exit_code == 0, answer.output
    assert len(answer.output.splitlines()) > 4


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_name_no_registry(lock: str) -> None:
    if lock.endswith("package-lock.json"):
        assert '"resolved"' not in text(lock)
    else:
        assert not [line for line in text(lock).splitlines() if ADDRESS.search(line)]


def test_there_are_locks() -> None:
    assert {f"{name}.lock" for name in PYTHON_LOCKS} | {"pwa/package-lock.json"} <= set(LOCKS)


@pytest.mark.parametrize(("name", "least"), PYTHON_LOCKS.items())
def test_every_locked_package_has_hashes(name: str, least: int) -> None:
    stanzas = re.split(r"\n(?=\S)", text(f"{name}.lock").strip())
    assert len(stanzas) > least
    assert [stanza.split()[0] for stanza in stanzas if "--hash=sha256:" not in stanza] == []


def test_the_test_lock_holds_the_others() -> None:
    pins = [{line.split(" ")[0] for line in text(f"{name}.lock").splitlines() if "==" in line} for name in PYTHON_LOCKS]
    assert pins[0] | pins[1] <= pins[2]


def test_files_are_short() -> None:
    long = {name: lines for name in written(*CODE) if (lines := len(text(name).splitlines())) > LONGEST}
    assert long == {}


def test_files_have_names_that_say_what_they_hold() -> None:
    assert [name for name in written(*CODE) if PurePosixPath(name).stem.lower() in FORBIDDEN_NAMES] == []


def test_nothing_waits_to_be_done() -> None:
    waiting = [name for name in written(*CODE, ".md") if WAITING.search(text(name))]
    assert [name for name in waiting if name != "tests/architecture/test_pages.py"] == []


def test_no_path_of_one_machine_is_in_the_tree() -> None:
    private = re.compile(r"(?<![\w.])/(?:work|root|home/[a-z]+)/")
    found = [name for name in written(*CODE, ".md", ".toml", ".json", ".yml", ".sh") if private.search(text(name))]
    assert [name for name in found if name != "tests/architecture/test_pages.py"] == []


def test_no_secret_or_build_is_tracked() -> None:
    bad = [
        name
        for name in tracked()
        if name.startswith(("data/", "pwa/dist/", "pwa/node_modules/")) or name.endswith((".pem", ".sqlite"))
    ]
    assert bad == []
