"""Puts pushes on the list, in the transaction of the decision that they tell of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from server.access.principal import now_ms
from server.access.roles import HEADQUARTERS
from server.store import push

if TYPE_CHECKING:
    from server.store.transaction import Transaction

LARGEST = 3_000
"""Bytes of a body. A push service takes 4,096 with the encryption's own part."""


class Told(Protocol):
    """What of a published notice a push is made from."""

    @property
    def scope(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def params(self) -> dict[str, Any]: ...
    @property
    def document(self) -> str: ...


async def enqueue_pushes(tx: Transaction, notices: Iterable[Told]) -> None:
    """For each notice a job for every subscription of those who have its scope: ``hq``, ``dealer:<id>`` or
    ``technician:<account>``. A scope that many share (`catalog`) is told by the feed alone. The pipeline's outbox."""
    now = now_ms()
    for notice in notices:
        body = body_of(notice.code, notice.params, notice.document)
        what, _, who = notice.scope.partition(":")
        if notice.scope == "hq":
            await push.enqueue_for_headquarters(tx, sorted(HEADQUARTERS), body, now)
        elif what == "dealer":
            await push.enqueue_for_dealer(tx, who, body, now)
        elif what == "technician":
            await push.enqueue_for_account(tx, who, body, now)


def body_of(code: str, params: dict[str, Any], document: str) -> str:
    """What the service worker reads. It has the words in both languages; figures that do not fit stay away."""
    for told in (params, {}):
        text = msgspec.json.encode({"code": code, "params": told, "document": document}).decode()
        if len(text.encode()) <= LARGEST:
            break
    return text
