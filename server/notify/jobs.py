"""Puts pushes on the list, in the transaction of the decision that they tell of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from server.access.principal import now_ms
from server.access.roles import HEADQUARTERS
from server.store import push, records

if TYPE_CHECKING:
    from server.store.transaction import Transaction

LARGEST = 3_000
"""Bytes of a body. A push service takes 4,096 with the encryption's own part."""


_BEARER = {"dealer": "dealer", "van": "technician"}
"""Whose name tells one place of a sort from another."""
Names = dict[records.Name, Any]
"""Record -> its name as it stands: a word, or a word for each language."""
MOST_AT_ONCE = 5
"""Pushes to one audience from one transaction. A push is a knock on the door: all of the notices are in the feed."""


class Told(NamedTuple):
    """A notice to be pushed. `document` and `kind` are empty where it is about no document."""

    audience: str
    """The scope of the notice."""
    code: str
    params: dict[str, Any]
    document: str = ""
    kind: str = ""


async def enqueue_pushes(tx: Transaction, notices: Iterable[Told]) -> None:
    """For each notice a job for every subscription of its audience: ``"hq"``, ``"dealer:<id>"``, ``"technician:<account>"``, or
    ``"service:<dealer>"``, the dealer's people and the technicians that serve it. A scope that many share (`catalog`) is told by
    the feed alone.

    One look-up an audience and one insert, however many notices; of many, an audience is pushed the newest.
    """
    by_audience: dict[str, list[Told]] = {}
    for notice in notices:
        by_audience.setdefault(notice.audience, []).append(notice)
    jobs: list[tuple[str, str]] = []
    for audience, told in by_audience.items():
        endpoints = await _endpoints(tx, audience)
        newest = told[-MOST_AT_ONCE:]
        names = await _names(tx, newest) if audience == "hq" else {}
        bodies = [body_of(each, names) for each in newest]
        jobs += [(endpoint, body) for endpoint in endpoints for body in bodies]
    await push.enqueue(tx, jobs, now_ms())


async def _endpoints(tx: Transaction, audience: str) -> list[str]:
    what, _, who = audience.partition(":")
    if audience == "hq":
        return await push.endpoints_of_headquarters(tx, sorted(HEADQUARTERS))
    if what == "dealer":
        return await push.endpoints_of_dealer(tx, who)
    if what == "technician":
        return await push.endpoints_of_account(tx, who)
    if what == "service":
        return await push.endpoints_of_service(tx, who)
    return []


def _named_by(told: Told) -> dict[str, records.Name]:
    """The records that bear the names of what a notice is about."""
    found: dict[str, records.Name] = {}
    if isinstance(product := told.params.get("product"), str):
        found["product"] = ("product", product)
    head, _, rest = str(told.params.get("location", "")).partition(":")
    if head in _BEARER:
        found["place"] = (_BEARER[head], rest.partition(":")[0])
    return found


async def _names(tx: Transaction, told: Iterable[Told]) -> Names:
    """A browser of headquarters keeps no records: it is told the names, a tablet knows them."""
    wanted = {name for each in told for name in _named_by(each).values()}
    rows = await records.newest(tx, wanted) if wanted else []
    return {(row["kind"], row["key"]): msgspec.json.decode(row["body"]).get("name") for row in rows if row["body"]}


def body_of(told: Told, names: Names | None = None) -> str:
    """What the service worker reads. It has the words in both languages; figures that do not fit stay away."""
    about = {"code": told.code, "document": told.document, "kind": told.kind, "hq": told.audience == "hq"}
    known = {what: (names or {}).get(name) for what, name in _named_by(told).items()}
    said = {what: name for what, name in known.items() if name}
    whole: dict[str, Any] = {**about, "params": told.params} | ({"names": said} if said else {})
    for body in (whole, {**about, "params": {}}):
        text = msgspec.json.encode(body).decode()
        if len(text.encode()) <= LARGEST:
            break
    return text
