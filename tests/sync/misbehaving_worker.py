"""A gate worker that does what the message of a change says: dies, hangs, eats memory, panics. For tests of the gate.

python -m tests.sync.misbehaving_worker <memory limit> <processor seconds>
"""

from __future__ import annotations

import os
import sys
import time
from typing import Any

from server.sync import gate_work, gate_worker, merge
from server.sync.chunk import read_change

_merge = merge.merge


class Panic(BaseException):
    """What the binding raises is no Exception either."""


def _misbehave(deed: str) -> None:
    if deed == "die":
        os._exit(7)
    elif deed == "abort":
        os.abort()
    elif deed == "hang":
        while True:
            pass
    elif deed == "sleep":
        time.sleep(3600)
    elif deed == "eat":
        eaten = []
        while True:
            eaten.append(bytes(16 * 1024 * 1024))  # address space alone: filling it would take time
    elif deed == "panic":
        raise Panic("as the binding does")
    elif deed == "fail":
        raise ValueError("the binding does not like it")


def _merging(saved: bytes | None, chunks: list[bytes], heads: list[bytes]) -> Any:
    with merge._guarded():
        for chunk in chunks:
            _misbehave(read_change(chunk).message)
    return _merge(saved, chunks, heads)


if __name__ == "__main__":
    merge.merge = _merging
    gate_work.merge = _merging
    gate_worker.main(int(sys.argv[1]), float(sys.argv[2]))
