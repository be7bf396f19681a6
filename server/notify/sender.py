"""Works the push jobs off: claims them, posts them, and tries again as the push service asks."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import random
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import aiohttp
import msgspec
import structlog
from pywebpush import WebPushException, webpush_async

from server.access.principal import now_ms
from server.problems import Problem
from server.store import push

from .endpoints import Endpoints
from .keys import load_vapid, public_key

if TYPE_CHECKING:
    from server.settings import Settings
    from server.store.engine import Database

_log = structlog.get_logger("daybook.push")

AT_ONCE = 20
ANSWER_SECONDS = 20
LEASE = 90_000
"""Milliseconds that a claimed job is this process's own: longer than an answer may take."""
LOOK_SECONDS = 15.0
"""How often the list is looked at when nobody says that something was put there."""
MOST_TRIES = 10
FIRST_WAIT, LONGEST_WAIT = 5_000, 6 * 3_600_000
LIVES_SECONDS = 7 * 24 * 3600
"""How long a push service keeps a message for a device that is away; the feed has it anyway."""


class Answer(msgspec.Struct):
    """Of a push service; as much of it as anybody reads."""

    status: int
    reason: str
    headers: dict[str, str]
    body: str

    async def text(self) -> str:
        return self.body


class Outlet:
    """What `webpush_async` posts through: follows no redirect, waits no longer than its session does and reads no more than
    anybody needs."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def post(self, endpoint: str, *, data: bytes, headers: Mapping[str, str], **_: Any) -> Answer:
        async with self._session.post(endpoint, data=data, headers=headers, allow_redirects=False) as answer:
            body = (await answer.content.read(2_000)).decode(errors="replace")
            headers = {"Retry-After": answer.headers["Retry-After"]} if "Retry-After" in answer.headers else {}
            return Answer(answer.status, answer.reason or "", headers, body)


class PushSender:
    """One for each server process; together they send each job once, unless one dies between sending and noting it."""

    def __init__(self, database: Database, settings: Settings) -> None:
        """ValueError for a malformed key or entry of `push_services`."""
        self._database = database
        self._contact = settings.push_contact
        self._vapid = load_vapid(settings)
        self.public_key = public_key(self._vapid)
        self.endpoints = Endpoints(settings.push_services)
        self._awake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._session: aiohttp.ClientSession | None = None
        self._forget = lambda: None

    async def start(self) -> None:
        self._forget = self._database.listen(lambda _: self._awake.set())
        self._task = asyncio.create_task(self._run(), name="push sender")

    async def stop(self) -> None:
        """Jobs under way end or come back when their lease does."""
        self._forget()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _run(self) -> None:
        while True:
            wait = LOOK_SECONDS
            try:
                while await self.work_off():
                    pass
                async with self._database.reading() as tx:
                    due = await push.next_due(tx)
                if due is not None:
                    wait = min(LOOK_SECONDS, max(0.2, (due - now_ms()) / 1000))
            except Exception as error:
                _log.error("push sender", exc_info=error)
            try:
                await asyncio.wait_for(self._awake.wait(), wait)
                await asyncio.sleep(0.1)  # a busy hour moves many scopes a second; the list is looked at ten times
            except TimeoutError:
                pass
            self._awake.clear()

    async def work_off(self) -> int:
        """Sends what is due now, up to `AT_ONCE`; how many jobs that were."""
        now = now_ms()
        async with self._database.transaction() as tx:
            jobs = await push.claim(tx, now, now + LEASE, AT_ONCE)
        await asyncio.gather(*(self._send(job) for job in jobs))
        return len(jobs)

    async def _send(self, job: dict[str, Any]) -> None:
        if job["endpoint"] is None or now_ms() - job["created_at"] > LIVES_SECONDS * 1000:
            await self._finish(job)
            return
        try:
            self.endpoints.check_form(job["endpoint"])  # the list may have become shorter since
            await self._post(job)
            await self._finish(job)
        except Problem:
            await self._drop(job, "no longer allowed")
        except WebPushException as error:
            await self._answered(job, error.status_code or 0, error.retry_after)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            await self._later(job, type(error).__name__, None)
        except ValueError as error:  # keys that no message can be encrypted for
            await self._drop(job, str(error))

    async def _post(self, job: dict[str, Any]) -> None:
        await webpush_async(
            {"endpoint": job["endpoint"], "keys": {"p256dh": job["p256dh"], "auth": job["auth"]}},
            data=job["body"],
            vapid_private_key=self._vapid,
            vapid_claims={"sub": self._contact},  # it writes into this one, so each message has its own
            headers={"Topic": topic_of(job["body"]), "Urgency": "normal"},
            ttl=LIVES_SECONDS,
            timeout=ANSWER_SECONDS,
            aiohttp_session=Outlet(self._open_session()),  # type: ignore[arg-type]
        )

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(resolver=self.endpoints.resolver, limit=AT_ONCE, use_dns_cache=False)
            timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
            self._session = aiohttp.ClientSession(
                connector=connector, timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()
            )
        return self._session

    async def _answered(self, job: dict[str, Any], status: int, retry_after: str | None) -> None:
        if 200 <= status < 300:
            await self._finish(job)
        elif status in (404, 410):
            await self._drop(job, f"{status}")
        elif status == 429 or status >= 500 or status in (0, 408):
            await self._later(job, str(status), retry_after)
        else:  # 400, 401, 403, 413, a redirect: another try would be answered the same
            _log.warning("push refused", status=status, host=job["endpoint"].split("/")[2])
            await self._finish(job)

    async def _later(self, job: dict[str, Any], why: str, retry_after: str | None) -> None:
        if job["tries"] >= MOST_TRIES:
            _log.warning("push given up", why=why, tries=job["tries"])
            await self._finish(job)
            return
        wait = max(back_off(job["tries"]), retry_after_ms(retry_after))
        async with self._database.transaction() as tx:
            await push.postpone(tx, job["id"], now_ms() + wait)

    async def _drop(self, job: dict[str, Any], why: str) -> None:
        _log.info("push subscription dropped", why=why)
        async with self._database.transaction() as tx:
            await push.unsubscribe(tx, job["endpoint_hash"])
            await push.finish(tx, job["id"])

    async def _finish(self, job: dict[str, Any]) -> None:
        async with self._database.transaction() as tx:
            await push.finish(tx, job["id"])


def topic_of(body: str) -> str:
    """One topic for a document: a message still waiting for a device is replaced by a newer one about the same."""
    document = msgspec.json.decode(body).get("document") or body
    return base64.urlsafe_b64encode(hashlib.sha256(document.encode()).digest()[:24]).decode()


def back_off(tries: int) -> int:
    """Milliseconds: twice as long each time, scattered so that many do not come back at once."""
    return int(min(LONGEST_WAIT, FIRST_WAIT * 2 ** (tries - 1)) * random.uniform(0.8, 1.2))


def retry_after_ms(text: str | None) -> int:
    """Milliseconds that a `Retry-After` asks for, in seconds or as a date; 0 if it says nothing that can be read."""
    if not text:
        return 0
    if text.strip().isascii() and text.strip().isdigit():
        seconds = float(text.strip()[:9])
    else:
        try:
            moment = parsedate_to_datetime(text)
        except (ValueError, IndexError):
            return 0
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        seconds = (moment - datetime.now(UTC)).total_seconds()
    return int(max(0.0, min(seconds * 1000, 24 * 3_600_000)))
