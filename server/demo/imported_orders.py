"""Imported orders go the way of every order: written as documents by a tablet of the dealer, pushed through `/sync`."""

from __future__ import annotations

import asyncio
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import aiohttp
import msgspec

from server.access import devices, people
from server.domain.quantity import format_quantity, parse_quantity
from server.hq.imports.orders import ImportedOrder
from server.hq.imports.writing import IMPORT, Progress
from server.problems import Problem
from server.store import accounts, ledger
from server.sync.pipeline import Pipeline

from .document_writer import DocumentWriter
from .tablet import Tablet

TOGETHER = 4
"""Tablets that push at the same time."""


class OrdersDone(msgspec.Struct):
    written: int = 0
    edited: int = 0
    unchanged: int = 0
    approved: int = 0
    shipped: int = 0
    verdicts: dict[str, int] = msgspec.field(default_factory=dict)
    problems: list[str] = msgspec.field(default_factory=list)


async def write_orders(
    pipeline: Pipeline,
    url: str,
    orders: Iterable[ImportedOrder],
    progress: Progress,
    *,
    ship: bool,
    accept: bool = False,
) -> OrdersDone:
    """Pushes the orders to the server at `url`, which serves the pipeline's database. With `accept`, what
    is held is approved at the captured prices; with `ship`, what is accepted and has
    a date of shipping are shipped and invoiced on it."""
    done = OrdersDone()
    by_dealer: dict[str, list[ImportedOrder]] = defaultdict(list)
    for order in orders:
        by_dealer[order.content["dealer"]].append(order)
    places = asyncio.Semaphore(TOGETHER)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=120)) as session:

        async def of_dealer(dealer: str, mine: list[ImportedOrder]) -> None:
            async with places:
                await _push(pipeline, session, url, dealer, mine, done)
                for order in mine if accept else ():
                    await _approve(pipeline, order, done)
                for order in mine if ship else ():
                    await _ship(pipeline, order, done)
                progress(len(mine))

        await asyncio.gather(*(of_dealer(dealer, mine) for dealer, mine in by_dealer.items()))
    return done


async def _push(
    pipeline: Pipeline,
    session: aiohttp.ClientSession,
    url: str,
    dealer: str,
    orders: list[ImportedOrder],
    done: OrdersDone,
) -> None:
    tablet = await _tablet(pipeline, session, url, dealer)
    try:
        await tablet.sync()
        for order in orders:
            if order.document not in tablet.documents:
                tablet.create("order", f"dealer:{dealer}", order.content, document=order.document)
                done.written += 1
                continue
            there = DocumentWriter(tablet.device, tablet.documents[order.document].chunks).content()
            values, gone = differences(there, order.content)
            if values or gone:
                tablet.edit(order.document, values, delete=gone)
                done.edited += 1
            else:
                done.unchanged += 1
        await tablet.sync()
        done.problems += [f"{dealer} {each['document']}: {each['code']} {each['detail']}" for each in tablet.refused]
        for order in orders:
            decision = tablet.records.get(("decision", order.document)) or {"verdict": "undecided"}
            done.verdicts[decision["verdict"]] = done.verdicts.get(decision["verdict"], 0) + 1
    finally:
        await devices.revoke(pipeline.database, tablet.device, "")


async def _tablet(pipeline: Pipeline, session: aiohttp.ClientSession, url: str, dealer: str) -> Tablet:
    """A device of the dealer that lives as long as the import."""
    login = f"import.{dealer}".lower()
    async with pipeline.database.reading() as tx:
        row = await accounts.account_by_login(tx, login)
    if row is None:
        person = people.NewPerson(login=login, name=f"Import {dealer}", role="owner", dealer=dealer)
        account = await people.create_person(pipeline.database, person)
    else:
        account = row["account"]
    async with pipeline.database.transaction() as tx:
        code = await devices.issue_code(tx, account, "")
    enrolled = await devices.enrol_with_code(pipeline.database, code.code, "import", "import")
    return Tablet(session, url, msgspec.to_builtins(enrolled))


def differences(
    there: Mapping[str, Any], wanted: Mapping[str, Any], under: str = ""
) -> tuple[dict[str, Any], list[str]]:
    """What to set and what to delete, by path, so that the document says what is wanted."""
    values: dict[str, Any] = {}
    gone = [under + name for name in there if name not in wanted]
    for name, value in wanted.items():
        if isinstance(value, Mapping) and isinstance(there.get(name), Mapping):
            inner, inner_gone = differences(there[name], value, f"{under}{name}/")
            values |= inner
            gone += inner_gone
        elif name not in there or there[name] != value:
            values[under + name] = value
    return values, gone


async def _decision(pipeline: Pipeline, order: ImportedOrder) -> dict[str, Any]:
    async with pipeline.database.reading() as tx:
        decision = await ledger.decided(tx, order.document)
    return msgspec.json.decode(decision, type=dict[str, Any]) if decision else {"verdict": "undecided"}


async def _approve(pipeline: Pipeline, order: ImportedOrder, done: OrdersDone) -> None:
    if (await _decision(pipeline, order))["verdict"] != "held":
        return
    params = {"note": "import", "accept_prices": True}
    try:
        await pipeline.command(IMPORT, "order", order.document, "approve", params, f"import-approve-{order.document}")
        done.approved += 1
    except Problem as problem:
        done.problems.append(f"{order.key}: {problem.code} {problem.detail}")


async def _ship(pipeline: Pipeline, order: ImportedOrder, done: OrdersDone) -> None:
    """Ships what is allocated, and invoices it; the keys make a second import the same commands."""
    if order.shipped_on is None:
        return
    found = await _decision(pipeline, order)
    if found["verdict"] not in ("accepted", "in_part"):
        return
    lines = {}
    for name, line in found["figures"]["lines"].items():
        rest = parse_quantity(line.get("allocated", "0")) - parse_quantity(line.get("shipped", "0"))
        if rest > 0:
            lines[name] = format_quantity(rest)
    try:
        if lines:
            params = {"lines": lines, "shipped_on": order.shipped_on}
            key = uuid.uuid5(uuid.NAMESPACE_OID, f"ship/{order.document}/{sorted(lines.items())}").hex
            await pipeline.command(IMPORT, "order", order.document, "ship", params, key)
            await pipeline.command(IMPORT, "order", order.document, "invoice", {}, f"{key}-invoice")
            done.shipped += 1
    except Problem as problem:
        done.problems.append(f"{order.key}: {problem.code} {problem.detail}")
