"""Writes what was read: master data as records, stock as a receipt of the difference, orders as a tablet would push them."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from server.access.principal import Principal
from server.domain import master
from server.domain.quantity import format_quantity
from server.store import ledger
from server.store import records as record_store
from server.sync.masters import RecordPut
from server.sync.pipeline import Pipeline

from .master_data import RecordBody
from .sheet import Column, Fault, Sheet, key, thousandths

IMPORT = Principal(
    account="", login="import", name="import", role="administrator", dealer=None, device=None, language=""
)
"""Who an import is in the log."""
BATCH = 500
Progress = Callable[[int], None]

MODELS: dict[str, type[BaseModel]] = {
    "product": master.Product,
    "dealer": master.Dealer,
    "price_list": master.PriceList,
    "price": master.ProductPrice,
    "stock_policy": master.StockPolicy,
}

_ACCOUNTS = ("warehouse:main", "reserved")

STOCK = (
    Column("product", key, "a product's key"),
    Column("on_hand", thousandths, "a quantity with at most three places, in the product's base unit"),
)


def check_records(bodies: Sequence[RecordBody], sheet: Sheet) -> None:
    """Adds a fault for every record that does not fit its kind's shape."""
    for _, kind, name, body in bodies:
        try:
            MODELS[kind].model_validate(body)
        except ValidationError as error:
            for problem in error.errors():
                where = ".".join(map(str, problem["loc"]))
                sheet.faults.append(Fault(0, f"{kind} {name}: {where}", str(problem["input"])[:80], problem["msg"]))


async def write_records(pipeline: Pipeline, bodies: Sequence[RecordBody], progress: Progress) -> int:
    """The number of records that changed; the others are as they were."""
    changed = 0
    for batch in _batches(bodies):
        changed += await pipeline.put_records("import", [RecordPut(*body) for body in batch])
        progress(len(batch))
    return changed


def _batches(whole: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(whole), BATCH):
        yield whole[start : start + BATCH]


async def check_stock(pipeline: Pipeline, sheet: Sheet) -> None:
    """Adds a fault for every product that is not known."""
    sheet.unique("product")
    names = [("product", row.values["product"]) for row in sheet.rows]
    async with pipeline.database.reading() as tx:
        known = {row["key"] for row in await record_store.newest(tx, names) if row["body"] is not None}
    for row in sheet.rows:
        if row.values["product"] not in known:
            sheet.faults.append(Fault(row.number, "product", str(row.values["product"]), "a product that is known"))


async def write_stock(pipeline: Pipeline, sheet: Sheet, reference: str) -> int:
    """Sets what lies in the warehouse, promised or not, to the file's figures. Returns how many products moved.

    The difference is taken from the book each time, so doing it again does nothing.
    """
    wanted = {row.values["product"]: row.values["on_hand"] for row in sheet.rows}
    async with pipeline.database.reading() as tx:
        keys = [("stock", account, product) for account in _ACCOUNTS for product in wanted]
        there = await ledger.balances(tx, keys)
    book = {product: sum(there.get(("stock", account, product), 0) for account in _ACCOUNTS) for product in wanted}
    lines = {product: format_quantity(amount - book[product]) for product, amount in wanted.items()}
    lines = {product: moved for product, moved in lines.items() if moved != "0"}
    for batch in _batches(list(lines.items())):
        params = {"lines": dict(batch), "reference": reference}
        await pipeline.command(IMPORT, "stock_receipt", None, "record", params, uuid.uuid4().hex)
    return len(lines)
