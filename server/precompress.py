"""Compresses the built app once, so that the server never does: `python -m server.precompress pwa/dist`."""

from __future__ import annotations

import gzip
import sys
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
    before = after = 0
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.suffix not in SUFFIXES or path.stat().st_size < LEAST:
            continue
        plain = path.read_bytes()
        # the last levels of brotli cost seconds for the 3.6 MB of wasm and gain it 2 %
        quality = 11 if len(plain) < 1_000_000 else 9
        small = brotli.compress(plain, quality=quality, lgwin=24 if len(plain) > 1_000_000 else 22)
        if len(small) >= len(plain):
            continue
        path.with_name(path.name + ".br").write_bytes(small)
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(plain, 9, mtime=0))
        before, after = before + len(plain), after + len(small)
    return before, after


if __name__ == "__main__":
    was, became = precompress(Path(sys.argv[1]))
    print(f"          {was / 1e6:.1f} MB, {became / 1e6:.1f} MB as brotli")
