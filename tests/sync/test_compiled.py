"""The checker as machine code: workers take it where it was made of these very sources, and answer the same with it."""

from __future__ import annotations

import ast
import random
import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest
import pytest_asyncio

from server.sync import compiled
from server.sync.admission import Gate, Task

from .authors import DEVICE, Authors
from .chunks import body_of, frame
from .test_mutations import mutated

pytestmark = [pytest.mark.rule("SY4"), pytest.mark.rule("SY5")]
WITH, WITHOUT = 256 * 1024 * 1024, 255 * 1024 * 1024
"""Limits of memory, by which the workers are known."""
SOURCES = Path(compiled.__file__).parent


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def gates() -> AsyncIterator[tuple[Gate, Gate]]:
    """One with machine code, one without."""
    both = Gate(1, 5.0, WITH, compiled=True), Gate(1, 5.0, WITHOUT, compiled=False)
    for gate in both:
        await gate.start()
        await gate.examine([Task("d", None, None, [], Authors(1).write(2), DEVICE, ("**",))])
    yield both
    for gate in both:
        await gate.stop()


def loaded_by(memory: int) -> set[Path]:
    """The files that the worker with this limit has loaded."""
    (worker,) = [child for child in psutil.Process().children() if str(memory) in child.cmdline()]
    return {Path(each.path) for each in worker.memory_maps()}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks the system what a process has loaded")
def test_a_worker_runs_it(machine_code: Path, gates: tuple[Gate, Gate]) -> None:
    assert {path.name.split(".")[0] for path in machine_code.glob("server/sync/*")} == set(compiled.MODULES)
    (shared,) = machine_code.glob("*__mypyc*")  # the code is here; the modules are doors to it
    assert shared in loaded_by(WITH)
    assert shared not in loaded_by(WITHOUT)


@pytest.mark.parametrize("seed", range(3))
async def test_both_answer_the_same(machine_code: Path, gates: tuple[Gate, Gate], seed: int) -> None:
    """Sound documents and damaged ones: verdicts, codes and details, what is kept and what is read."""
    pick = random.Random(100 + seed)
    documents = [Authors(number, 1 + number % 3).write((2, 8, 30)[number % 3]) for number in range(30)]
    tasks = [Task(f"d{number}", None, None, [], chunks, DEVICE, ("**",)) for number, chunks in enumerate(documents)]
    for number in range(600):
        chunks = list(pick.choice(documents))
        position = pick.randrange(len(chunks))
        chunks[position] = frame(mutated(pick, body_of(chunks[position])))
        writable = pick.choice([("**",), ("m/*", "k1"), ("t", "l/**")])
        tasks.append(Task(f"m{number}", None, None, [], chunks, DEVICE, writable))
    with_it, without = [await gate.examine(tasks) for gate in gates]
    assert with_it == without
    assert len({entry.code for verdict in without for entry in verdict.refused}) > 12


def test_an_edited_source_is_not_what_was_compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = compiled.folder()
    shutil.copytree(SOURCES, tmp_path / "sync")
    monkeypatch.setattr(compiled, "_HERE", tmp_path / "sync")
    assert compiled.folder() == before
    for name in (*compiled.MODULES, *compiled.BESIDE):
        source = tmp_path / "sync" / f"{name}.py"
        content = source.read_bytes()
        source.write_bytes(content + b"\n")
        assert compiled.folder() != before, name
        source.write_bytes(content)
    monkeypatch.setattr(compiled, "_COMPILER", tmp_path / "another.lock")
    assert compiled.folder() != before


def test_nothing_of_ours_is_imported_that_is_not_watched() -> None:
    for name in compiled.MODULES:
        for node in ast.walk(ast.parse((SOURCES / f"{name}.py").read_text())):
            if isinstance(node, ast.ImportFrom) and node.level:
                assert (node.level, node.module) in [(1, each) for each in (*compiled.MODULES, *compiled.BESIDE)], name
