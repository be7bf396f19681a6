"""Copies of the SQLite file: taken while it is in use, checked, and put back under a new epoch (SY6)."""

from __future__ import annotations

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
