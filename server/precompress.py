"""Compresses the built app once, so that the server never does: `python -m server.precompress pwa/dist`."""

from __future__ import annotations

import gzip
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import brotli

SUFFIXES = frozenset(
    {".html", ".js", ".mjs", ".css", ".json", ".svg", ".wasm", ".webmanifest", ".txt", ".xml", ".map", ".ico", ".ttf"}
)
"""Files that shrink. Pictures and fonts such as woff2 are compressed by their own form."""

LEAST = 512
"""Bytes below which a smaller file saves no packet."""


def precompress(folder: Path) -> tuple[int, int]:
    """Writes `name.br` and `name.gz` beside each file that gets smaller. Answers bytes before and after (brotli)."""
    found = [path for path in folder.rglob("*") if path.is_file() and path.suffix in SUFFIXES]
    # the largest first, so that the others are done beside it: the compressors leave the interpreter free
    found.sort(key=lambda path: path.stat().st_size, reverse=True)
    with ThreadPoolExecutor() as threads:
        sizes = list(threads.map(_compress, found))
    return sum(before for before, _ in sizes), sum(after for _, after in sizes)


def _compress(path: Path) -> tuple[int, int]:
    plain = path.read_bytes()
    large = len(plain) > 1_000_000
    # the last level of brotli doubles the seconds for the 3.6 MB of wasm and gains it 4 %
    small = brotli.compress(plain, quality=10 if large else 11, lgwin=24 if large else 22)
    if len(plain) < LEAST or len(small) >= len(plain):
        return 0, 0
    path.with_name(path.name + ".br").write_bytes(small)
    path.with_name(path.name + ".gz").write_bytes(gzip.compress(plain, 9, mtime=0))
    return len(plain), len(small)


if __name__ == "__main__":
    was, became = precompress(Path(sys.argv[1]))
    print(f"          {was / 1e6:.1f} MB, {became / 1e6:.1f} MB as brotli")
