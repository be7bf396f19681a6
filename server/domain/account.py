"""Balances that are published as records, so that a tablet can advise before it asks.

The pipeline calls :func:`balance_records` with every balance that a transaction moved. Each answer names the record to write
(kind, key, scope) and the facts that its body needs; `body` makes it, or None where there is nothing to publish. The
pipeline needs to know no account, kind or scope by name::

    for wanted in balance_records(moved):
        body = wanted.body(records, balances)      # both hold what wanted.records and wanted.balances ask for
        if body is not None: write record (wanted.kind, wanted.key) into scope wanted.scope

Where master records are written, :func:`balance_records_of` says in the same way which of these records change with them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from .decision import BalanceKey
from .facts import RecordKey
from .quantity import format_quantity

Records = Mapping[RecordKey, dict[str, Any]]
Balances = Mapping[BalanceKey, int]


class BalanceRecord(msgspec.Struct, frozen=True):
    kind: str
    key: str
    scope: str
    records: tuple[RecordKey, ...]
    balances: tuple[BalanceKey, ...]
    body: Callable[[Records, Balances], dict[str, Any] | None]


def _account_balance(dealer: str, currency: str) -> BalanceRecord:
    record = RecordKey("dealer", dealer)
    receivable = BalanceKey("money", f"receivable:{dealer}", currency)
    open_orders = BalanceKey("commitment", f"open_orders:{dealer}", currency)

    def body(records: Records, balances: Balances) -> dict[str, Any] | None:
        known = records.get(record)
        if known is None or known["currency"] != currency:
            return None
        return {
            "dealer": dealer,
            "currency": currency,
            "receivable": balances.get(receivable, 0),
            "open_orders": balances.get(open_orders, 0),
            "limit": known.get("credit_limit"),
            "terms": known.get("terms"),
        }

    return BalanceRecord("account_balance", dealer, f"dealer:{dealer}", (record,), (receivable, open_orders), body)


def _stock_level(product: str) -> BalanceRecord:
    key = BalanceKey("stock", "warehouse:main", product)

    def body(records: Records, balances: Balances) -> dict[str, Any]:
        return {"product": product, "available": format_quantity(balances.get(key, 0))}

    return BalanceRecord("stock_level", product, "catalog", (), (key,), body)


def _of_dealer(key: BalanceKey) -> BalanceRecord:
    return _account_balance(key.account.partition(":")[2], key.item)


def _of_warehouse(key: BalanceKey) -> BalanceRecord:
    return _stock_level(key.item)


BALANCE_RECORDS: dict[tuple[str, str], Callable[[BalanceKey], BalanceRecord]] = {
    ("money", "receivable:"): _of_dealer,
    ("commitment", "open_orders:"): _of_dealer,
    ("stock", "warehouse:main"): _of_warehouse,
}
"""(ledger, account up to and with its colon, or whole) -> the record that shows it."""


def balance_records(moved: Iterable[BalanceKey]) -> list[BalanceRecord]:
    """The records to write anew when these balances moved; one for each (kind, key), in the order of its first balance."""
    found: dict[tuple[str, str], BalanceRecord] = {}
    for key in moved:
        head, colon, _ = key.account.partition(":")
        make = BALANCE_RECORDS.get((key.ledger, key.account)) or BALANCE_RECORDS.get((key.ledger, head + colon))
        if make is not None:
            record = make(key)
            found.setdefault((record.kind, record.key), record)
    return list(found.values())


def balance_records_of(written: Mapping[RecordKey, dict[str, Any] | None]) -> list[BalanceRecord]:
    """The balance records whose bodies also hold something of these master records, which headquarters has just written:
    a dealer's credit limit and terms."""
    return [
        _account_balance(key.key, body["currency"])
        for key, body in written.items()
        if key.kind == "dealer" and body is not None
    ]
