"""One document with its whole story: what it says, what was decided and why, who changed what, and what was posted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from server.domain.registry import KINDS
from server.problems import Problem
from server.store import hq_board, hq_reads, records
from server.store.engine import Database
from server.store.transaction import Row, Transaction

from .orders import dealer_of

MOST = 500
"""Decisions and changes, the newest; a document with more is rare, and the log has them all."""

_ID = re.compile(r"[0-9a-f]{32}")
_ACTOR = re.compile(r"[0-9a-f]{32}")


async def read_document(database: Database, name: str) -> dict[str, Any]:
    """Problem 404 `document_unknown`."""
    async with database.reading() as tx:
        document = await hq_reads.document(tx, name) if _ID.fullmatch(name) else None
        if document is None:
            raise Problem(404, "document_unknown", "There is no such document.")
        decided = await hq_reads.decisions_of(tx, name, MOST)
        changes = await hq_reads.changes_of(tx, name, MOST)
        commands = await hq_reads.commands_of(tx, name)
        postings = await hq_reads.postings_of(tx, name)
        bodies = [msgspec.json.decode(row["body"]) for row in decided]
        published = await _published(tx, bodies[0] if bodies else {})
        content = msgspec.json.decode(document["content"])
        products = await _products(tx, content, bodies[0] if bodies else {}, postings)
        names = {key: body.get("name") for key, body in products.items()}
        mentioned = await hq_board.titles(tx, _ids(content, bodies[0].get("figures", {}) if bodies else {}, name))
        conflicts = await _named(tx, msgspec.json.decode(document["conflicts"]))
    decisions = [_decision(row, body) for row, body in zip(decided, bodies, strict=True)]
    return {
        "id": document["id"],
        "kind": document["kind"],
        "scope": document["scope"],
        "dealer": dealer_of(document["scope"]),
        "dealer_name": document["dealer_name"],
        "technician_name": document["technician_name"],
        "content": _in_order(document["kind"], content),
        "row": msgspec.json.decode(document["row"]),
        "verdict": document["verdict"],
        "received_at": document["received_at"],
        "updated_at": document["updated_at"],
        "conflicts": conflicts,
        "decision": decisions[0] if decisions else None,
        "decisions": decisions[::-1],
        "changes": [_change(row) for row in changes],
        "commands": [{**row, "params": msgspec.json.decode(row["params"])} for row in commands],
        "records": published,
        "postings": [_posting(row, names) for row in postings],
        "products": names,
        "units": {key: body.get("base_unit") for key, body in products.items()},
        "documents": {row["id"]: _title(row) for row in mentioned},
    }


def _in_order(kind: str, content: dict[str, Any]) -> dict[str, Any]:
    """The fields as the kind's model has them, which is how people tell them; what it does not know comes last."""
    model = KINDS[kind].document.model_fields if kind in KINDS else {}
    return {name: content[name] for name in [*model, *content] if name in content}


def _decision(row: Row, body: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "verdict": row["verdict"],
        "reasons": body.get("reasons", []),
        "figures": body.get("figures", {}),
        "cause": row["cause"],
        "at": row["at"],
    }


def _change(row: Row) -> dict[str, Any]:
    return {
        "hash": row["hash"].hex(),
        "at": row["made_at"] + row["clock_offset"],
        "received_at": row["received_at"],
        "device": row["device"],
        "device_name": row["device_name"],
        "account_name": row["account_name"],
        "message": row["message"],
    }


def _posting(row: Row, names: dict[str, Any]) -> dict[str, Any]:
    told = {name: row[name] for name in ("ledger", "account", "item", "amount", "at")}
    return {**told, "set": row["posting_set"], "item_name": names.get(row["item"])}


async def _published(tx: Transaction, body: dict[str, Any]) -> list[dict[str, Any]]:
    """The records that the newest decision says stand: shipments, invoices."""
    keys = [(each["kind"], each["key"]) for each in body.get("records", []) if each.get("body") is not None]
    if not keys:
        return []
    found = {(row["kind"], row["key"]): row["body"] for row in await records.newest(tx, keys)}
    return [
        {"kind": kind, "key": key, "body": msgspec.json.decode(found[kind, key])}
        for kind, key in keys
        if found.get((kind, key))
    ]


async def _products(
    tx: Transaction, content: Any, decision: dict[str, Any], postings: list[Row]
) -> dict[str, dict[str, Any]]:
    """The records of the products that the document, its decision or its postings speak of."""
    wanted = {row["item"].partition("#")[0] for row in postings if row["ledger"] in ("stock", "lot", "value")}
    wanted |= set(_spoken_of(content)) | set(_spoken_of(decision))
    if not wanted:
        return {}
    rows = await records.newest(tx, [("product", product) for product in wanted])
    return {row["key"]: msgspec.json.decode(row["body"]) for row in rows if row["body"]}


_BY_PRODUCT = frozenset({"lines", "differences", "products", "confirmed"})
"""Maps and lists that may have products for keys."""


def _spoken_of(part: Any) -> Iterator[str]:
    """Values of `product`, and the keys of maps that are kept by product, however deep."""
    if isinstance(part, list):
        for each in part:
            yield from _spoken_of(each)
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "product" and isinstance(value, str):
                yield value
            elif key in _BY_PRODUCT and isinstance(value, dict | list):
                yield from (each for each in value if isinstance(each, str))
            yield from _spoken_of(value)


def _ids(content: Any, figures: Any, own: str) -> list[str]:
    """The documents that it names."""
    found: set[str] = set()

    def walk(part: Any) -> None:
        if isinstance(part, str):
            if _ID.fullmatch(part):
                found.add(part)
        elif isinstance(part, dict | list):
            for each in part.values() if isinstance(part, dict) else part:
                walk(each)

    walk(content)
    walk(figures)
    return sorted(found - {own})[:MOST]


def _title(row: Row) -> dict[str, Any]:
    body = msgspec.json.decode(row["row"])
    return {"kind": row["kind"], "number": body.get("number"), "title": body.get("title")}


async def _named(tx: Transaction, conflicts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Whose each competing value is: an actor begins with its device."""
    actors = {value.get("actor", "") for conflict in conflicts for value in conflict["values"]}
    devices = sorted({actor[:16] for actor in actors if _ACTOR.fullmatch(actor)})
    known = {row["id"]: row for row in await hq_reads.names_of_devices(tx, devices)} if devices else {}
    nobody = {"device_name": None, "account_name": None}
    for conflict in conflicts:
        for value in conflict["values"]:
            row = known.get(value.get("actor", "")[:16], nobody)
            value |= {name: row[name] for name in nobody}
    return conflicts
