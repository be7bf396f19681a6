"""HTTP of access: sessions of browsers, devices, people."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Controller, Request, Response, Router, delete, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from server.problems import Problem

from . import devices, people, sessions
from .body import read_body, takes
from .guards import COOKIE, check_own_page, provide_device, provide_hq
from .people import NewPerson
from .principal import SESSION_LONGEST, Principal
from .roles import ADMINISTRATOR, ENROLLERS

Asked = Request[Any, Any, Any]
Asking = NamedDependency[Principal]
NEVER_KEPT = {"Cache-Control": "no-store"}


class SignIn(msgspec.Struct, frozen=True):
    login: str
    password: str


class NewDevice(msgspec.Struct, frozen=True):
    """Either `code`, or `user` (the login) with `password`."""

    code: str = ""
    user: str = ""
    password: str = ""
    name: str = ""


class ForAccount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    account: str


class NewPassword(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    password: str


class OwnPassword(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    earlier: str
    password: str


class SignedIn(msgspec.Struct, frozen=True):
    account: str
    name: str
    role: str
    language: str


class EnrolmentCode(msgspec.Struct, frozen=True):
    code: str
    link: str
    """Opens the app on the tablet. The code stands after `#`, so it is in no server's log."""
    expires_at: int


class Created(msgspec.Struct, frozen=True):
    account: str


class SessionController(Controller):
    """The browser of somebody at headquarters."""

    path = "/access/session"
    tags = ("access",)

    @post(status_code=200, operation_class=takes(SignIn))
    async def sign_in(self, request: Asked) -> Response[SignedIn]:
        """Body: login, password. Sets the cookie."""
        check_own_page(request)
        body = await read_body(request, SignIn)
        token, row = await sessions.open_session(
            request.app.state.database, body.login, body.password, address_of(request), request.cookies.get(COOKIE)
        )
        told = SignedIn(row["account"], row["name"], row["role"], row["language"])
        return Response(told, cookies=[_cookie(request, token)], headers=NEVER_KEPT)

    @get(dependencies={"principal": Provide(provide_hq())})
    async def who(self, principal: Asking) -> Response[SignedIn]:
        told = SignedIn(principal.account, principal.name, principal.role, principal.language)
        return Response(told, headers=NEVER_KEPT)

    @delete(status_code=204)
    async def sign_out(self, request: Asked) -> Response[None]:
        check_own_page(request)
        token = request.cookies.get(COOKIE)
        if token:
            await sessions.close_session(request.app.state.database, token)
        return Response(None, status_code=204, cookies=[_cookie(request, "", lasts=0)])

    @post(
        "/password",
        status_code=204,
        operation_class=takes(OwnPassword),
        dependencies={"principal": Provide(provide_hq())},
    )
    async def own_password(self, request: Asked, principal: Asking) -> None:
        """Body: earlier, password. Every session of this person ends, this one too."""
        body = await read_body(request, OwnPassword)
        await people.change_own_password(request.app.state.database, principal, body.earlier, body.password)


class DeviceController(Controller):
    path = "/access"
    tags = ("access",)

    @post("/devices", status_code=201, operation_class=takes(NewDevice))
    async def enrol(self, request: Asked) -> Response[devices.Enrolled]:
        """Body: code, or user and password; name. The token is told this once."""
        body = await read_body(request, NewDevice)
        database, address = request.app.state.database, address_of(request)
        if bool(body.code) == bool(body.user):
            raise Problem(400, "malformed", "Give either a code, or user and password.")
        if body.code:
            enrolled = await devices.enrol_with_code(database, body.code, body.name, address)
        else:
            enrolled = await devices.enrol_with_password(database, body.user, body.password, body.name, address)
        return Response(enrolled, headers=NEVER_KEPT)

    @delete("/device", status_code=204, dependencies={"principal": Provide(provide_device)})
    async def give_back(self, request: Asked, principal: Asking) -> None:
        """The device that asks signs out: its token is worth nothing from now on."""
        await devices.sign_out(request.app.state.database, principal)

    @post("/devices/{device:str}/revoke", status_code=204, dependencies={"principal": Provide(provide_hq(*ENROLLERS))})
    async def revoke(self, request: Asked, principal: Asking, device: FromPath[str]) -> None:
        await devices.revoke(request.app.state.database, device, principal.account)

    @post(
        "/enrolments",
        status_code=201,
        operation_class=takes(ForAccount),
        dependencies={"principal": Provide(provide_hq(*ENROLLERS))},
    )
    async def issue(self, request: Asked, principal: Asking) -> Response[EnrolmentCode]:
        """Body: account."""
        body = await read_body(request, ForAccount)
        database = request.app.state.database
        async with database.transaction() as tx:
            issued = await devices.issue_code(tx, body.account, principal.account)
        told = EnrolmentCode(issued.code, enrolment_link(_base(request), issued.code), issued.expires_at)
        return Response(told, headers=NEVER_KEPT)


class PeopleController(Controller):
    path = "/access/people"
    tags = ("access",)
    dependencies = {"principal": Provide(provide_hq(ADMINISTRATOR))}  # noqa: RUF012

    @post(status_code=201, operation_class=takes(NewPerson))
    async def create(self, request: Asked, principal: Asking) -> Created:
        """Body: login, name, role, dealer, password, language."""
        person = await read_body(request, NewPerson)
        return Created(await people.create_person(request.app.state.database, person, principal.account))

    @post("/{account:str}/password", status_code=204, operation_class=takes(NewPassword))
    async def password(self, request: Asked, principal: Asking, account: FromPath[str]) -> None:
        body = await read_body(request, NewPassword)
        await people.set_password(request.app.state.database, account, body.password, principal.account)

    @post("/{account:str}/off", status_code=204)
    async def off(self, request: Asked, principal: Asking, account: FromPath[str]) -> None:
        await people.switch_off(request.app.state.database, account, principal.account)

    @post("/{account:str}/on", status_code=204)
    async def on(self, request: Asked, principal: Asking, account: FromPath[str]) -> None:
        await people.switch_on(request.app.state.database, account, principal.account)


def enrolment_link(base: str, code: str) -> str:
    """What a tablet opens to enrol. `base` is the server's address as the tablet sees it."""
    return f"{base.rstrip('/')}/enrol#{code}"


def address_of(request: Asked) -> str:
    """The network address that asks; behind a trusted proxy the server in front has put the client's own there."""
    return request.client.host if request.client else ""


def _base(request: Asked) -> str:
    return request.app.state.settings.public_url or str(request.base_url)


def _cookie(request: Asked, token: str, lasts: int = SESSION_LONGEST // 1000) -> Cookie:
    secure = request.url.scheme == "https" or request.app.state.settings.public_url.startswith("https:")
    return Cookie(key=COOKIE, value=token, max_age=lasts, path="/", httponly=True, samesite="strict", secure=secure)


router = Router(path="/", route_handlers=[SessionController, DeviceController, PeopleController])
