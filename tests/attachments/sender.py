"""A device that sends attachments, written from docs/attachments.md alone."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import httpx

TUS = {"Tus-Resumable": "1.0.0"}
PART = {**TUS, "Content-Type": "application/offset+octet-stream"}


def b64(text: str | bytes) -> str:
    return base64.b64encode(text.encode() if isinstance(text, str) else text).decode()


def digest_of(octets: bytes) -> str:
    return hashlib.sha256(octets).hexdigest()


class Sender:
    def __init__(self, client: httpx.AsyncClient, token: str, scope: str) -> None:
        self.client, self.token, self.scope = client, token, scope

    async def ask(self, method: str, path: str, headers: dict[str, str], **rest: Any) -> httpx.Response:
        signed = {"Authorization": f"Bearer {self.token}", **headers}
        return await self.client.request(
            method, path, headers={name: value.encode("latin-1") for name, value in signed.items()}, **rest
        )

    async def begin(
        self,
        octets: bytes,
        scope: str = "",
        digest: str = "",
        size: int | None = None,
        part: bytes | None = None,
        **more: str,
    ) -> httpx.Response:
        told = {"hash": digest or digest_of(octets), "scope": scope or self.scope, **more}
        headers = {
            **(TUS if part is None else PART),
            "Upload-Length": str(len(octets) if size is None else size),
            "Upload-Metadata": ",".join(f"{name} {b64(value)}" for name, value in told.items()),
        }
        return await self.ask("POST", "/attachments", headers, **({} if part is None else {"content": part}))

    async def part(self, place: str, offset: int, octets: Any, **headers: str) -> httpx.Response:
        return await self.ask("PATCH", place, {**PART, "Upload-Offset": str(offset), **headers}, content=octets)

    async def offset(self, place: str) -> int:
        answer = await self.ask("HEAD", place, TUS)
        assert answer.status_code == 200, answer.status_code
        assert answer.headers["cache-control"] == "no-store"
        return int(answer.headers["upload-offset"])

    async def send(self, octets: bytes, step: int = 256 * 1024, **more: str) -> httpx.Response:
        """All of it, from wherever it is; the last answer."""
        answer = await self.begin(octets, **more)
        if answer.status_code != 201:
            return answer
        place, at = answer.headers["location"], int(answer.headers["upload-offset"])
        while answer.status_code < 300 and "x-daybook-stored" not in answer.headers:
            answer = await self.part(place, at, octets[at : at + step])
            at = int(answer.headers.get("upload-offset", at))
        return answer

    async def get(self, digest: str, query: str = "", **headers: str) -> httpx.Response:
        return await self.ask("GET", f"/attachments/{digest}{query}", headers)
