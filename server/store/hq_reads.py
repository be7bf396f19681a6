"""SQL of what headquarters reads: lists in pages by key, never by offset, and one statement for each list.

JSON that lists filter by is read in the database. Times are UTC milliseconds; amounts are minor units or thousandths.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from .transaction import Row, Transaction

DEALER = (
    "(CASE WHEN d.scope LIKE 'dealer:%' THEN SUBSTR(d.scope, 8)"
    " WHEN d.scope LIKE 'service:%' THEN SUBSTR(d.scope, 9) END)"
)
"""The dealer of a document in a scope `dealer:<id>` or `service:<id>`; null in any other."""
OF_TECHNICIAN = (
    "LEFT JOIN record tr ON tr.kind = 'technician' AND d.scope LIKE 'technician:%' AND tr.key = SUBSTR(d.scope, 12)"
)
"""The person of a document in a scope `technician:<account>`."""

_ROW = 'd."row"'


class OrderFilter(msgspec.Struct, frozen=True):
    """None or empty: not asked for. `text` is looked for in numbers and in dealers' ids and names."""

    verdict: str | None = None
    stage: str | None = None
    dealer: str | None = None
    text: str = ""
    needs: bool = False


def field(tx: Transaction, column: str, *path: str) -> str:
    """SQL for a text in a JSON column."""
    if tx.engine == "postgres":
        steps = "".join(f" -> '{name}'" for name in path[:-1])
        return f"(CAST({column} AS json){steps} ->> '{path[-1]}')"
    return f"json_extract({column}, '$.{'.'.join(path)}')"


def holds(tx: Transaction, name: str, value: str | bool) -> tuple[str, list[str]]:
    """SQL and arguments for rows whose field has this value. The text of the row is looked at first: reading JSON costs ten
    times as much, and few rows are left for it. (Rows are written without blanks.)"""
    exact = field(tx, _ROW, name)
    pattern = like(f'"{name}":{msgspec.json.encode(value).decode()}')
    if value is True:
        true = "'true'" if tx.engine == "postgres" else "1"
        return f"({_ROW} LIKE ? ESCAPE '\\' AND {exact} = {true})", [pattern]
    return f"({_ROW} LIKE ? ESCAPE '\\' AND {exact} = ?)", [pattern, str(value)]


def like(text: str) -> str:
    """A pattern for a text that stands anywhere, whatever is in it."""
    plain = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{plain}%"


def containing(columns: Sequence[str], text: str) -> tuple[str, list[str]]:
    """SQL and arguments for a text that stands in any of these columns, whatever its case."""
    sql = " OR ".join(f"LOWER({column}) LIKE ? ESCAPE '\\'" for column in columns)
    return f"({sql})", [like(text.lower())] * len(columns)


def _order_columns(tx: Transaction) -> str:
    return (
        f'd.id AS document, d.kind, d.scope, d.verdict, d.arrived, d.received_at, d.updated_at, d."row",'
        f" {field(tx, 'dr.body', 'name')} AS dealer_name"
    )


_ORDERS = f"document d LEFT JOIN record dr ON dr.kind = 'dealer' AND dr.key = {DEALER}"


def _where(tx: Transaction, wanted: OrderFilter, verdict: bool) -> tuple[str, list[Any]]:
    parts, args = ["d.kind = 'order'"], []
    if verdict and wanted.verdict:
        parts.append("d.verdict = ?")
        args.append(wanted.verdict)
    if wanted.dealer:
        parts.append("d.scope = ?")
        args.append(f"dealer:{wanted.dealer}")
    for name, value in (("stage", wanted.stage), ("attention", wanted.needs)):
        if value:
            sql, more = holds(tx, name, value)
            parts.append(sql)
            args += more
    if wanted.text:
        dealer, more = containing(["r.key", field(tx, "r.body", "name")], wanted.text)
        parts.append(
            f"(d.scope IN (SELECT 'dealer:' || r.key FROM record r WHERE r.kind = 'dealer' AND {dealer})"
            f" OR (LOWER({_ROW}) LIKE ? ESCAPE '\\' AND LOWER({field(tx, _ROW, 'number')}) LIKE ? ESCAPE '\\'))"
        )
        args += [*more, like(msgspec.json.encode(wanted.text.lower()).decode()[1:-1]), like(wanted.text.lower())]
    return " AND ".join(parts), args


async def orders(tx: Transaction, wanted: OrderFilter, before: int | None, limit: int) -> list[Row]:
    """Newest arrival first; `before` is the `arrived` of the last row of the page before."""
    where, args = _where(tx, wanted, True)
    if before is not None:
        where += " AND d.arrived < ?"
        args.append(before)
    return await tx.rows(
        f"SELECT {_order_columns(tx)} FROM {_ORDERS} WHERE {where} ORDER BY d.arrived DESC LIMIT ?", *args, limit
    )


