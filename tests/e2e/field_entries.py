"""What the field sent, written without a screen, for headquarters to work on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import aiohttp

from server.demo.tablet import Tablet
from server.store.engine import open_database
from server.sync.admission import Gate
from server.sync.masters import RecordPut
from server.sync.pipeline import Pipeline
from tests.e2e.company import Company

DEALER = "nongfeng"
OIL_SEAL, OIL_FILTER = "oil-seal-55-80-10", "oil-filter-jx0810"


def ago(**span: float) -> str:
    return (datetime.now(UTC) - timedelta(**span)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@asynccontextmanager
async def tablet_of(company: Company, login: str) -> AsyncIterator[Tablet]:
    """A device of that person, without a screen."""
    code = (await company.enrolment_link(login)).rpartition("#")[2].rpartition("=")[2]
    async with aiohttp.ClientSession() as session:
        tablet = await Tablet.enrol(session, company.url, code=code)
        await tablet.sync()
        yield tablet


async def master(company: Company, scope: str, kind: str, key: str, body: dict[str, Any]) -> None:
    """A master record that no screen writes."""
    database = await open_database(SimpleNamespace(database_url="", data=company.data))
    try:
        await Pipeline(database, Gate(1)).put_records("", [RecordPut(scope, kind, key, body)])
    finally:
        await database.close()


async def counted(company: Company, **quantities: str) -> str:
    """A closed count of the dealer's store."""
    async with tablet_of(company, "dealer") as tablet:
        tallies = {
            f"{tablet.device}.{product}": {
                "product": product, "quantity": quantity, "place": "", "batch": "", "serial": "", "by": "赵敏",
                "counted_at": ago(minutes=5),
            }
            for product, quantity in quantities.items()
        }  # fmt: skip
        content = {
            "kind": "stock_count", "schema": 1, "number": tablet.next_number(), "location": f"dealer:{DEALER}",
            "stage": "closed", "extent": "list", "blind": True, "complete": False, "created_at": ago(hours=1), "note": "",
            "products": {}, "tallies": tallies,
        }  # fmt: skip
        document = tablet.create("stock_count", f"dealer:{DEALER}", content)
        await tablet.sync()
        assert tablet.refused == []
    return document


async def small_differences_only(company: Company) -> None:
    policy = {"id": "main", "max_value": 10_000, "currency": "CNY"}
    await master(company, "catalog", "count_policy", "main", policy)


async def one_customer_twice(company: Company) -> None:
    """Under two names, with one telephone."""
    async with tablet_of(company, "dealer") as tablet:
        for name in ("Farm Zhao", "Zhao's farm"):
            content = {
                "kind": "customer", "schema": 1, "dealer": DEALER, "created_at": ago(hours=2), "name": name, "contact": "",
                "phone": "13804510099", "note": "",
            }  # fmt: skip
            tablet.create("customer", f"service:{DEALER}", content)
            await tablet.sync()
        assert tablet.refused == []
