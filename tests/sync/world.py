"""A small dealer network on a real pipeline, and tablets that write real changes: what the tests of the sync stand on."""

from __future__ import annotations

import secrets
import time
import uuid
from typing import Any

from server.access.codes import digest, new_token
from server.access.principal import Principal
from server.demo.document_writer import DocumentWriter
from server.store import accounts
from server.store.engine import Database
from server.store.transaction import Row
from server.sync.masters import RecordPut
from server.sync.pipeline import Pipeline, Pushed
from server.sync.protocol import Feed, PushedDocument, SyncAnswer, SyncRequest
from server.sync.routes import answer_sync
from server.sync.wire import MESSAGEPACK

DEALERS = {"alfki": 1_000_000_00, "berga": 1_000_000_00}
PRODUCTS = [f"p{number}" for number in range(1, 9)]
PRICE = 1_000
SALES = Principal("hq-1", "hq", "HQ", "administrator")


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def masters() -> list[RecordPut]:
    """Two dealers of one tier, eight products, their prices."""
    puts = [
        RecordPut(
            f"dealer:{dealer}",
            "dealer",
            dealer,
            {
                "id": dealer, "name": dealer.title(), "tier": "retail", "price_list": "retail@1", "grade": "B",
                "credit_limit": limit, "currency": "CNY", "terms": "monthly", "active": True,
            },
        )
        for dealer, limit in DEALERS.items()
    ]  # fmt: skip
    header = {
        "id": "retail", "version": 1, "currency": "CNY", "tier": "retail", "valid_from": "2020-01-01", "valid_to": None,
        "max_discount_bp": 500, "name": "Retail",
    }  # fmt: skip
    puts.append(RecordPut("tier:retail", "price_list", "retail@1", header))
    for product in PRODUCTS:
        body = {
            "id": product, "name": {"zh": product, "en": product}, "base_unit": "pcs", "units": [], "tax_bp": 1300,
            "step": "1", "pack": None, "withdrawn": False,
        }  # fmt: skip
        puts.append(RecordPut("catalog", "product", product, body))
        price = {"product": product, "list": "retail", "version": 1, "units": {"pcs": {"price": PRICE}}}
        puts.append(RecordPut("tier:retail", "price", f"retail@1/{product}", price))
    return puts


def order(dealer: str = "alfki", stage: str = "submitted", **lines: str | int) -> dict[str, Any]:
    """The content of an order; lines as ``p1=3``."""
    return {
        "kind": "order", "schema": 1, "number": f"T-{secrets.token_hex(4)}", "dealer": dealer, "currency": "CNY",
        "stage": stage, "created_at": "2026-03-02T07:50:00Z", "captured_at": "2026-03-02T08:00:00Z",
        "price_list": "retail@1", "note": "",
        "lines": {
            f"l{number}": {
                "position": number, "product": product, "quantity": str(quantity), "unit": "pcs", "price": PRICE,
            }
            for number, (product, quantity) in enumerate(lines.items(), 1)
        },
    }  # fmt: skip


class Device:
    """A tablet: writes documents, pushes straight into the pipeline, pulls, and holds what came."""

    def __init__(self, pipeline: Pipeline, principal: Principal, token: str) -> None:
        self.pipeline = pipeline
        self.principal = principal
        self.token = token
        self.epoch: str | None = None
        self.cursors: dict[str, str] = {}
        self.chunks: dict[str, list[bytes]] = {}
        self.kinds: dict[str, str] = {}
        """Of what was written here; everything else is an order."""
        self.rows: dict[str, Any] = {}
        self.verdicts: dict[str, str] = {}
        self.records: dict[tuple[str, str], Any] = {}
        self.bytes_received = 0

    @property
    def scope(self) -> str:
        return f"dealer:{self.principal.dealer}"

    def write(self, content: dict[str, Any], document: str | None = None) -> PushedDocument:
        """A new document in one change."""
        name = document or uuid.uuid4().hex
        chunk = DocumentWriter(self.principal.device or "").write(content)
        self.chunks[name] = [chunk]
        self.kinds[name] = content["kind"]
        return PushedDocument(name, content["kind"], self.scope, [chunk])

    def edit(self, document: str, **values: Any) -> PushedDocument:
        """One change on what is here; paths with ``__`` for ``/``."""
        paths = {path.replace("__", "/"): value for path, value in values.items()}
        chunk = DocumentWriter(self.principal.device or "", self.chunks[document]).write(paths)
        self.chunks[document].append(chunk)
        return PushedDocument(document, self.kinds.get(document, "order"), self.scope, [chunk])

    async def push(self, *documents: PushedDocument) -> Pushed:
        return await self.pipeline.push(self.principal, documents, now_ms())

    async def ask(self, *documents: PushedDocument, **fields: Any) -> SyncAnswer:
        """One request, as the route would answer it."""
        asked = SyncRequest(
            protocol=1,
            epoch=self.epoch,
            sent_at=now_ms(),
            cursors=dict(self.cursors),
            documents=list(documents),
            **fields,
        )
        return await answer_sync(self.pipeline, self.principal, asked, MESSAGEPACK)

    async def sync(self, *documents: PushedDocument, **fields: Any) -> list[SyncAnswer]:
        """Push, then pull until nothing is left."""
        answers = [await self.ask(*documents, **fields)]
        self.take(answers[-1])
        while answers[-1].reset or any(feed.more for feed in answers[-1].feeds):
            answers.append(await self.ask(**fields))
            self.take(answers[-1])
        return answers

    def take(self, answer: SyncAnswer) -> None:
        self.epoch = answer.epoch
        if answer.reset:
            self.cursors = {}
            return
        for feed in answer.feeds:
            self.take_feed(feed)

    def take_feed(self, feed: Feed) -> None:
        for entry in feed.documents:
            chunks = self.chunks.setdefault(entry.id, [])
            if entry.saved is not None:
                chunks.insert(0, entry.saved)
                self.bytes_received += len(entry.saved)
            chunks += entry.changes
            self.bytes_received += sum(map(len, entry.changes))
            self.rows[entry.id] = entry.row
            self.verdicts[entry.id] = entry.verdict
        for record in feed.records:
            self.records[record.kind, record.key] = record.body
        self.cursors[feed.scope] = feed.cursor

    def heads(self, document: str) -> list[str]:
        return DocumentWriter(self.principal.device or "", self.chunks[document]).heads