async def order_counts(tx: Transaction, wanted: OrderFilter) -> dict[str, int]:
    """How many of each verdict the other filters leave."""
    where, args = _where(tx, wanted, False)
    rows = await tx.rows(f"SELECT d.verdict, COUNT(*) AS n FROM document d WHERE {where} GROUP BY d.verdict", *args)
    return {row["verdict"]: int(row["n"]) for row in rows}


async def waiting_orders(tx: Transaction, case: bool, limit: int) -> list[Row]:
    """Orders that headquarters must settle, the one that has waited longest first, each with its decision: those held, or
    with `case` those that were edited after shipping."""
    which, args = holds(tx, "case", True) if case else ("d.verdict = 'held'", [])
    return await tx.rows(
        f"SELECT {_order_columns(tx)}, dec.body AS decision FROM {_ORDERS}"
        " LEFT JOIN decision dec ON dec.id = (SELECT MAX(n.id) FROM decision n WHERE n.document = d.id)"
        f" WHERE d.kind = 'order' AND {which} ORDER BY d.arrived LIMIT ?",
        *args, limit,
    )  # fmt: skip


async def waiting_counts(tx: Transaction) -> Row:
    """held, cases."""
    case, args = holds(tx, "case", True)
    return (
        await tx.rows(
            "SELECT (SELECT COUNT(*) FROM document d WHERE d.kind = 'order' AND d.verdict = 'held') AS held,"
            f" (SELECT COUNT(*) FROM document d WHERE d.kind = 'order' AND {case}) AS cases",
            *args,
        )
    )[0]


# --- one document


async def document(tx: Transaction, name: str) -> Row | None:
    return await tx.row(
        'SELECT d.id, d.kind, d.scope, d.content, d.conflicts, d."row", d.verdict, d.received_at, d.updated_at,'
        f" {field(tx, 'dr.body', 'name')} AS dealer_name, {field(tx, 'tr.body', 'name')} AS technician_name"
        f" FROM {_ORDERS} {OF_TECHNICIAN} WHERE d.id = ?",
        name,
    )


async def decisions_of(tx: Transaction, name: str, limit: int) -> list[Row]:
    """Newest first."""
    return await tx.rows(
        "SELECT id, verdict, body, cause, at FROM decision WHERE document = ? ORDER BY id DESC LIMIT ?", name, limit
    )


async def changes_of(tx: Transaction, name: str, limit: int) -> list[Row]:
    """Oldest first, with who made them; the newest `limit`."""
    rows = await tx.rows(
        "SELECT c.hash, c.made_at, c.clock_offset, c.received_at, c.device, c.message, v.name AS device_name,"
        " a.name AS account_name FROM change c LEFT JOIN device v ON v.id = c.device"
        " LEFT JOIN account a ON a.id = v.account WHERE c.document = ? ORDER BY c.position DESC LIMIT ?",
        name,
        limit,
    )
    return rows[::-1]


async def commands_of(tx: Transaction, name: str) -> list[Row]:
    return await tx.rows(
        'SELECT c.id, c.name, c.params, c."by", a.name AS by_name, c.at FROM command c'
        ' LEFT JOIN account a ON a.id = c."by" WHERE c.document = ? ORDER BY c.number',
        name,
    )


async def postings_of(tx: Transaction, name: str) -> list[Row]:
    return await tx.rows(
        "SELECT posting_set, ledger, account, item, amount, at FROM ("
        "SELECT p.* FROM decision d JOIN posting p ON p.decision = d.id AND p.ledger <> 'value' WHERE d.document = ?"
        " UNION ALL SELECT * FROM posting WHERE ledger = 'value' AND document = ?) p ORDER BY id",
        name, name,
    )  # fmt: skip


async def names_of_devices(tx: Transaction, devices: Sequence[str]) -> list[Row]:
    wanted, args = tx.listed("id text", [(device,) for device in devices])
    return await tx.rows(
        f"SELECT v.id, v.name AS device_name, a.name AS account_name FROM {wanted} AS w JOIN device v ON v.id = w.id"
        " LEFT JOIN account a ON a.id = v.account",
        *args,
    )


# --- dealers


