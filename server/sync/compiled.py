"""The checker as machine code: its modules, compiled from the same sources where set-up could (docs/decisions/0025).

Started by this, a gate worker takes them in place of the sources:

    python -m server.sync.compiled <folder> <module of the worker> <its arguments>
"""

from __future__ import annotations

import hashlib
import runpy
import sys
import sysconfig
from pathlib import Path

MODULES = ("chunk", "columns", "history", "merge", "operations", "paths", "rows", "values", "verify")
"""What is compiled."""
BESIDE = ("index", "refusals", "verdict")
"""What these import of ours. A constant of theirs may be in the machine code."""
_HERE = Path(__file__).parent
_COMPILER = Path(__file__).parents[2] / "requirements-compile.lock"


def folder() -> Path:
    """Where the machine code of these very sources for this Python is, if it was made: an edit of one, or another compiler, leads
    elsewhere."""
    whole = hashlib.sha256(f"{sys.implementation.cache_tag} {sysconfig.get_platform()}".encode())
    for source in (_COMPILER, *(_HERE / f"{name}.py" for name in (*MODULES, *BESIDE))):
        whole.update(hashlib.sha256(source.read_bytes() if source.is_file() else b"").digest())
    return Path(sys.prefix) / "compiled" / whole.hexdigest()[:16]


def run(made: str, module: str, arguments: list[str]) -> None:
    """Runs a module as `python -m` does, with the machine code before the sources."""
    sys.path.append(made)  # what its parts share
    sys.modules[__package__].__path__.insert(0, str(Path(made, *__package__.split("."))))
    sys.argv[1:] = arguments
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    run(sys.argv[1], sys.argv[2], sys.argv[3:])
