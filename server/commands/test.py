"""`daybook test`: everything that must hold, in an order in which the quick checks speak first and pytest's summary last."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import click

from server.settings import ROOT

BIN = Path(sys.executable).parent
MOST_PROCESSES = 4


@click.command(name="test", context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(arguments: tuple[str, ...]) -> None:
    """Run the checks, the app's tests and every test of the server and the browser.

    ARGUMENTS go to pytest alone (`daybook test tests/domain -k credit`), and then only pytest runs.
    """
    began = time.monotonic()
    failed = [] if arguments else [name for name, run in steps() if not run_step(name, run)]
    asked = arguments or ("--numprocesses", str(processes()), "--dist", "loadscope", "--no-loadscope-reorder")
    code = subprocess.run([sys.executable, "-m", "pytest", *asked], cwd=ROOT, env=environment()).returncode
    if code:
        failed.append("pytest")
    minutes = (time.monotonic() - began) / 60
    verdict = f"FAILED: {', '.join(failed)}" if failed else "everything passed"
    click.echo(f"daybook test: {verdict} ({minutes:.1f} min); the line above is pytest's", err=bool(failed))
    sys.exit(1 if failed else 0)


def processes() -> int:
    """Of pytest: `tests/conftest.py` says which tests stay together."""
    return max(1, min(MOST_PROCESSES, os.cpu_count() or 1))


def steps() -> list[tuple[str, list[str]]]:
    """Name and command of each check besides pytest."""
    found = [
        ("ruff check", [str(BIN / "ruff"), "check", "--quiet", "."]),
        ("import contracts", [str(BIN / "lint-imports"), "--no-cache"]),
        ("types of the server", [str(BIN / "mypy"), "server"]),
    ]
    npm = shutil.which("npm", path=str(BIN))
    if npm and (ROOT / "pwa" / "node_modules").is_dir():
        found.append(("types of the app", [npm, "run", "--silent", "types"]))
        found.append(("tests of the app", [npm, "run", "--silent", "test"]))
    return found


def run_step(name: str, command: list[str]) -> bool:
    """Runs a check; its output is shown when it fails. Whether it passed."""
    began = time.monotonic()
    folder = ROOT / "pwa" if Path(command[0]).stem == "npm" else ROOT
    done = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, errors="replace")
    said = f"{done.stdout}{done.stderr}".strip()
    if done.returncode:
        click.echo(said)
    last = said.splitlines()[-1].strip() if said else ""
    click.echo(f"{name}: {'FAILED' if done.returncode else 'ok'} ({time.monotonic() - began:.1f} s) {last}")
    return done.returncode == 0


def environment() -> dict[str, str]:
    """Node of the virtual environment first; no setting of a running Daybook leaks into the tests."""
    kept = {"DAYBOOK_CHROMIUM", "DAYBOOK_LONG"}
    base = {name: value for name, value in os.environ.items() if not name.startswith("DAYBOOK_") or name in kept}
    return {**base, "PATH": f"{BIN}{os.pathsep}{base.get('PATH', '')}", "NO_COLOR": "1", "FORCE_COLOR": "0"}
