"""Which addresses the server may be made to post to. A subscription's endpoint comes from a browser, so it could name a
machine inside: only known push services, over https, at public addresses, and never a redirect."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import msgspec
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from server.problems import Problem

KNOWN_SERVICES = (
    "fcm.googleapis.com",
    "android.googleapis.com",
    "updates.push.services.mozilla.com",
    "*.push.services.mozilla.com",
    "web.push.apple.com",
    "*.push.apple.com",
    "*.notify.windows.com",
)
LONGEST = 2048
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class _Allowed(msgspec.Struct, frozen=True):
    scheme: str
    host: str
    port: int


class Endpoints:
    """The allow-list: the known services and what the settings add, each ``host``, ``host:port``, ``*.domain``, or, for tests
    on one machine, ``http://127.0.0.1:9000``: plain http and a loopback address only if written out like that."""

    def __init__(self, more: Iterable[str] = ()) -> None:
        self._allowed = [_entry(text) for text in (*KNOWN_SERVICES, *more)]
        self._loopback = {entry.host for entry in self._allowed if entry.scheme == "http"}
        self.resolver = PublicResolver(self._loopback)

    def check_form(self, endpoint: str) -> str:
        """The endpoint's host. Problem 400 `push_endpoint_refused` if it is not on the list."""
        try:
            parts = urlsplit(endpoint)
            host, port = (parts.hostname or "").rstrip("."), parts.port
        except ValueError:
            raise _refused() from None
        plain = endpoint.isascii() and endpoint.isprintable() and " " not in endpoint and "\\" not in endpoint
        if not plain or len(endpoint) > LONGEST or parts.username is not None or parts.fragment or not host:
            raise _refused()
        port = port if port is not None else {"https": 443, "http": 80}.get(parts.scheme, 0)
        if not any(_matches(entry, parts.scheme, host, port) for entry in self._allowed):
            raise _refused()
        return host

    async def check(self, endpoint: str) -> None:
        """Its form and where its host leads today. Problem 400 `push_endpoint_refused`, 503 `push_service_unreachable`."""
        host = self.check_form(endpoint)
        if host in self._loopback:
            return
        try:
            await self.resolver.resolve(host)
        except PrivateAddress:
            raise _refused() from None
        except OSError:
            raise Problem(
                503, "push_service_unreachable", "The push service's name is not found just now.", {"Retry-After": "60"}
            ) from None


class PrivateAddress(OSError):
    """A name that leads inside."""


class PublicResolver(AbstractResolver):
    """Looks names up for the connection itself, so what was checked is what is connected to: a name that leads outside at the
    check and inside a moment later gets nowhere."""

    def __init__(self, loopback: Iterable[str] = ()) -> None:
        self._loopback = frozenset(loopback)
        self._names: ThreadedResolver | None = None

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        self._names = self._names or ThreadedResolver()
        found = await self.look_up(host, port, family)
        if host not in self._loopback and not all(is_public(result["host"]) for result in found):
            raise PrivateAddress(f"{host} leads to a private address")
        return found

    async def look_up(self, host: str, port: int, family: socket.AddressFamily) -> list[ResolveResult]:
        """The system's answer. Tests put their own here."""
        assert self._names is not None
        return await self._names.resolve(host, port, family)

    async def close(self) -> None:
        if self._names is not None:
            await self._names.close()


def is_public(address: str) -> bool:
    """Whether an address is somewhere on the open internet, also when it hides another one in it."""
    ip: Any = ipaddress.ip_address(address.partition("%")[0])
    inner = None
    if ip.version == 6:
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            inner = ipaddress.ip_address(int(ip) & 0xFFFF_FFFF)
    if inner is not None:
        return is_public(str(inner))
    return bool(ip.is_global and not ip.is_multicast and not ip.is_reserved)


def _entry(text: str) -> _Allowed:
    """ValueError for an entry that would allow more than its writer may think."""
    scheme, _, rest = text.strip().rstrip("/").rpartition("://")
    parts = urlsplit(f"{scheme or 'https'}://{rest}")
    host = parts.hostname or ""
    if parts.scheme not in ("https", "http") or not host or parts.path or parts.username is not None:
        raise ValueError(f"a push service is written as host, host:port or *.domain, not {text!r}")
    if "*" in host.removeprefix("*.") or (host.startswith("*.") and host.count(".") < 2):
        raise ValueError(f"a star stands for the first part of a name only: {text!r}")
    if parts.scheme == "http" and not _is_loopback(host):
        raise ValueError(f"plain http is for this machine only: {text!r}")
    if parts.scheme == "https" and (_is_loopback(host) or _is_address(host)):
        raise ValueError(f"a push service has a name: {text!r}")
    return _Allowed(parts.scheme, host, parts.port or (443 if parts.scheme == "https" else 80))


def _matches(entry: _Allowed, scheme: str, host: str, port: int) -> bool:
    if (scheme, port) != (entry.scheme, entry.port):
        return False
    return host.endswith(entry.host[1:]) if entry.host.startswith("*.") else host == entry.host


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


def _refused() -> Problem:
    return Problem(400, "push_endpoint_refused", "This is not the address of a push service that the server knows.")
