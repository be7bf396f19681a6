"""SQL of the master data that headquarters edits on its screens: thresholds of stock, and closings of the books."""

from __future__ import annotations

from .hq_reads import containing, field
from .transaction import Row, Transaction


async def policies(tx: Transaction, location: str, text: str, after: str, limit: int) -> list[Row]:
    """By key (`<location>/<product>`): key, version and body, the names of product and place, the product's unit."""
    place, item = field(tx, "p.body", "location"), field(tx, "p.body", "product")
    head = f"SUBSTR({place}, 1, 4)"
    # `dealer:<dealer>` or `dealer:<dealer>:<place>`; `van:<technician>`.
    who = (
        f"CASE {head} WHEN 'deal' THEN SUBSTR({place}, 8, CASE WHEN {_colon(tx, place, 8)} > 0"
        f" THEN {_colon(tx, place, 8)} - 1 ELSE 200 END) WHEN 'van:' THEN SUBSTR({place}, 5) END"
    )
    where, args = "p.kind = 'stock_policy' AND p.body IS NOT NULL AND p.key > ?", [after]
    if location:
        where += f" AND {place} = ?"
        args.append(location)
    if text:
        sql, more = containing([item, field(tx, "pr.body", "name", "zh"), field(tx, "pr.body", "name", "en")], text)
        where += f" AND {sql}"
        args += more
    return await tx.rows(
        f"SELECT p.key, p.version, p.body, {field(tx, 'pr.body', 'name')} AS product_name,"
        f" {field(tx, 'pr.body', 'base_unit')} AS unit, {field(tx, 'w.body', 'name')} AS location_name FROM record p"
        f" LEFT JOIN record pr ON pr.kind = 'product' AND pr.key = {item}"
        f" LEFT JOIN record w ON w.kind = CASE {head} WHEN 'van:' THEN 'technician' ELSE 'dealer' END AND w.key = {who}"
        f" WHERE {where} ORDER BY p.key LIMIT ?",
        *args, limit,
    )  # fmt: skip


def _colon(tx: Transaction, column: str, start: int) -> str:
    find = "STRPOS" if tx.engine == "postgres" else "INSTR"
    return f"{find}(SUBSTR({column}, {start}), ':')"


async def versions_of(tx: Transaction, kind: str, key: str) -> list[Row]:
    """Every version of a master record, oldest first, with who wrote it."""
    return await tx.rows(
        'SELECT v.version, v.body, v.at, v."by", a.name AS by_name FROM record_version v'
        ' LEFT JOIN account a ON a.id = v."by" WHERE v.kind = ? AND v.key = ? ORDER BY v.version',
        kind, key,
    )  # fmt: skip


async def behind(tx: Transaction, until: int) -> Row:
    """Before the books are closed until a moment: devices in use that have not synced since, and documents that arrived before and
    that somebody must still look at."""
    rows = await tx.rows(
        "SELECT (SELECT COUNT(*) FROM device v WHERE v.revoked_at IS NULL AND v.synced_at < ? AND v.created_at < ?) AS silent,"
        " (SELECT COUNT(*) FROM document d WHERE d.verdict = 'held' AND d.received_at < ?) AS held",
        until, until, until,
    )  # fmt: skip
    return rows[0]
