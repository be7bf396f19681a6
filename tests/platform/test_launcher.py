"""The script at the root: what it does again and what it does not, and what it says when it cannot go on."""

from __future__ import annotations

import ast
import importlib.machinery
import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCK = "click==8 \\\n    --hash=sha256:aa\nsetuptools==80 \\\n    --hash=sha256:bb \\\n    --hash=sha256:cc\nwheel==1 \\\n    --hash=sha256:dd\n"


@pytest.fixture
def launcher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module whose root is a folder of the test's, and whose commands are only noted."""
    loader = importlib.machinery.SourceFileLoader("launcher", str(ROOT / "daybook"))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("launcher", loader))  # type: ignore[arg-type]
    loader.exec_module(module)
    module.SYSTEM = {}
    monkeypatch.delenv("DAYBOOK_PYTHON", raising=False)
    module.ROOT, module.VENV, module.PWA = tmp_path, tmp_path / ".venv", tmp_path / "pwa"
    module.BIN = module.VENV / "bin"
    module.PYTHON = module.BIN / "python"
    monkeypatch.setattr(module, "can_compile", lambda: False)
    for name in ("requirements.lock", "requirements-compile.lock", "requirements-test.lock", "pyproject.toml"):
        (tmp_path / name).write_text(LOCK if name.endswith(".lock") else name)
    (tmp_path / "server").mkdir()
    for name in ("precompress.py", "compile_checker.py"):
        (tmp_path / "server" / name).write_text("")
    module.ran = []

    def run(command: list[object], **_: object) -> None:
        words = [str(part) for part in command]
        module.ran.append(" ".join(words[1:]))
        if words[1:3] == ["-m", "venv"]:
            module.BIN.mkdir(parents=True)
            module.PYTHON.symlink_to(sys.executable)
            (module.BIN / "npm").write_text("#!/bin/sh\n")
            (module.BIN / "npm").chmod(0o755)
        if "ci" in words:
            (module.PWA / "node_modules").mkdir(exist_ok=True)
        if "build" in words:
            (module.PWA / "dist").mkdir(exist_ok=True)

    monkeypatch.setattr(module, "run", run)
    return module


def test_it_stands_on_the_standard_library_alone() -> None:
    tree = ast.parse((ROOT / "daybook").read_text())
    modules = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    modules |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {module.split(".")[0] for module in modules} <= sys.stdlib_module_names


def test_a_second_start_makes_nothing(launcher: ModuleType) -> None:
    launcher.environment(with_tests=False)
    assert [line.split()[1] for line in launcher.ran] == ["venv", "pip", "pip", "pip"]
    assert all("--require-hashes" in line for line in launcher.ran[1:3])
    assert "--no-deps" in launcher.ran[3]
    first = (launcher.VENV / "setuptools.lock").read_text()
    assert first == "setuptools==80 \\\n    --hash=sha256:bb \\\n    --hash=sha256:cc\n"
    launcher.ran.clear()
    launcher.environment(with_tests=False)
    assert launcher.ran == []


def test_the_system_s_own_python_comes_first(
    launcher: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launcher, "bundled_pip", lambda: tmp_path / "pip.whl")  # Debian's own has none
    system = tmp_path / "python3"
    system.symlink_to(sys.executable)
    launcher.SYSTEM = {str(system): sys.version_info[1], str(tmp_path / "missing"): 12}
    launcher.environment(with_tests=False)
    assert launcher.ran[0] == f"-m venv --without-pip {launcher.VENV}"
    assert launcher.ran[1] == f"{tmp_path}/pip.whl/pip install --quiet --no-index {tmp_path}/pip.whl"


