"""Orders from a file of orders and a file of their lines, as the documents that tablets would have written."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import msgspec

from server.domain.quantity import format_quantity

from .sheet import Column, Fault, Sheet, basis_points, day, key, minor, thousandths, words

_KEY = "1–64 letters, digits or . _ : @ -"

ORDER = (
    Column("order", key, _KEY),
    Column("dealer", key, "a dealer's key"),
    Column("ordered_on", day, "a date, 2026-01-31"),
    Column("wanted_date", day, "a date, 2026-01-31, or nothing", required=False),
    Column("shipped_on", day, "a date, 2026-01-31, or nothing", required=False),
    Column("price_list", key, "<list>@<version>, or nothing: the list that was valid on the day", required=False),
    Column("currency", key, "CNY, USD or EUR", required=False, default="CNY"),
    Column("ship_name", words, "a name", required=False, default=""),
    Column("ship_address", words, "an address", required=False, default=""),
    Column("note", words, "at most 500 characters", required=False, default=""),
)

LINE = (
    Column("order", key, "an order's key"),
    Column("product", key, "a product's key"),
    Column("unit", key, "one of the product's units", required=False, default="pcs"),
    Column("quantity", thousandths, "a quantity with at most three places"),
    Column("price", minor, "an amount such as 9.80"),
    Column("discount", basis_points, "a rate between 0 and 1", required=False, default=0),
    Column("note", words, "at most 500 characters", required=False, default=""),
)


class ImportedOrder(msgspec.Struct, frozen=True):
    """An order's external key, its document id (always the same for the key), its content and when it was shipped."""

    key: str
    document: str
    content: dict[str, Any]
    shipped_on: str | None


def document_id(dealer: str, order: str) -> str:
    """32 hex digits that depend on nothing but the keys: the same file imported twice makes the same documents."""
    return hashlib.sha256(f"order/{dealer}/{order}".encode()).hexdigest()[:32]


def read_orders(orders: Sheet, lines: Sheet, price_lists: Mapping[str, Mapping[str, Any]]) -> list[ImportedOrder]:
    """The orders in the file's order. `price_lists` are the records by key; faults are added to the sheet they belong to."""
    orders.unique("order")
    by_order: dict[str, list[dict[str, Any]]] = defaultdict(list)
    known = {row.values["order"] for row in orders.rows}
    for row in lines.rows:
        if row.values["order"] not in known:
            lines.faults.append(Fault(row.number, "order", str(row.values["order"]), "an order of the orders' file"))
        by_order[row.values["order"]].append(row.values)
    if orders.faults or lines.faults:
        return []
    return [_order(row.values, by_order[row.values["order"]], price_lists) for row in orders.rows]


def _order(
    row: Mapping[str, Any], lines: list[dict[str, Any]], lists: Mapping[str, Mapping[str, Any]]
) -> ImportedOrder:
    written = f"{row['ordered_on']}T08:00:00Z"
    content = {
        "kind": "order",
        "schema": 1,
        "number": row["order"],
        "dealer": row["dealer"],
        "currency": row["currency"],
        "stage": "submitted",
        "created_at": written,
        "captured_at": written,
        "price_list": row["price_list"] or _valid_on(row["ordered_on"], lists),
        "wanted_date": row["wanted_date"],
        "ship_to": {"name": row["ship_name"], "address": row["ship_address"]},
        "note": row["note"],
        "lines": {f"l{position:03d}": _line(position, line) for position, line in enumerate(lines, 1)},
    }
    return ImportedOrder(row["order"], document_id(row["dealer"], row["order"]), content, row["shipped_on"])


def _line(position: int, line: Mapping[str, Any]) -> dict[str, Any]:
    written = {
        "position": position,
        "product": line["product"],
        "quantity": format_quantity(line["quantity"]),
        "unit": line["unit"],
        "price": line["price"],
    }
    if line["discount"]:
        written["discount_bp"] = line["discount"]
    if line["note"]:
        written["note"] = line["note"]
    return written


def _valid_on(on: str, lists: Mapping[str, Mapping[str, Any]]) -> str | None:
    fits = [
        name
        for name, body in lists.items()
        if body["valid_from"] <= on and (body["valid_to"] is None or on <= body["valid_to"])
    ]
    return max(fits, key=lambda name: lists[name]["version"], default=None)
