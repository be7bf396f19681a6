"""Where the bytes of attachments lie, and how they get there: whole or not at all, for the server's user alone.

<data>/attachments/ab/<hash>         what is shown; <hash>.thumb beside it
<data>/attachments/uploads/<id>      what has come so far
<data>/attachments/quarantine/<hash> what was refused, while there is room
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: one server process
    fcntl = None  # type: ignore[assignment]

QUARANTINE = 64 * 1024 * 1024
"""Bytes of refused files that are kept, newest first."""
RESERVE = 256 * 1024 * 1024
"""Bytes of the disk that attachments leave free: the database needs them more."""
PIECE = 1024 * 1024
FORGOTTEN = 3600
"""Seconds after which a file that nothing knows of is what a crash left over."""


class Held(Exception):
    """Another request works on this upload."""


class Files:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.uploads, self.quarantine = folder / "uploads", folder / "quarantine"
        self._held: set[str] = set()

    def place(self, digest: str, thumb: bool = False) -> Path:
        return self.folder / digest[:2] / (f"{digest}.thumb" if thumb else digest)

    def has(self, digest: str) -> bool:
        return self.place(digest).is_file() and self.place(digest, thumb=True).is_file()

    def room_for(self, size: int) -> bool:
        """Whether an upload of so many bytes, and what is made of it, leaves the reserve untouched."""
        _closed(self.folder)
        return shutil.disk_usage(self.folder).free > RESERVE + 3 * size

    def keep(self, digest: str, image: bytes, thumb: bytes) -> None:
        """Puts both in their place, synced. What is there already stays, so that it never changes under its address."""
        for octets, path in ((thumb, self.place(digest, thumb=True)), (image, self.place(digest))):
            _closed(path.parent)
            draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
            try:
                _write(draft, octets)
                if not path.exists():
                    os.replace(draft, path)
            finally:
                draft.unlink(missing_ok=True)
            _sync_folder(path.parent)

    def set_aside(self, digest: str, upload: str) -> None:
        """Moves an upload into quarantine; the oldest there give way."""
        _closed(self.quarantine)
        os.replace(self.uploads / upload, self.quarantine / digest)
        os.utime(self.quarantine / digest)
        there = sorted(((path.stat(), path) for path in self.quarantine.iterdir()), key=lambda each: -each[0].st_mtime)
        held = 0
        for stat, path in there:
            held += stat.st_size
            if held > QUARANTINE:
                path.unlink(missing_ok=True)

    @contextlib.contextmanager
    def hold(self, upload: str) -> Iterator[int]:
        """A descriptor of the upload's file, which is made if it is missing, for one request in all processes at a time.
        Held if there is another. The kernel lets go of it when the process dies."""
        if upload in self._held:
            raise Held
        self._held.add(upload)
        try:
            _closed(self.uploads)
            path = self.uploads / upload
            fresh = not path.exists()
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
            try:
                if fcntl is not None:
                    try:
                        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    except OSError:
                        raise Held from None
                if fresh:
                    _sync_folder(self.uploads)
                yield descriptor
            finally:
                os.close(descriptor)
        finally:
            self._held.discard(upload)

    def size(self, upload: str) -> int:
        """Bytes that the upload's file has; 0 where there is none."""
        try:
            return (self.uploads / upload).stat().st_size
        except OSError:
            return 0

    def digest(self, upload: str) -> str:
        with (self.uploads / upload).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def drop(self, upload: str) -> None:
        (self.uploads / upload).unlink(missing_ok=True)

    def sweep(self, known: set[str]) -> None:
        """Removes what a crash left over: uploads that no row knows, drafts that were never put in place."""
        limit = time.time() - FORGOTTEN
        drafts = self.folder.glob("??/*.new") if self.folder.is_dir() else iter(())
        uploads = (path for path in self.uploads.glob("*") if path.name not in known)
        for path in [*drafts, *uploads]:
            with contextlib.suppress(OSError):
                if path.stat().st_mtime < limit:
                    path.unlink()


def _closed(folder: Path) -> None:
    """The folder, open to nobody else."""
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _sync_folder(folder.parent)


def _write(path: Path, octets: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(octets)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """A new name is safe once its folder is; Windows does that by itself."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