@pytest.mark.parametrize("why", ["chosen", "no pip", "none fits", "it runs this"])
def test_else_the_python_that_runs_it(
    launcher: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    system = tmp_path / "python3"
    system.symlink_to(sys.executable)
    launcher.SYSTEM = {str(system): sys.version_info[1]}
    monkeypatch.setattr(launcher, "bundled_pip", lambda: tmp_path / "pip.whl")
    if why == "chosen":
        monkeypatch.setenv("DAYBOOK_PYTHON", sys.executable)
    elif why == "no pip":
        monkeypatch.setattr(launcher, "bundled_pip", lambda: None)
    elif why == "none fits":
        system.unlink()
    else:
        monkeypatch.setattr(launcher.os.path, "realpath", lambda path: str(system))
    launcher.environment(with_tests=False)
    assert launcher.ran[0] == f"-m venv {launcher.VENV}"
    assert [line.split()[1] for line in launcher.ran] == ["venv", "pip", "pip", "pip"]


def test_the_packages_of_the_tests_come_only_with_the_tests(launcher: ModuleType) -> None:
    launcher.environment(with_tests=False)
    assert not any("requirements-test.lock" in line for line in launcher.ran)
    launcher.ran.clear()
    launcher.environment(with_tests=True)
    assert [line for line in launcher.ran if "requirements-test.lock" in line]
    assert not [line for line in launcher.ran if "requirements.lock" in line]


def test_a_changed_lock_is_installed(launcher: ModuleType) -> None:
    launcher.environment(with_tests=False)
    launcher.ran.clear()
    (launcher.ROOT / "requirements.lock").write_text(LOCK + "zstandard==1 --hash=sha256:ee\n")
    launcher.environment(with_tests=False)
    assert len(launcher.ran) == 3


def test_an_interrupted_installation_is_done_again(launcher: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise subprocess.CalledProcessError(1, ["pip"])

    with monkeypatch.context() as patch:
        patch.setattr(launcher, "pip", interrupted)
        with pytest.raises(subprocess.CalledProcessError):
            launcher.environment(with_tests=False)
    launcher.ran.clear()
    launcher.environment(with_tests=False)
    assert [line.split()[1] for line in launcher.ran] == ["pip", "pip", "pip"]


def test_the_app_is_built_when_its_sources_changed(launcher: ModuleType) -> None:
    launcher.environment(with_tests=False)
    (launcher.PWA / "src").mkdir(parents=True)
    for name in ("package.json", "package-lock.json", "src/main.ts"):
        (launcher.PWA / name).write_text(name)
    launcher.ran.clear()
    launcher.app()
    assert [line.split()[0] for line in launcher.ran] == ["ci", "run", "-m"]
    launcher.ran.clear()
    launcher.app()
    assert launcher.ran == []
    (launcher.PWA / "src/main.ts").write_text("changed")
    launcher.app()
    assert [line.split()[0] for line in launcher.ran] == ["run", "-m"]
    launcher.ran.clear()
    (launcher.PWA / "node_modules/left.js").write_text("not a source")
    (launcher.PWA / "dist/left.js").write_text("not a source")
    launcher.app()
    assert launcher.ran == []


class Compiler:
    """What `subprocess.Popen` is told, in place of a process."""

    def __init__(self, launcher: ModuleType, status: int) -> None:
        self.started: list[str] = []
        self.killed = 0
        self.status = status
        self.launcher = launcher

    def __call__(self, command: list[str], **_: object) -> Compiler:
        self.started.append(" ".join(command[1:]))
        return self

    def wait(self) -> int:
        self.launcher.ran.append("waited for")
        return self.status

    def kill(self) -> None:
        self.killed += 1


@pytest.fixture
def compiler(launcher: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Compiler:
    """There is one, and all is installed."""
    compiler = Compiler(launcher, 0)
    monkeypatch.setattr(launcher, "can_compile", lambda: True)
    monkeypatch.setattr(launcher.subprocess, "Popen", compiler)
    launcher.environment(with_tests=False)
    launcher.ran.clear()
    return compiler


def test_what_compiles_comes_only_where_it_can(launcher: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    launcher.environment(with_tests=False)
    assert not [line for line in launcher.ran if "requirements-compile.lock" in line]
    with launcher.compiling():
        launcher.ran.clear()
    monkeypatch.setattr(launcher, "can_compile", lambda: True)
    launcher.environment(with_tests=False)
    assert [line for line in launcher.ran if "requirements-compile.lock" in line]
    launcher.ran.clear()
    monkeypatch.setattr(launcher, "can_compile", lambda: pytest.fail("asked again"))
    launcher.environment(with_tests=False)
    assert launcher.ran == []


def test_the_checker_is_compiled_beside_the_rest_and_once(launcher: ModuleType, compiler: Compiler) -> None:
    for _ in range(2):
        with launcher.compiling():
            launcher.ran.append("the app")
    assert compiler.started == ["-m server.compile_checker"]
    assert launcher.ran == ["the app", "waited for", "the app"]
    (launcher.ROOT / "server" / "compile_checker.py").write_text("changed")
    with launcher.compiling():
        pass
    assert len(compiler.started) == 2


def test_what_cannot_be_compiled_stops_nothing(
    launcher: ModuleType, compiler: Compiler, capsys: pytest.CaptureFixture[str]
) -> None:
    compiler.status = 1
    for _ in range(2):
        with launcher.compiling():
            pass
    said = [line for line in capsys.readouterr().out.splitlines() if "could not be compiled" in line]
    assert len(said) == 1
    assert str(launcher.VENV / "compiling.log") in said[0]
    assert len(compiler.started) == 1


def test_the_compiler_ends_with_a_failed_set_up(launcher: ModuleType, compiler: Compiler) -> None:
    with pytest.raises(OSError, match="no npm"), launcher.compiling():
        raise OSError("no npm")
    assert (compiler.killed, launcher.ran) == (1, [])
    with launcher.compiling():
        pass
    assert len(compiler.started) == 2


def test_a_failed_step_is_told_in_one_line(
    launcher: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def failing(command: list[object], **_: object) -> None:
        raise subprocess.CalledProcessError(7, [str(part) for part in command])

    monkeypatch.setattr(launcher, "run", failing)
    assert launcher.main(["setup"]) == 1
    said = capsys.readouterr().err.strip().splitlines()
    assert len(said) == 1
    assert "exit code 7" in said[0]


def test_another_python_is_told_what_is_needed(
    launcher: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(launcher, "SUPPORTED", ((2, 7),))
    monkeypatch.setattr(launcher.shutil, "which", lambda name: None)
    assert launcher.main([]) == 1
    said = capsys.readouterr().err
    assert "Python 3.11 or 3.12" in said
    assert len(said.strip().splitlines()) == 1


def test_a_stub_that_is_no_python_is_not_used(launcher: ModuleType, tmp_path: Path) -> None:
    stub = tmp_path / "python3.12"
    stub.write_text("#!/bin/sh\nexit 127\n")
    stub.chmod(0o755)
    assert not launcher.answers([str(stub)], 12)
    assert launcher.answers([sys.executable], sys.version_info[1])


def test_without_a_browser_and_without_apt_one_line_says_so(
    launcher: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DAYBOOK_CHROMIUM", raising=False)
    monkeypatch.setattr(launcher.shutil, "which", lambda name: None)
    monkeypatch.setattr(launcher.os.path, "exists", lambda path: False)
    launcher.browser()
    said = capsys.readouterr().out.strip().splitlines()
    assert len(said) == 1
    assert "DAYBOOK_CHROMIUM" in said[0]
