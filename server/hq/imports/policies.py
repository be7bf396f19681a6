"""Thresholds of stock: what a row of the file holds, and the records that it makes."""

from __future__ import annotations

from server.domain.locations import is_location, scope_of
from server.domain.quantity import format_quantity
from server.store import records as record_store
from server.sync.pipeline import Pipeline

from .master_data import RecordBody
from .sheet import Column, Fault, Sheet, key, thousandths

_AMOUNT = "a quantity with at most three places, in the product's base unit"

POLICY = (
    Column("location", key, "warehouse:<name>, dealer:<dealer>, dealer:<dealer>:<place> or van:<technician>"),
    Column("product", key, "a product's key"),
    Column("low", thousandths, f"{_AMOUNT}: at or below it somebody is told", required=False),
    Column("high", thousandths, f"{_AMOUNT}: above it somebody is told", required=False),
    Column("reorder_level", thousandths, f"{_AMOUNT}: at or below it, projected, more is proposed", required=False),
    Column("reorder_quantity", thousandths, f"{_AMOUNT}: so much at least", required=False),
    Column("on_order", thousandths, f"{_AMOUNT}: ordered elsewhere and on its way", required=False, default=0),
)
_LEVELS = ("low", "high", "reorder_level", "reorder_quantity")


def policy_records(sheet: Sheet) -> list[RecordBody]:
    sheet.unique("location", "product")
    records: list[RecordBody] = []
    for row in sheet.rows:
        values = row.values
        location, product = values["location"], values["product"]
        if location is None or product is None:
            continue  # a fault already
        if not is_location(location):
            sheet.faults.append(Fault(row.number, "location", location, POLICY[0].expected))
            continue
        low, high = values["low"], values["high"]
        if low is not None and high is not None and low > high:
            sheet.faults.append(
                Fault(row.number, "high", format_quantity(high), f"not below low, {format_quantity(low)}")
            )
        levels = {name: None if values[name] is None else format_quantity(values[name]) for name in _LEVELS}
        body = {
            "location": location,
            "product": product,
            **levels,
            "on_order": format_quantity(values["on_order"] or 0),
        }
        records.append((scope_of(location), "stock_policy", f"{location}/{product}", body))
    return records


async def check_policies(pipeline: Pipeline, sheet: Sheet) -> None:
    """Adds a fault for every product and dealer that is not known."""
    names = {("product", row.values["product"]) for row in sheet.rows}
    names |= {("dealer", dealer) for row in sheet.rows if (dealer := _dealer(row.values["location"]))}
    async with pipeline.database.reading() as tx:
        rows = await record_store.newest(tx, sorted(names))
    known = {(row["kind"], row["key"]) for row in rows if row["body"] is not None}
    for row in sheet.rows:
        if ("product", row.values["product"]) not in known:
            sheet.faults.append(Fault(row.number, "product", str(row.values["product"]), "a product that is known"))
        dealer = _dealer(row.values["location"])
        if dealer and ("dealer", dealer) not in known:
            sheet.faults.append(Fault(row.number, "location", row.values["location"], "a dealer that is known"))


def _dealer(location: str) -> str:
    head, _, rest = location.partition(":")
    return rest.partition(":")[0] if head == "dealer" else ""
