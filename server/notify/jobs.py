"""Puts pushes on the list, in the transaction of the decision that they tell of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import msgspec

from server.access.principal import now_ms
from server.access.roles import HEADQUARTERS
from server.store import push

if TYPE_CHECKING:
    from server.store.transaction import Transaction

LARGEST = 3_000
"""Bytes of a body. A push service takes 4,096 with the encryption's own part."""


async def enqueue_pushes(tx: Transaction, notices: Iterable[tuple[str, str, dict[str, Any], str | None]]) -> None:
    """For each ``(audience, code, params, document)`` a job for every subscription of that audience: ``"hq"``,
    ``"dealer:<id>"`` or ``"technician:<account>"``. A scope that many share (`catalog`) is told by the feed alone."""
    now = now_ms()
    for audience, code, params, document in notices:
        body = body_of(code, params, document)
        what, _, who = audience.partition(":")
        if audience == "hq":
            await push.enqueue_for_headquarters(tx, sorted(HEADQUARTERS), body, now)
        elif what == "dealer":
            await push.enqueue_for_dealer(tx, who, body, now)
        elif what == "technician":
            await push.enqueue_for_account(tx, who, body, now)


def body_of(code: str, params: dict[str, Any], document: str | None) -> str:
    """What the service worker reads. It has the words in both languages; figures that do not fit stay away."""
    for told in (params, {}):
        text = msgspec.json.encode({"code": code, "params": told, "document": document}).decode()
        if len(text.encode()) <= LARGEST:
            break
    return text
