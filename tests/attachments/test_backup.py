"""A backup holds the photos that it names, and a restored one brings them back."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from server.attachments.files import Files
from server.cli import main

HASHES = ["ab" + "0" * 62, "ab" + "1" * 62, "cd" + "2" * 62]


def daybook(data: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, [arguments[0], "--data", str(data), *arguments[1:]], catch_exceptions=False)


def name(data: Path, *digests: str) -> None:
    with sqlite3.connect(data / "daybook.sqlite") as book:
        for digest in digests:
            book.execute(
                "INSERT INTO attachment (hash, scope, type, size, width, height, device, account, stored_at)"
                " VALUES (?, 'dealer:alfki', 'image/jpeg', 5, 1, 1, 'd', 'a', 1)",
                (digest,),
            )


@pytest.fixture
def data(tmp_path: Path) -> Path:
    data = tmp_path / "data"
    assert daybook(data, "migrate").exit_code == 0
    files = Files(data / "attachments")
    for digest in HASHES:
        files.keep(digest, f"image {digest}".encode(), b"thumb")
    name(data, *HASHES[:2])
    return data


@pytest.mark.rule("AT12")
def test_a_backup_and_back(data: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "backups" / "monday.sqlite", tmp_path / "backups" / "tuesday.sqlite"
    first.parent.mkdir()
    told = daybook(data, "backup", str(first))
    assert told.exit_code == 0, told.output
    assert "2 photos copied" in told.output
    kept = first.parent / "attachments"
    there = sorted(path.name for path in kept.rglob("*") if path.is_file())
    assert there == sorted([*HASHES[:2], *(f"{digest}.thumb" for digest in HASHES[:2])]), "what it names, and no other"
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept.rglob("*") if path.is_file()} == {0o600}
    name(data, HASHES[2])
    assert "1 photos copied" in daybook(data, "backup", str(second)).output

    shutil.rmtree(data)
    told = daybook(data, "restore", str(first))
    assert told.exit_code == 0, told.output
    assert "2 photos brought back" in told.output
    files = Files(data / "attachments")
    assert [files.has(digest) for digest in HASHES] == [True, True, False]
    assert files.place(HASHES[0]).read_bytes() == f"image {HASHES[0]}".encode()
    assert stat.S_IMODE(files.place(HASHES[0]).stat().st_mode) == 0o600
    assert "1 photos brought back" in daybook(data, "restore", str(second)).output


@pytest.mark.rule("AT12")
def test_what_is_missing_is_told(data: Path, tmp_path: Path) -> None:
    Files(data / "attachments").place(HASHES[0]).unlink()
    told = daybook(data, "backup", str(tmp_path / "copy.sqlite"))
    assert told.exit_code == 1
    assert HASHES[0] in told.output
    assert (tmp_path / "copy.sqlite").is_file()
    shutil.rmtree(tmp_path / "attachments")
    shutil.rmtree(data / "attachments")
    restored = daybook(data, "restore", str(tmp_path / "copy.sqlite"))
    assert restored.exit_code == 0
    assert "2 photos are missing" in restored.output


def test_a_backup_within_the_data_folder_copies_nothing_onto_itself(data: Path) -> None:
    told = daybook(data, "backup", str(data / "copy.sqlite"))
    assert told.exit_code == 0, told.output
    assert "copied" not in told.output
    assert Files(data / "attachments").has(HASHES[2])