async def dealers(tx: Transaction) -> list[Row]:
    """Every dealer's record with how many devices it has, when one last synced, and how many of its orders are held."""
    return await tx.rows(
        "SELECT r.key, r.body, COALESCE(v.devices, 0) AS devices, v.synced_at, COALESCE(h.held, 0) AS held"
        " FROM record r LEFT JOIN (SELECT a.dealer, COUNT(*) AS devices, MAX(d.synced_at) AS synced_at"
        " FROM device d JOIN account a ON a.id = d.account WHERE d.revoked_at IS NULL GROUP BY a.dealer) v"
        " ON v.dealer = r.key LEFT JOIN (SELECT scope, COUNT(*) AS held FROM document WHERE verdict = 'held'"
        " AND kind = 'order' GROUP BY scope) h ON h.scope = 'dealer:' || r.key"
        " WHERE r.kind = 'dealer' AND r.body IS NOT NULL ORDER BY r.key"
    )


async def dealer_balances(tx: Transaction) -> dict[tuple[str, str], int]:
    """(account, currency) -> amount, for what dealers owe and have ordered."""
    rows = await tx.rows(
        "SELECT account, item, amount FROM balance WHERE (ledger = 'money' AND account LIKE 'receivable:%')"
        " OR (ledger = 'commitment' AND account LIKE 'open_orders:%')"
    )
    return {(row["account"], row["item"]): row["amount"] for row in rows}


async def balances_of_dealer(tx: Transaction, dealer: str, currency: str) -> dict[str, int]:
    """receivable and open_orders."""
    rows = await tx.rows(
        "SELECT account, amount FROM balance WHERE item = ? AND ((ledger = 'money' AND account = ?)"
        " OR (ledger = 'commitment' AND account = ?))",
        currency, f"receivable:{dealer}", f"open_orders:{dealer}",
    )  # fmt: skip
    return {row["account"].partition(":")[0]: row["amount"] for row in rows}


async def account_entries(tx: Transaction, account: str, currency: str, limit: int) -> list[Row]:
    """The newest `limit` sums of posting sets on a money account, oldest first, each with the balance after it."""
    rows = await tx.rows(
        "SELECT e.at, e.document, e.posting_set, e.amount, e.balance, e.kind, e.number, i.body AS invoice FROM"
        " (SELECT s.id, s.at, s.document, s.posting_set, CAST(s.amount AS BIGINT) AS amount,"
        " CAST(SUM(s.amount) OVER (ORDER BY s.id) AS BIGINT) AS balance, d.kind,"
        f" {field(tx, _ROW, 'number')} AS number"
        " FROM (SELECT MIN(p.id) AS id, MIN(p.at) AS at, p.document, p.posting_set, SUM(p.amount) AS amount FROM posting p"
        " WHERE p.ledger = 'money' AND p.account = ? AND p.item = ? GROUP BY p.decision, p.document, p.posting_set"
        " HAVING SUM(p.amount) <> 0) s LEFT JOIN document d ON d.id = s.document) e"
        " LEFT JOIN record i ON i.kind = 'invoice' AND i.key = SUBSTR(e.posting_set, 9)"
        " AND e.posting_set LIKE 'invoice:%' ORDER BY e.id DESC LIMIT ?",
        account, currency, limit,
    )  # fmt: skip
    return rows[::-1]


async def dealer_record(tx: Transaction, dealer: str) -> Row | None:
    return await tx.row("SELECT body FROM record WHERE kind = 'dealer' AND key = ? AND body IS NOT NULL", dealer)


# --- products and stock


async def products(tx: Transaction, text: str, after: str, limit: int, category: str = "") -> list[Row]:
    """By key. A text is looked for in the id, both names and the pinyin."""
    where, args = "", list[str]()
    if text:
        columns = ["r.key", *(field(tx, "r.body", *path) for path in (("name", "zh"), ("name", "en"), ("pinyin",)))]
        sql, args = containing(columns, text)
        where = f" AND {sql}"
    if category:
        where += f" AND {field(tx, 'r.body', 'category')} = ?"
        args = [*args, category]
    return await tx.rows(
        f"SELECT r.key, r.body FROM record r WHERE r.kind = 'product' AND r.body IS NOT NULL AND r.key > ?{where}"
        " ORDER BY r.key LIMIT ?",
        after, *args, limit,
    )  # fmt: skip


async def stock_of(tx: Transaction, items: Sequence[str]) -> dict[str, Row]:
    """available, reserved and transit of each of these products that has moved."""
    wanted, args = tx.listed("item text", [(item,) for item in items])
    rows = await tx.rows(
        "SELECT b.item, CAST(SUM(CASE WHEN b.account = 'warehouse:main' THEN b.amount ELSE 0 END) AS BIGINT) AS available,"
        " CAST(SUM(CASE WHEN b.account = 'reserved' THEN b.amount ELSE 0 END) AS BIGINT) AS reserved,"
        " CAST(SUM(CASE WHEN b.account LIKE 'transit:%' THEN b.amount ELSE 0 END) AS BIGINT) AS transit"
        f" FROM {wanted} AS w JOIN balance b ON b.item = w.item WHERE b.ledger = 'stock' GROUP BY b.item",
        *args,
    )
    return {row["item"]: row for row in rows}


