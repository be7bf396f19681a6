"""The demo's orders: written as tablets write them, pushed through the pipeline, and worked on at headquarters."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from server.access import devices
from server.access.principal import Principal
from server.store import accounts, ledger
from server.sync.pipeline import Pipeline
from server.sync.protocol import PushedDocument

from .catalogue import ITEMS, price_of
from .document_writer import DocumentWriter
from .network import DEALERS, TIERS, list_id

_ITEMS = {item.id: item for item in ITEMS}
_DEALERS = {dealer.id: dealer for dealer in DEALERS}
Line = tuple[str, int, str]
"""Product, quantity, unit."""


def name_of(word: str) -> str:
    """An id of 32 hex digits that is the same in every demo."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"daybook/demo/{word}").hex


class Tablet:
    """A person's device for as long as the demo is filled; it is switched off afterwards."""

    def __init__(self, pipeline: Pipeline, principal: Principal, short_code: str, currency: str) -> None:
        self._pipeline, self.principal, self._currency = pipeline, principal, currency
        self.short_code, self._made = short_code, 0

    @classmethod
    async def enrol(cls, pipeline: Pipeline, login: str, currency: str) -> Tablet:
        async with pipeline.database.transaction() as tx:
            row = await accounts.account_by_login(tx, login)
            assert row is not None, login
            code = await devices.issue_code(tx, row["account"], "")
        made = await devices.enrol_with_code(pipeline.database, code.code, "demo", "demo")
        principal = Principal(made.user, login, made.name, made.role, made.dealer, made.device, made.language)
        return cls(pipeline, principal, made.short_code, currency)

    async def leave(self) -> None:
        await devices.revoke(self._pipeline.database, self.principal.device or "", "")

    def content(
        self, lines: list[Line], days_ago: float, stage: str, note: str = "", raised: int = 0
    ) -> dict[str, Any]:
        """An order at the prices of the list in force; `raised`: minor units that the last price is off by."""
        dealer = _DEALERS[self.principal.dealer or ""]
        self._made += 1
        at = datetime.now(UTC) - timedelta(days=days_ago)
        entries = {
            f"l{place}": {
                "position": place,
                "product": product,
                "quantity": str(quantity),
                "unit": unit,
                "price": price_of(_ITEMS[product], TIERS[dealer.tier], unit, quantity)
                + (raised if place == len(lines) else 0),
            }
            for place, (product, quantity, unit) in enumerate(lines, 1)
        }
        return {
            "kind": "order", "schema": 1, "number": f"{self.short_code}-{self._made:04d}", "dealer": dealer.id,
            "currency": self._currency, "stage": stage, "created_at": _iso(at - timedelta(minutes=12)),
            "captured_at": None if stage == "draft" else _iso(at), "price_list": list_id(dealer.tier),
            "wanted_date": (at + timedelta(days=9)).date().isoformat(),
            "ship_to": {"name": dealer.contact, "address": dealer.address, "phone": dealer.phone},
            "note": note, "lines": entries,
        }  # fmt: skip

    async def push(self, document: str, chunks: list[bytes]) -> None:
        """Into the pipeline, as `/sync` does. RuntimeError if headquarters' own rules refuse what the demo wrote."""
        pushed = PushedDocument(document, "order", f"dealer:{self.principal.dealer}", chunks)
        done = await self._pipeline.push(self.principal, [pushed], self._pipeline.clock())
        if done.results[0].refused:
            raise RuntimeError(f"the demo's order was refused: {done.results[0].refused}")

    async def order(self, word: str, lines: list[Line], days_ago: float, stage: str = "submitted", **more: Any) -> str:
        """Writes and pushes an order, unless it is there. Answers its id."""
        document = name_of(word)
        if not await self._is_there(document):
            await self.push(document, [self._written(self.content(lines, days_ago, stage, **more))])
        return document

    async def disagreement(self, word: str, other: Tablet, lines: list[Line], days_ago: float) -> str:
        """An order whose first quantity two people changed at once, each without signal."""
        document = name_of(word)
        if not await self._is_there(document):
            first = self._written(self.content(lines, days_ago, "submitted"))
            await self.push(document, [first])
            here = self._written({"lines/l1/quantity": "12", "note": "老客户加急"}, first)
            there = other._written({"lines/l1/quantity": "18"}, first)
            await self.push(document, [here])
            await other.push(document, [there])
        return document

    async def _is_there(self, document: str) -> bool:
        async with self._pipeline.database.reading() as tx:
            return await accounts.record_body(tx, "decision", document) is not None

    def _written(self, values: dict[str, Any], *chunks: bytes) -> bytes:
        """One change, in a writing session of its own."""
        change = DocumentWriter(self.principal.device or "", chunks).write(values)
        if change is None:
            raise RuntimeError(f"nothing new in {values}")
        return change


class Headquarters:
    """The demo's people at headquarters, by the same commands as the screens give."""

    def __init__(self, pipeline: Pipeline, principal: Principal) -> None:
        self._pipeline, self._principal = pipeline, principal

    @staticmethod
    def key(word: str) -> str:
        """The idempotency key of that command; a shipment bears it as its id."""
        return name_of(f"command/{word}")

    async def does(self, kind: str, document: str | None, name: str, params: dict[str, Any], word: str) -> str:
        """One command, under a key that makes a second filling the same. Answers the document's id."""
        done = await self._pipeline.command(self._principal, kind, document, name, params, self.key(word))
        return done.document

    async def allocated(self, document: str) -> dict[str, str]:
        """Line -> what is reserved for it."""
        async with self._pipeline.database.reading() as tx:
            body = await ledger.decided(tx, document)
        figures = msgspec.json.decode(body or "{}").get("figures", {})
        lines = {name: line.get("allocated", "0") for name, line in figures.get("lines", {}).items()}
        return {name: quantity for name, quantity in lines.items() if quantity != "0"}


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
