"""Copies of the SQLite file and of the attachments that it names: taken while they are in use, checked, and put back under a new
epoch (SY6, AT12)."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

PAGES_A_STEP = 2_000
"""Between two steps a writer gets its turn."""


class NotABook(Exception):
    """The file is no whole Daybook database."""


def copy_database(source: Path, target: Path, progress: Callable[[int, int], None] = lambda done, whole: None) -> int:
    """Copies a database that may be in use to `target`, whole or not at all. Answers its size in bytes.

    `progress` is told pages done and pages in all. NotABook if the copy does not pass SQLite's own check.
    """
    if not source.is_file():
        raise NotABook(f"{source} does not exist")
    draft = target.with_name(target.name + ".new")
    draft.unlink(missing_ok=True)
    try:
        reading = f"{source.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(reading, uri=True)) as old, closing(sqlite3.connect(draft)) as new:
            old.backup(
                new,
                pages=PAGES_A_STEP,
                progress=lambda _, remaining, whole: progress(whole - remaining, whole),
                sleep=0.005,
            )
            new.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing of it in a second one
        check_book(draft)
        draft.replace(target)
    except sqlite3.DatabaseError as error:
        raise NotABook(f"{source}: {error}") from None
    finally:
        draft.unlink(missing_ok=True)
    return target.stat().st_size


def check_book(file: Path) -> str:
    """The epoch in a file. NotABook unless it is a sound SQLite database with Daybook's tables."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as book:
            (verdict,) = book.execute("PRAGMA quick_check(1)").fetchone()
            row = book.execute("SELECT value FROM meta WHERE key = 'epoch'").fetchone()
    except sqlite3.DatabaseError as error:
        raise NotABook(f"{file}: {error}") from None
    if verdict != "ok" or row is None:
        raise NotABook(f"{file}: {verdict if verdict != 'ok' else 'no epoch in it'}")
    return str(row[0])


def attachments_named(file: Path) -> list[str]:
    """The hashes of all attachments that a database names; none for one from before there were any."""
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as book:
        if not book.execute("SELECT 1 FROM sqlite_master WHERE name = 'attachment'").fetchone():
            return []
        return [row[0] for row in book.execute("SELECT DISTINCT hash FROM attachment ORDER BY hash")]


def copy_attachments(file: Path, source: Path, target: Path) -> tuple[int, list[str]]:
    """Copies the attachments that the database in `file` names from one folder to another; answers how many it copied and the
    hashes that the source lacks.

    What the target has already stays: files named by their content never change, so one folder serves any number of backups and
    each adds only what is new. Taken after the database was copied, all that it names is there.
    """
    copied, missing = 0, []
    for digest in attachments_named(file):
        names = [Path(digest[:2]) / f"{digest}{suffix}" for suffix in (".thumb", "")]
        if all((target / name).is_file() for name in names):
            continue
        if not all((source / name).is_file() for name in names):
            missing.append(digest)
            continue
        for name in names:
            _copy_file(source / name, target / name)
        copied += 1
    return copied, missing


def _copy_file(source: Path, target: Path) -> None:
    """Whole or not at all, synced, and for the owner alone."""
    target.parent.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    target.parent.mkdir(exist_ok=True, mode=0o700)
    draft = target.with_name(f"{target.name}.{os.getpid()}.new")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with source.open("rb") as old, os.fdopen(descriptor, "wb") as new:
            shutil.copyfileobj(old, new, 1024 * 1024)
            new.flush()
            os.fsync(new.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