# --- devices, people, what was refused, the audit log

_DEVICES = (
    "SELECT v.id, v.name, v.short_code, v.account, a.name AS account_name, a.role, a.dealer, v.created_at, v.seen_at,"
    " v.synced_at, v.clock_offset, v.revoked_at, {dealer_name} AS dealer_name FROM device v"
    " LEFT JOIN account a ON a.id = v.account"
    " LEFT JOIN record dr ON dr.kind = 'dealer' AND dr.key = a.dealer"
)


async def devices(tx: Transaction) -> list[Row]:
    """Those in use first, newest first."""
    sql = _DEVICES.format(dealer_name=field(tx, "dr.body", "name"))
    return await tx.rows(
        f"{sql} ORDER BY CASE WHEN v.revoked_at IS NULL THEN 0 ELSE 1 END, v.created_at DESC, v.id LIMIT 2000"
    )


async def stale_devices(tx: Transaction, before: int, limit: int) -> list[Row]:
    """In use, and silent since before then; the longest silent first."""
    sql = _DEVICES.format(dealer_name=field(tx, "dr.body", "name"))
    return await tx.rows(
        f"{sql} WHERE v.revoked_at IS NULL AND v.synced_at < ? AND v.created_at < ? ORDER BY v.synced_at, v.id LIMIT ?",
        before, before, limit,
    )  # fmt: skip


async def dealer_names(tx: Transaction) -> dict[str, str]:
    rows = await tx.rows(
        f"SELECT r.key, {field(tx, 'r.body', 'name')} AS name FROM record r WHERE r.kind = 'dealer' AND r.body IS NOT NULL"
    )
    return {row["key"]: row["name"] for row in rows}


async def quarantine(tx: Transaction, since: int, limit: int) -> list[Row]:
    """What was refused since then, newest first, with whose it was. The bytes stay where they are."""
    return await tx.rows(
        "SELECT q.id, q.device, q.document, q.kind, q.scope, q.hash, q.code, q.detail, q.at, v.name AS device_name,"
        f" a.name AS account_name, {field(tx, 'dr.body', 'name')} AS dealer_name FROM quarantine q"
        " LEFT JOIN device v ON v.id = q.device LEFT JOIN account a ON a.id = v.account"
        " LEFT JOIN record dr ON dr.kind = 'dealer' AND dr.key = a.dealer WHERE q.at >= ? ORDER BY q.id DESC LIMIT ?",
        since,
        limit,
    )


async def quarantine_count(tx: Transaction, since: int) -> int:
    return int((await tx.rows("SELECT COUNT(*) AS n FROM quarantine WHERE at >= ?", since))[0]["n"])


async def audit(tx: Transaction, before: tuple[int, int, int], limit: int) -> list[Row]:
    """Acts of access and commands in one list, newest first. `before` is (at, source, number) of the last row of the page
    before; source 0 is the audit log, 1 the commands."""
    at, source, number = before
    return await tx.rows(
        'SELECT e.source, e.number, e.at, e."by", e.what, e.subject, e.detail, b.name AS by_name,'
        f" COALESCE(s.name, v.name, {field(tx, _ROW, 'number')}) AS subject_name FROM ("
        'SELECT * FROM (SELECT 0 AS source, id AS number, at, "by", what, subject, detail FROM audit'
        " WHERE at < ? OR (at = ? AND (0 < ? OR (0 = ? AND id < ?))) ORDER BY at DESC, id DESC LIMIT ?) x"
        " UNION ALL SELECT * FROM (SELECT 1 AS source, number, at, \"by\", kind || '.' || name AS what,"
        " document AS subject, params AS detail FROM command"
        " WHERE at < ? OR (at = ? AND (1 < ? OR (1 = ? AND number < ?))) ORDER BY at DESC, number DESC LIMIT ?) y"
        ') e LEFT JOIN account b ON b.id = e."by" LEFT JOIN account s ON s.id = e.subject'
        " LEFT JOIN device v ON v.id = e.subject LEFT JOIN document d ON d.id = e.subject"
        " ORDER BY e.at DESC, e.source DESC, e.number DESC LIMIT ?",
        at, at, source, source, number, limit, at, at, source, source, number, limit, limit,
    )  # fmt: skip
