"""A dealer's account: every invoice and payment, with the balance after each."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, Router, get
from litestar.params import FromPath

from server.access.guards import headquarters_only
from server.problems import Problem
from server.store import hq_reads
from server.store.engine import Database

MOST = 1_000
"""Entries, the newest. `opening` is the balance before the first of them."""


async def read_account(database: Database, dealer: str) -> dict[str, Any]:
    """Amounts in minor units of the dealer's currency; a debit is what the dealer came to owe. Problem 404 `dealer_unknown`."""
    async with database.reading() as tx:
        record = await hq_reads.dealer_record(tx, dealer) if "\x00" not in dealer else None
        if record is None:
            raise Problem(404, "dealer_unknown", "There is no such dealer.")
        body = msgspec.json.decode(record["body"])
        currency = body.get("currency", "")
        rows = await hq_reads.account_entries(tx, f"receivable:{dealer}", currency, MOST)
        balances = await hq_reads.balances_of_dealer(tx, dealer, currency)
    entries = [_entry(row) for row in rows]
    return {
        "dealer": {"id": dealer, "name": body.get("name") or dealer, "currency": currency},
        "currency": currency,
        "terms": body.get("terms"),
        "limit": body.get("credit_limit"),
        "receivable": balances.get("receivable", 0),
        "open_orders": balances.get("open_orders", 0),
        "opening": rows[0]["balance"] - rows[0]["amount"] if rows else 0,
        "entries": entries,
    }


def _entry(row: dict[str, Any]) -> dict[str, Any]:
    what = row["posting_set"].partition(":")[0]
    usual = row["amount"] < 0 if what == "payment" else row["amount"] > 0
    number = msgspec.json.decode(row["invoice"]).get("number") if row["invoice"] else None
    return {
        "at": row["at"],
        "document": row["document"],
        "number": number or row["number"],
        "text_code": what if usual else f"{what}_reversed",
        "debit": max(row["amount"], 0),
        "credit": max(-row["amount"], 0),
        "balance": row["balance"],
    }


@get(
    "/hq/dealers/{dealer:str}/account",
    guards=[headquarters_only],
    tags=("headquarters",),
    response_headers={"Cache-Control": "no-store"},
)
async def account(request: Request[Any, Any, Any], dealer: FromPath[str]) -> dict[str, Any]:
    return await read_account(request.app.state.database, dealer)


router = Router(path="/", route_handlers=[account])
