"""Compiles the checker of changes for the gate's workers: `python -m server.compile_checker` (docs/decisions/0025).

Needs a C compiler, the headers of this Python and mypyc. What was made is tried before it is put where the workers look for it.
"""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec

from .sync.compiled import BESIDE, MODULES, folder
from .sync.first_change import first_change
from .sync.verdict import Answer, Task

_SERVER = Path(__file__).parent


def compile_checker() -> Path:
    """Makes the folder of `server.sync.compiled`, if it is not there -> that folder. RuntimeError when what was made does not work;
    the compilers end this process when they fail."""
    target = folder()
    if target.is_dir():
        return target
    shutil.rmtree(target.parent, ignore_errors=True)  # of older sources: nobody looks for it any more
    target.parent.mkdir()
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        made = Path(scratch, "made")
        _compile(Path(scratch), made)
        if not _works(made):
            raise RuntimeError("a worker with the compiled checker does not work")
        made.rename(target)
    return target


def _works(made: Path) -> bool:
    """Whether a worker with it admits a sound change, and refuses one that was damaged."""
    actor, content = bytes(16), {"number": "A-1", "lines": {"l1": {"quantity": 3, "note": None}}}
    sound = first_change(actor, content, (), 0, "")
    task = Task("", None, None, [], [sound, sound[:-1] + bytes([sound[-1] ^ 1])], actor[:8], ("**",))
    asked = msgspec.msgpack.encode([task])
    worker = ["server.sync.gate_worker", str(512 * 1024 * 1024), "10"]
    command = [sys.executable, "-m", "server.sync.compiled", str(made), *worker]
    question = len(asked).to_bytes(4, "big") + asked
    said = subprocess.run(command, cwd=_SERVER.parent, input=question, stdout=subprocess.PIPE, check=False).stdout
    try:
        (verdict,) = msgspec.msgpack.decode(said[4:], type=Answer).verdicts
    except (msgspec.DecodeError, ValueError):
        return False
    refused = [(entry.position, entry.code) for entry in verdict.refused]
    return verdict.content == content and len(verdict.admitted) == 1 and refused == [(1, "checksum_mismatch")]


def _compile(scratch: Path, made: Path) -> None:
    """In a folder that has nothing but what is compiled and what that imports: no other source can be in what comes out."""
    from mypyc.build import mypycify
    from setuptools import setup

    for name in ("__init__", *(f"sync/{name}" for name in ("__init__", *MODULES, *BESIDE))):
        copy = scratch / "server" / f"{name}.py"
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_SERVER / f"{name}.py", copy)
    modules = [f"server/sync/{name}.py" for name in MODULES]
    options = ["--config-file=", "--cache-dir=", "--ignore-missing-imports"]
    build = ["--quiet", "build_ext", "--build-lib", str(made), "--build-temp", str(scratch / "o")]
    with contextlib.chdir(scratch):  # the modules are named by their paths from here
        setup(
            name="checker",
            ext_modules=mypycify([*options, *modules], target_dir="c", debug_level="0"),
            script_args=build,
        )


if __name__ == "__main__":
    print(compile_checker())
