"""Dependencies that name who is asking, for handlers and routers: `dependencies={"principal": Provide(provide_device)}`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from server.problems import Problem

from .principal import Principal, authenticate_bearer, authenticate_session

COOKIE = "daybook_session"
HEADER = "X-Daybook"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

Connection = ASGIConnection[Any, Any, Any, Any]


def bearer_of(connection: Connection) -> str:
    """The token in the `Authorization` header, or ``""``."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def check_own_page(request: Request[Any, Any, Any]) -> None:
    """Problem 403 `not_from_daybook` for an unsafe method without the header that only our own pages can set: a form or an
    image of another site cannot, and a script of another site is stopped by the browser's preflight."""
    if request.method not in _SAFE and request.headers.get(HEADER) != "1":
        raise Problem(403, "not_from_daybook", f"Requests that change something carry the header {HEADER}: 1.")


async def provide_device(request: Request[Any, Any, Any]) -> Principal:
    """The device whose token the request bears. Problem 401."""
    return await authenticate_bearer(request.app.state.database, bearer_of(request))


def provide_hq(*roles: str) -> Callable[[Request[Any, Any, Any]], Awaitable[Principal]]:
    """The person at headquarters whose cookie the request brings; with roles, only those. Problem 401, 403 `role_may_not`."""

    async def provide(request: Request[Any, Any, Any]) -> Principal:
        principal = await _signed_in(request)
        check_own_page(request)
        if roles and principal.role not in roles:
            raise Problem(403, "role_may_not", "Your role may not do this.", roles=sorted(roles))
        return principal

    return provide


async def headquarters_only(connection: Connection, _: BaseRouteHandler) -> None:
    """A guard for whole routers: nothing below is reached without a session, also where a handler asks for no principal."""
    await _signed_in(connection)


async def _signed_in(connection: Connection) -> Principal:
    """Asked of the database once for each request."""
    known = connection.state.get("principal")
    if known is None:
        known = await authenticate_session(connection.app.state.database, connection.cookies.get(COOKIE))
        connection.state["principal"] = known
    return known


async def provide_either(request: Request[Any, Any, Any]) -> Principal:
    """A device by its token, else a browser by its cookie. Problem 401."""
    if "authorization" in request.headers:
        return await provide_device(request)
    return await provide_hq()(request)


async def authenticate_socket(connection: Connection) -> Principal:
    """The person whose browser opened a WebSocket, by cookie. Problem 401; 403 `not_from_daybook` from another site's page,
    because a WebSocket can carry no header of ours and browsers do not ask before they open one."""
    origin = connection.headers.get("origin")
    if origin and urlsplit(origin).netloc.lower() != connection.headers.get("host", "").lower():
        raise Problem(403, "not_from_daybook", "Another site's page may not listen here.")
    return await authenticate_session(connection.app.state.database, connection.cookies.get(COOKIE), used=False)
