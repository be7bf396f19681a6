"""SQL of stock by location: what lies where, what it is worth, and every movement of a product by time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from .hq_reads import DEALER, containing, field
from .transaction import Row, Transaction

_PLACES = ("warehouse", "van", "dealer")
WATCHED = "s.kind = 'stock_on_hand' AND s.body NOT LIKE '%\"level\":\"ok\"%'"
"""Levels that are not as they should be. Word for word the condition of an index (`m0004_lists.py`)."""


class StockFilter(msgspec.Struct, frozen=True):
    """Empty: not asked for."""

    location: str = ""
    place: str = ""
    """`warehouse`, `van` or `dealer`."""
    level: str = ""
    """`below`, `low` or `high`."""
    product: str = ""
    text: str = ""


def _is_place(column: str) -> str:
    return "(" + " OR ".join(f"{column} LIKE '{place}:%'" for place in _PLACES) + ")"


async def locations(tx: Transaction) -> list[Row]:
    """location, products that lie there (or are missing there), and how many of them are below zero."""
    return await tx.rows(
        "SELECT b.account AS location, COUNT(*) AS products, SUM(CASE WHEN b.amount < 0 THEN 1 ELSE 0 END) AS below"
        f" FROM balance b WHERE b.ledger = 'stock' AND b.amount <> 0 AND {_is_place('b.account')} GROUP BY b.account"
    )


async def levels(tx: Transaction) -> list[Row]:
    """location, level (`low` or `high`) and how many products are at it."""
    location, level = field(tx, "s.body", "location"), field(tx, "s.body", "level")
    return await tx.rows(
        f"SELECT {location} AS location, {level} AS level, COUNT(*) AS n FROM record s WHERE {WATCHED}"
        f" AND {level} IN ('low', 'high') GROUP BY {location}, {level}"
    )


async def owners_values(tx: Transaction) -> dict[str, int]:
    """What all goods of each owner are worth, minor units."""
    rows = await tx.rows(
        "SELECT b.account, CAST(SUM(b.amount) AS BIGINT) AS amount FROM balance b"
        " WHERE b.ledger = 'value' AND b.account LIKE 'stock:%' GROUP BY b.account"
    )
    return {row["account"].partition(":")[2]: row["amount"] for row in rows}


def _lines(tx: Transaction, wanted: StockFilter) -> tuple[str, str, str, list[Any]]:
    """FROM, the columns of location and product, and WHERE with its arguments."""
    if wanted.level in ("low", "high"):
        # Few are not as they should be: they are found first.
        place, item = field(tx, "s.body", "location"), field(tx, "s.body", "product")
        source = f"record s LEFT JOIN balance b ON b.ledger = 'stock' AND b.account = {place} AND b.item = {item}"
        return source, place, item, [f"{WATCHED} AND {field(tx, 's.body', 'level')} = ?", wanted.level]
    where = f"b.ledger = 'stock' AND {_is_place('b.account')}"
    return "balance b", "b.account", "b.item", [f"{where} AND b.amount < 0" if wanted.level else where]


async def lines(tx: Transaction, wanted: StockFilter, after: tuple[str, str] | None, limit: int) -> list[Row]:
    """By location and product: location, product, on the account itself, reserved, the body of the product and of its policy."""
    source, place, item, (where, *args) = _lines(tx, wanted)
    for column, value in ((place, wanted.location), (item, wanted.product)):
        if value:
            where += f" AND {column} = ?"
            args.append(value)
    if wanted.place:
        where += f" AND {place} LIKE ?"
        args.append(f"{wanted.place}:%")
    if wanted.text:
        names = [item, *(field(tx, "pr.body", *path) for path in (("name", "zh"), ("name", "en"), ("pinyin",)))]
        sql, more = containing(names, wanted.text)
        where += f" AND {sql}"
        args += more
    if after is not None:
        where += f" AND ({place} > ? OR ({place} = ? AND {item} > ?))"
        args += [after[0], after[0], after[1]]
    return await tx.rows(
        f"SELECT {place} AS location, {item} AS product, COALESCE(b.amount, 0) AS amount,"
        " COALESCE(rs.amount, 0) AS reserved, pr.body AS product_body, po.body AS policy"
        f" FROM {source}"
        f" LEFT JOIN balance rs ON rs.ledger = 'stock' AND rs.account = 'reserved' AND rs.item = {item}"
        f" AND {place} = 'warehouse:main'"
        f" LEFT JOIN record pr ON pr.kind = 'product' AND pr.key = {item}"
        f" LEFT JOIN record po ON po.kind = 'stock_policy' AND po.key = {place} || '/' || {item}"
        f" WHERE {where} ORDER BY {place}, {item} LIMIT ?",
        *args, limit,
    )  # fmt: skip


async def worth(tx: Transaction, owned: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Row]:
    """(owner, product) -> value of all that the owner has of it, and how much that is, wherever it lies."""
    wanted, args = tx.listed("owner text, item text", sorted(set(owned)))
    rows = await tx.rows(
        "SELECT w.owner, w.item, COALESCE(MAX(v.amount), 0) AS value, CAST(COALESCE(SUM(q.amount), 0) AS BIGINT) AS quantity"
        f" FROM {wanted} AS w"
        " LEFT JOIN balance v ON v.ledger = 'value' AND v.account = 'stock:' || w.owner AND v.item = w.item"
        " LEFT JOIN balance q ON q.item = w.item AND q.ledger = 'stock' AND CASE WHEN w.owner = 'hq' THEN"
        " (q.account = 'reserved' OR q.account LIKE 'warehouse:%' OR q.account LIKE 'van:%' OR q.account LIKE 'transit:%')"
        " ELSE (q.account = w.owner OR SUBSTR(q.account, 1, LENGTH(w.owner) + 1) = w.owner || ':') END"
        " GROUP BY w.owner, w.item",
        *args,
    )
    return {(row["owner"], row["item"]): row for row in rows}


async def movements(
    tx: Transaction, accounts: Sequence[str], item: str, before: tuple[int, str, str] | None, limit: int
) -> list[Row]:
    """What moved a product at a location, by when it happened, newest first: each posting set with the balance after it, the
    document it belongs to and the decision that posted it last. `before` is (happened_at, document, posting_set) of the last row of
    the page before. Promises move nothing between places and are left out."""
    marks = ", ".join("?" * len(accounts))
    until, place, args = "", "", []
    if before is not None:
        until, args = " AND p.happened_at <= ?", [before[0]]
        place = (
            " WHERE m.happened_at < ? OR (m.happened_at = ? AND (m.document < ?"
            " OR (m.document = ? AND m.posting_set < ?)))"
        )
    after = [before[0], before[0], before[1], before[1], before[2]] if before is not None else []
    return await tx.rows(
        "SELECT m.happened_at, m.document, m.posting_set, m.amount, m.balance, m.recorded_at, dec.cause,"
        f' d.kind, d.scope, d."row", d.received_at, {field(tx, "dr.body", "name")} AS dealer_name FROM ('
        "SELECT g.*, CAST(SUM(g.amount) OVER (ORDER BY g.happened_at, g.document, g.posting_set) AS BIGINT) AS balance FROM ("
        "SELECT p.happened_at, p.document, p.posting_set, CAST(SUM(p.amount) AS BIGINT) AS amount,"
        " MIN(p.at) AS recorded_at, MAX(p.decision) AS decision FROM posting p"
        f" WHERE p.ledger = 'stock' AND p.account IN ({marks}) AND p.item = ? AND p.happened_at IS NOT NULL{until}"
        " GROUP BY p.happened_at, p.document, p.posting_set HAVING SUM(p.amount) <> 0) g) m"
        " JOIN document d ON d.id = m.document LEFT JOIN decision dec ON dec.id = m.decision"
        f" LEFT JOIN record dr ON dr.kind = 'dealer' AND dr.key = {DEALER}{place}"
        " ORDER BY m.happened_at DESC, m.document DESC, m.posting_set DESC LIMIT ?",
        *accounts, item, *args, *after, limit,
    )  # fmt: skip
