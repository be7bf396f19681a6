"""HTTP of attachments: tus to send them (docs/attachments.md), and the router of all of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import msgspec
from litestar import Controller, Response, Router, delete, head, patch, post, route
from litestar.di import NamedDependency, Provide
from litestar.exceptions import HTTPException, InternalServerException
from litestar.params import FromPath

from server.access.guards import provide_device
from server.access.principal import Principal
from server.problems import Problem

from . import tus
from .describing import BeginsUpload, SendsPart, SpeaksTus
from .serving import AttachmentController
from .upload import SILENCE, Progress, Uploads

Asked = tus.Asked
Asking = NamedDependency[Principal]
BY_DEVICE = {"principal": Provide(provide_device)}


class Stored(msgspec.Struct, frozen=True):
    """There is nothing to send: the scope has it."""

    hash: str
    stored: bool
    size: int


class UploadController(Controller):
    path = "/attachments"
    tags = ("attachments",)

    @route(["/", "/uploads/{upload:str}"], http_method=["OPTIONS"], status_code=204, include_in_schema=False)
    async def abilities(self) -> Response[None]:
        return Response(None, status_code=204, headers=tus.abilities())

    @post("/", status_code=201, operation_class=BeginsUpload, dependencies=BY_DEVICE, summary="Begin an upload")
    async def begin(self, request: Asked, principal: Asking) -> Response[Any]:
        """201 with `Location`; or 200 with `X-Daybook-Stored` when the scope has this attachment already. A body is the first
        part (creation-with-upload)."""
        size, described, checksum = tus.length_of(request), tus.described(request), tus.checksum_of(request)
        with_part = "content-type" in request.headers
        if with_part:
            tus.check_stream(request)
            _check_length(request, size)
        uploads = _uploads(request)
        begun = await uploads.begin(principal, described, size)
        if begun.stored:
            headers = tus.progress(size, size, 0, begun.hash, f"/attachments/{begun.hash}")
            return Response(Stored(begun.hash, True, begun.size), status_code=200, headers=headers)
        location = f"/attachments/uploads/{begun.id}"
        if with_part and begun.received == 0:
            # Of an upload that was begun earlier the first part may be here: then the answer says what comes next.
            begun = await uploads.append(principal, begun.id, 0, _parts(request), checksum)
        return Response(None, status_code=201, headers=_told(begun, location))

    @head("/uploads/{upload:str}", operation_class=SpeaksTus, dependencies=BY_DEVICE, summary="How far an upload is")
    async def look(self, request: Asked, principal: Asking, upload: FromPath[str]) -> Response[None]:
        return Response(None, headers=_told(await _uploads(request).look(principal, upload)))

    @patch(
        "/uploads/{upload:str}",
        status_code=204,
        operation_class=SendsPart,
        dependencies=BY_DEVICE,
        summary="Send a part",
    )
    async def append(self, request: Asked, principal: Asking, upload: FromPath[str]) -> Response[None]:
        """204 with the new `Upload-Offset`; with `X-Daybook-Stored` when the last byte came and all is stored."""
        return await _append(request, principal, upload)

    @delete("/uploads/{upload:str}", operation_class=SpeaksTus, dependencies=BY_DEVICE, summary="End an upload")
    async def terminate(self, request: Asked, principal: Asking, upload: FromPath[str]) -> Response[None]:
        return await _terminate(request, principal, upload)

    @post("/uploads/{upload:str}", status_code=204, dependencies=BY_DEVICE, include_in_schema=False)
    async def overridden(self, request: Asked, principal: Asking, upload: FromPath[str]) -> Response[None]:
        """For clients whose network knows no PATCH and DELETE: `X-HTTP-Method-Override`."""
        method = request.headers.get("x-http-method-override", "").upper()
        if method == "PATCH":
            return await _append(request, principal, upload)
        if method == "DELETE":
            return await _terminate(request, principal, upload)
        raise Problem(405, "method_not_allowed", "Here X-HTTP-Method-Override is PATCH or DELETE.", {"Allow": "PATCH"})


async def _append(request: Asked, principal: Principal, upload: str) -> Response[None]:
    tus.check_stream(request)
    offset, checksum = tus.number_of(request, "upload-offset"), tus.checksum_of(request)
    told = await _uploads(request).append(principal, upload, offset, _parts(request), checksum)
    return Response(None, status_code=204, headers=_told(told))


async def _terminate(request: Asked, principal: Principal, upload: str) -> Response[None]:
    await _uploads(request).terminate(principal, upload)
    return Response(None, status_code=204, headers={"Tus-Resumable": tus.VERSION})


async def _parts(request: Asked) -> AsyncIterator[bytes]:
    """The body as it comes. It ends early, and without an error, when the connection breaks or falls silent: what came is
    worth keeping. Problem 413 `too_large` for more than one request may bring."""
    stream = request.stream()
    while True:
        try:
            async with asyncio.timeout(SILENCE):
                octets = await anext(stream)
        except (StopAsyncIteration, TimeoutError, InternalServerException):
            return
        except HTTPException:
            raise Problem(413, "too_large", "A part has at most 8 MiB.") from None
        if octets:
            yield octets


def _check_length(request: Asked, size: int) -> None:
    length = request.headers.get("content-length", "")
    if length.isdecimal() and len(length) < 16 and int(length) > size:
        raise Problem(413, "upload_too_long", "More than Upload-Length said.")


def _told(progress: Progress, location: str = "") -> dict[str, str]:
    stored = progress.hash if progress.stored else ""
    return tus.progress(progress.size, progress.received, progress.expires_at, stored, location)


def _uploads(request: Asked) -> Uploads:
    return request.app.state.uploads


_speaking_tus = Router(
    path="/",
    route_handlers=[UploadController],
    before_request=tus.check_version,
    exception_handlers={Problem: tus.answer_in_tus},
)
router = Router(path="/", route_handlers=[_speaking_tus, AttachmentController])