class World:
    def __init__(self, database: Database, pipeline: Pipeline) -> None:
        self.database = database
        self.pipeline = pipeline

    async def begin(self) -> World:
        await self.pipeline.put_records("test", masters())
        await self.stock(1_000)
        return self

    async def stock(self, pieces: int, *products: str) -> None:
        """So many pieces of each product come into the warehouse."""
        lines = dict.fromkeys(products or PRODUCTS, str(pieces))
        await self.pipeline.command(
            SALES, "stock_receipt", None, "record", {"warehouse": "main", "lines": lines}, secrets.token_hex(8)
        )

    async def device(self, dealer: str = "alfki", role: str = "owner") -> Device:
        """A fresh tablet of a fresh person."""
        account, device, token = secrets.token_hex(8), secrets.token_hex(8), new_token()
        person = {
            "id": account, "login": account, "name": "Person", "role": role, "dealer": dealer, "password": "",
            "language": "en", "created_at": 1,
        }  # fmt: skip
        row = {
            "id": device, "account": account, "name": "tablet", "short_code": secrets.token_hex(4),
            "token_hash": digest(token), "created_at": 1,
        }  # fmt: skip
        async with self.database.transaction() as tx:
            await accounts.add_account(tx, person)
            await accounts.add_device(tx, row)
        return Device(self.pipeline, Principal(account, account, "Person", role, dealer, device), token)

    async def command(self, document: str | None, name: str, key: str | None = None, **params: Any) -> Any:
        return await self.act("order", document, name, params, key)

    async def act(
        self, kind: str, document: str | None, name: str, params: dict[str, Any], key: str | None = None
    ) -> Any:
        """Headquarters does something to a document of any kind."""
        return await self.pipeline.command(SALES, kind, document, name, params, key or secrets.token_hex(8))

    async def rows(self, sql: str, *args: Any) -> list[Row]:
        async with self.database.reading() as tx:
            return await tx.rows(sql, *args)

    async def balance(self, ledger: str, account: str, item: str) -> int:
        rows = await self.rows(
            "SELECT amount FROM balance WHERE ledger = ? AND account = ? AND item = ?", ledger, account, item
        )
        return rows[0]["amount"] if rows else 0

    async def check_ledgers(self) -> None:
        """Every posting set sums to zero, and every balance is the sum of its postings."""
        unbalanced = await self.rows(
            "SELECT document, posting_set, ledger, item FROM posting GROUP BY document, posting_set, ledger, item"
            " HAVING SUM(amount) <> 0"
        )
        assert unbalanced == []
        sums = await self.rows(
            "SELECT ledger, account, item, CAST(SUM(amount) AS BIGINT) AS amount FROM posting"
            " GROUP BY ledger, account, item HAVING SUM(amount) <> 0 ORDER BY ledger, account, item"
        )
        kept = await self.rows(
            "SELECT ledger, account, item, amount FROM balance WHERE amount <> 0 ORDER BY ledger, account, item"
        )

        def key(row):
            return row["ledger"], row["account"], row["item"]

        assert sorted(sums, key=key) == sorted(kept, key=key)
