"""Products, and what of them is in the warehouse, promised and on the road."""

from __future__ import annotations

from typing import Any

import msgspec

from server.domain.quantity import format_quantity
from server.store import hq_reads, records
from server.store.engine import Database

PAGE = 500


async def read_products(database: Database, text: str, after: str, category: str) -> dict[str, Any]:
    """`rows` by id and `next`, and all `categories` in the order that the company gave them."""
    async with database.reading() as tx:
        rows = await hq_reads.products(tx, text, after, PAGE + 1, category)
        known = [msgspec.json.decode(row["body"]) for row in await records.of_kind(tx, "category")]
    return {
        "rows": [msgspec.json.decode(row["body"]) for row in rows[:PAGE]],
        "next": _next(rows),
        "categories": sorted(known, key=lambda each: each.get("position", 0)),
    }


async def read_stock(database: Database, text: str, after: str) -> dict[str, Any]:
    """`rows` by product and `next`; quantities are decimals in the base unit."""
    async with database.reading() as tx:
        rows = await hq_reads.products(tx, text, after, PAGE + 1)
        stock = await hq_reads.stock_of(tx, [row["key"] for row in rows[:PAGE]]) if rows else {}
    return {"rows": [_line(row, stock.get(row["key"], {})) for row in rows[:PAGE]], "next": _next(rows)}


def _line(row: dict[str, Any], stock: dict[str, Any]) -> dict[str, Any]:
    body = msgspec.json.decode(row["body"])
    quantities = {name: format_quantity(stock.get(name) or 0) for name in ("available", "reserved", "transit")}
    return {"product": row["key"], "name": body.get("name"), "unit": body.get("base_unit"), **quantities}


def _next(rows: list[dict[str, Any]]) -> str | None:
    return rows[PAGE - 1]["key"] if len(rows) > PAGE else None
