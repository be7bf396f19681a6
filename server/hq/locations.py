"""Stock by location: on hand, reserved, thresholds and value; and the movements of a product at a location by time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from server.domain.account import level_of
from server.domain.locations import HEADQUARTERS, accounts_of, is_location, owner_of
from server.domain.quantity import format_quantity
from server.problems import Problem
from server.store import hq_stock, records
from server.store.engine import Database
from server.store.hq_stock import StockFilter
from server.store.transaction import Row, Transaction

from .orders import dealer_of

PAGE = 200
Bodies = dict[tuple[str, str], dict[str, Any]]
"""(kind, key) -> body of a record."""


async def read_locations(database: Database, own_currency: str) -> dict[str, Any]:
    """`locations` with how many products lie there and how many are not as they should be, and what each of the `owners` has."""
    async with database.reading() as tx:
        found = {row["location"]: {**row, "low": 0, "high": 0} for row in await hq_stock.locations(tx)}
        for row in await hq_stock.levels(tx):
            empty = {"location": row["location"], "products": 0, "below": 0, "low": 0, "high": 0}
            found.setdefault(row["location"], empty)[row["level"]] = int(row["n"])
        values = await hq_stock.owners_values(tx)
        owners = {owner_of(location) or "" for location in found} | values.keys()
        names = await _names(tx, [*found, *owners])
    return {
        "locations": [_location(row, names) for _, row in sorted(found.items())],
        "owners": [
            {
                "owner": owner,
                "name": _name(owner, names),
                "value": values.get(owner, 0),
                "currency": _currency(owner, names, own_currency),
            }
            for owner in sorted(owners)
        ],
    }


def _location(row: Row, names: Bodies) -> dict[str, Any]:
    counts = {name: int(row[name]) for name in ("products", "below", "low", "high")}
    location = row["location"]
    return {"location": location, "name": _name(location, names), "owner": owner_of(location), **counts}


async def read_lines(database: Database, wanted: StockFilter, after: str, own_currency: str) -> dict[str, Any]:
    """`rows` by location and product, and `next`. Quantities are decimals in the base unit. Where an owner's goods lie at several
    places their value is parted by quantity (`shared`). Problem 400 for an `after` that is none."""
    async with database.reading() as tx:
        rows = await hq_stock.lines(tx, wanted, _place(after), PAGE + 1)
        more, rows = len(rows) > PAGE, rows[:PAGE]
        owned = [(owner_of(row["location"]) or "", row["product"]) for row in rows]
        worth = await hq_stock.worth(tx, owned) if owned else {}
        names = await _names(tx, [row["location"] for row in rows])
    return {
        "rows": [_line(row, worth[owner], names, own_currency) for row, owner in zip(rows, owned, strict=True)],
        "next": f"{rows[-1]['location']}/{rows[-1]['product']}" if more else None,
    }


def _place(after: str) -> tuple[str, str] | None:
    if not after:
        return None
    location, slash, product = after.partition("/")
    if not slash or not is_location(location):
        raise Problem(400, "malformed", "`after` is the `next` of an earlier page.")
    return location, product


def _line(row: Row, worth: Row, names: Bodies, own_currency: str) -> dict[str, Any]:
    location, policy = row["location"], _decoded(row["policy"])
    product = _decoded(row["product_body"])
    on_hand = row["amount"] + row["reserved"]
    owner = owner_of(location) or ""
    return {
        "location": location,
        "location_name": _name(location, names),
        "owner": owner,
        "product": row["product"],
        "name": product.get("name"),
        "unit": product.get("base_unit"),
        "on_hand": format_quantity(on_hand),
        "reserved": format_quantity(row["reserved"]),
        "available": format_quantity(row["amount"]),
        "low": policy.get("low"),
        "high": policy.get("high"),
        "level": level_of(row["amount"], policy),
        "value": share_of(worth["value"], on_hand, worth["quantity"]),
        "shared": on_hand != worth["quantity"],
        "currency": _currency(owner, names, own_currency),
    }


def share_of(value: int, part: int, whole: int) -> int | None:
    """The part of a value that falls to a part of the goods, rounded half up; None where that says nothing: there are none, or
    less than none."""
    if part == whole:
        return value
    if whole <= 0:
        return None
    doubled = 2 * value * part
    return (doubled + whole) // (2 * whole)


async def read_movements(database: Database, location: str, product: str, after: str | None) -> dict[str, Any]:
    """`rows`, what happened last first, each with the balance after it; `next`; the product and the place by name. Problem 404
    `location_unknown`, 400 for an `after` that is none."""
    if not is_location(location):
        raise Problem(404, "location_unknown", "There is no such location.")
    async with database.reading() as tx:
        rows = await hq_stock.movements(tx, accounts_of(location), product, _moment(after), PAGE + 1)
        more, rows = len(rows) > PAGE, rows[:PAGE]
        names = await _names(tx, [location], [("product", product)])
    about = names.get(("product", product), {})
    last = rows[-1] if more else None
    return {
        "location": location,
        "location_name": _name(location, names),
        "product": product,
        "name": about.get("name"),
        "unit": about.get("base_unit"),
        "rows": [_movement(row) for row in rows],
        "next": f"{last['happened_at']}.{last['document']}.{last['posting_set']}" if last else None,
    }


def _moment(after: str | None) -> tuple[int, str, str] | None:
    if after is None:
        return None
    happened, _, rest = after.partition(".")
    document, dot, posting_set = rest.partition(".")
    if not dot or "\x00" in after or not re.fullmatch(r"[0-9]{1,18}", happened):
        raise Problem(400, "malformed", "`after` is the `next` of an earlier page.")
    return int(happened), document, posting_set


def _movement(row: Row) -> dict[str, Any]:
    body = msgspec.json.decode(row["row"])
    return {
        "happened_at": row["happened_at"],
        "recorded_at": row["recorded_at"],
        "amount": format_quantity(row["amount"]),
        "balance": format_quantity(row["balance"]),
        "set": row["posting_set"],
        "cause": (row["cause"] or "").partition(":")[0],
        "document": row["document"],
        "kind": row["kind"],
        "number": body.get("number"),
        "title": body.get("title"),
        "dealer": dealer_of(row["scope"]),
        "dealer_name": row["dealer_name"],
        "received_at": row["received_at"],
    }


# --- names


async def _names(tx: Transaction, places: Iterable[str], more: Iterable[tuple[str, str]] = ()) -> Bodies:
    """The records of the dealers and technicians that places are called by."""
    wanted = [("technician" if head == "van" else "dealer", who) for head, who in map(_who, places) if who]
    rows = await records.newest(tx, [*wanted, *more])
    return {(row["kind"], row["key"]): msgspec.json.decode(row["body"]) for row in rows if row["body"]}


def _who(place: str) -> tuple[str, str]:
    head, _, rest = place.partition(":")
    return head, rest.partition(":")[0] if head in ("dealer", "van") else ""


def _name(place: str, names: Bodies) -> str | None:
    head, who = _who(place)
    return names.get(("technician" if head == "van" else "dealer", who), {}).get("name")


def _currency(owner: str, names: Bodies, own_currency: str) -> str:
    if owner == HEADQUARTERS:
        return own_currency
    return str(names.get(("dealer", _who(owner)[1]), {}).get("currency") or own_currency)


def _decoded(body: str | None) -> dict[str, Any]:
    return msgspec.json.decode(body) if body else {}
