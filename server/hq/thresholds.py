"""Thresholds of stock: what a location should have of a product. Master data that headquarters edits one by one."""

from __future__ import annotations

from typing import Any

import msgspec
from pydantic import ValidationError

from server.access.principal import Principal
from server.access.roles import ADMINISTRATOR
from server.domain.locations import is_location, scope_of
from server.domain.master import StockPolicy
from server.domain.quantity import parse_quantity
from server.problems import Problem
from server.store import hq_policies, records
from server.store.engine import Database
from server.sync.pipeline import Pipeline

from .editing import Body, Edited, edit_record

ROLES = (ADMINISTRATOR, "sales")
PAGE = 200


class Thresholds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    location: str
    product: str
    low: str | None = None
    high: str | None = None
    reorder_level: str | None = None
    reorder_quantity: str | None = None
    version: int | None = None
    """The one that was seen; 0 where there was none. Left out: whatever stands is overwritten."""


async def read_policies(database: Database, location: str, text: str, after: str) -> dict[str, Any]:
    """`rows` by location and product, each with the version to edit, and `next`."""
    async with database.reading() as tx:
        rows = await hq_policies.policies(tx, location, text, after, PAGE + 1)
    more, rows = len(rows) > PAGE, rows[:PAGE]
    return {
        "rows": [
            {
                **msgspec.json.decode(row["body"]),
                "name": msgspec.json.decode(row["product_name"]) if row["product_name"] else None,
                "unit": row["unit"],
                "location_name": row["location_name"],
                "version": row["version"],
            }
            for row in rows
        ],
        "next": rows[-1]["key"] if more else None,
    }


async def put_policy(pipeline: Pipeline, by: Principal, asked: Thresholds) -> Edited:
    """Problem 400 for what is no threshold, 404 `location_unknown` or `unknown_product`, 409 `edited_meanwhile`."""
    await _check(pipeline.database, asked)
    told = {name: getattr(asked, name) for name in ("low", "high", "reorder_level", "reorder_quantity")}

    def change(stands: Body | None) -> Body:
        kept = stands or {"location": asked.location, "product": asked.product}
        try:
            return StockPolicy.model_validate({**kept, **told}).model_dump(mode="json")
        except ValidationError as error:
            first = error.errors()[0]
            raise Problem(400, "params_invalid", f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None

    return await edit_record(
        pipeline, by, "stock_policy_set", _name(asked.location, asked.product), change, asked.version
    )


async def remove_policy(pipeline: Pipeline, by: Principal, location: str, product: str) -> Edited:
    """Nothing happens where there is none. Problem 404 `location_unknown`."""
    if not is_location(location):
        raise Problem(404, "location_unknown", "There is no such location.")
    return await edit_record(pipeline, by, "stock_policy_removed", _name(location, product), lambda _: None)


def _name(location: str, product: str) -> tuple[str, str, str]:
    return scope_of(location), "stock_policy", f"{location}/{product}"


async def _check(database: Database, asked: Thresholds) -> None:
    if not is_location(asked.location):
        raise Problem(404, "location_unknown", "There is no such location.")
    head, _, rest = asked.location.partition(":")
    who = ("technician" if head == "van" else head, rest.partition(":")[0])
    async with database.reading() as tx:
        wanted = [("product", asked.product), *([who] if head in ("van", "dealer") else [])]
        known = {row["kind"] for row in await records.newest(tx, wanted) if row["body"]}
    if head in ("van", "dealer") and who[0] not in known:
        raise Problem(404, "location_unknown", "There is no such location.")
    if "product" not in known:
        raise Problem(404, "unknown_product", "There is no such product.", figures={"product": asked.product})
    low, high = (_amount(each) for each in (asked.low, asked.high))
    if low is not None and high is not None and low >= high:
        raise Problem(400, "low_above_high", "The low threshold lies below the high one.")


def _amount(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        return parse_quantity(text)
    except ValueError:
        raise Problem(400, "params_invalid", f"{text[:40]!r} is no quantity.") from None
