"""What every test stands on: the server's fixtures, the data beside the project, and no way out to the network."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

pytest_plugins = ["tests.server_fixtures", "tests.figures"]

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("DAYBOOK_SHARED") or ROOT.parent / "shared")
_connect, _getaddrinfo = socket.socket.connect, socket.getaddrinfo


BROWSER = "tests/e2e/"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first: those of the browser."""
    items.sort(key=lambda item: not item.nodeid.startswith(BROWSER))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """For several processes: the browser's tests to one of them, for two browsers at once keep each other waiting; of the others a
    file goes whole to one. Not by xdist's groups: pytest 9.2 does not say them in the names of tests."""
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return BROWSER if nodeid.startswith(BROWSER) else nodeid.partition("::")[0]

    return ByFile(config, log)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of data that lies beside the project. Without it a test steps aside, but under CI it fails."""
    if not (SHARED / "data").is_dir():
        reason = f"needs the data beside the project ({SHARED.name}/data)"
        if os.environ.get("CI", "").lower() in ("1", "true"):
            pytest.fail(reason)
        pytest.skip(reason)
    return SHARED


def is_here(host: Any) -> bool:
    """Whether an address is this machine itself."""
    if isinstance(host, bytes):
        host = host.decode()
    if host in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


def _connect_here(self: socket.socket, address: Any) -> Any:
    if self.family in (socket.AF_INET, socket.AF_INET6) and not is_here(address[0]):
        raise OSError(f"a test may not connect to {address[0]}")
    return _connect(self, address)


def _look_up_here(host: Any, *rest: Any, **named: Any) -> Any:
    if not is_here(host):
        try:
            ipaddress.ip_address(host)
        except ValueError:
            raise socket.gaierror(socket.EAI_NONAME, f"a test may not look up {host}") from None
    return _getaddrinfo(host, *rest, **named)


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Sockets of this process reach loopback only."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", _connect_here)
        patch.setattr(socket, "getaddrinfo", _look_up_here)
        yield


@pytest.fixture(scope="session", autouse=True)
def _facts_stay_as_they_are() -> Iterator[None]:
    """No rule of any kind altered the body of a record in any test: one body serves all documents that ask for it."""
    from server.sync import known

    read, given = known._body, {}

    def watched(text: str) -> dict[str, Any]:
        given[text] = read(text)
        return given[text]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(known, "_body", watched)
        yield
    altered = [text for text, body in given.items() if body != msgspec.json.decode(text)]
    assert not altered, altered[:3]


@pytest.fixture(scope="session", autouse=True)
def _plain_environment() -> Iterator[None]:
    """No DAYBOOK_* variable of the person who runs the tests changes what they see, and no proxy is asked."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            kept = name in ("DAYBOOK_CHROMIUM", "DAYBOOK_LONG", "DAYBOOK_SHARED")
            if (name.startswith("DAYBOOK_") and not kept) or name.lower() in ("http_proxy", "https_proxy", "all_proxy"):
                patch.delenv(name)
        yield
