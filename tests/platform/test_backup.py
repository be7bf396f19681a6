"""A backup taken in use is whole; a restored one begins another epoch."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from server.cli import main
from server.store.backup import NotABook, check_book, copy_database


def daybook(data: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, [arguments[0], "--data", str(data), *arguments[1:]], catch_exceptions=False)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    made = daybook(tmp_path / "data", "migrate")
    assert made.exit_code == 0, made.output
    return tmp_path / "data"


def test_a_backup_in_use_holds_what_was_committed(data: Path, tmp_path: Path) -> None:
    book = sqlite3.connect(data / "daybook.sqlite", isolation_level=None)
    book.execute("INSERT INTO meta (key, value) VALUES ('committed', 'yes')")
    book.execute("BEGIN IMMEDIATE")
    book.execute("INSERT INTO meta (key, value) VALUES ('open', 'yes')")
    copy = tmp_path / "copy.sqlite"
    told = daybook(data, "backup", str(copy))
    assert told.exit_code == 0, told.output
    book.execute("ROLLBACK")
    book.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.sqlite", "data"]
    rows = dict(sqlite3.connect(copy).execute("SELECT key, value FROM meta").fetchall())
    assert rows["committed"] == "yes"
    assert "open" not in rows


def test_a_backup_replaces_nothing_unasked(data: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite"
    copy.write_text("mine")
    told = daybook(data, "backup", str(copy))
    assert told.exit_code == 1
    assert copy.read_text() == "mine"
    assert daybook(data, "backup", str(copy), "--force").exit_code == 0
    assert check_book(copy) == check_book(data / "daybook.sqlite")


@pytest.mark.rule("SY6")
def test_a_restored_backup_has_another_epoch_and_keeps_the_earlier_file(data: Path, tmp_path: Path) -> None:
    place, copy = data / "daybook.sqlite", tmp_path / "copy.sqlite"
    before = check_book(place)
    daybook(data, "backup", str(copy))
    with sqlite3.connect(place) as book:
        book.execute("INSERT INTO meta (key, value) VALUES ('after', 'the backup')")
    book.close()
    told = daybook(data, "restore", str(copy))
    assert told.exit_code == 0, told.output
    assert check_book(place) not in (before, "")
    assert sqlite3.connect(place).execute("SELECT 1 FROM meta WHERE key = 'after'").fetchall() == []
    (kept,) = data.glob("daybook.before-*.sqlite")
    assert sqlite3.connect(kept).execute("SELECT value FROM meta WHERE key = 'after'").fetchone() == ("the backup",)


@pytest.mark.rule("SY6")
def test_a_new_epoch_is_another(data: Path) -> None:
    before = check_book(data / "daybook.sqlite")
    assert daybook(data, "new-epoch").exit_code == 0
    assert check_book(data / "daybook.sqlite") != before


@pytest.mark.parametrize("content", [b"", b"no database at all", b"SQLite format 3\0" + b"\xff" * 5000])
def test_what_is_no_book_is_not_restored(data: Path, tmp_path: Path, content: bytes) -> None:
    epoch = check_book(data / "daybook.sqlite")
    bad = tmp_path / "bad.sqlite"
    bad.write_bytes(content)
    told = daybook(data, "restore", str(bad))
    assert told.exit_code == 1
    assert check_book(data / "daybook.sqlite") == epoch


def test_a_damaged_book_makes_no_backup(data: Path, tmp_path: Path) -> None:
    with pytest.raises(NotABook):
        copy_database(tmp_path / "absent.sqlite", tmp_path / "copy.sqlite")
    assert not (tmp_path / "copy.sqlite").exists()
