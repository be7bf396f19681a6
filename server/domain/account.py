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
from functools import lru_cache
from typing import Any

import msgspec

from .decision import BalanceKey, Notice
from .facts import RecordKey
from .locations import HEADQUARTERS, accounts_of, scope_of
from .quantity import THOUSANDTHS, format_quantity, parse_quantity

Records = Mapping[RecordKey, dict[str, Any]]
Balances = Mapping[BalanceKey, int]


SHOWN = 20_000
"""How many of the answers below are remembered: they say what to look up and never what it is."""
TOLD_EXACTLY = 100
"""Units in headquarters' warehouse from which on a tablet is told a round number: more than an order asks of one product."""
Watch = Callable[[dict[str, Any] | None, dict[str, Any] | None], tuple[Notice, ...]]


class BalanceRecord(msgspec.Struct, frozen=True):
    kind: str
    key: str
    scope: str
    records: tuple[RecordKey, ...]
    balances: tuple[BalanceKey, ...]
    body: Callable[[Records, Balances], dict[str, Any] | None]
    watch: Watch | None = None
    """(body before, body now) -> who is to be told of the difference."""
    needs: RecordKey | None = None
    """Nothing is shown where this record does not exist."""


@lru_cache(maxsize=SHOWN)
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


@lru_cache(maxsize=SHOWN)
def _stock_level(product: str) -> BalanceRecord:
    key = BalanceKey("stock", "warehouse:main", product)

    def body(records: Records, balances: Balances) -> dict[str, Any]:
        told, more = told_level(balances.get(key, 0))
        level = {"product": product, "available": format_quantity(told)}
        return level | {"at_least": True} if more else level

    return BalanceRecord("stock_level", product, "catalog", (), (key,), body)


def told_level(available: int) -> tuple[int, bool]:
    """What is told of an amount in thousandths, and whether there may be more: exact below 100 units, beyond that its first digit
    with noughts. Else every line of every order would be news for every dealer's tablet."""
    units = available // THOUSANDTHS
    if units < TOLD_EXACTLY:
        return available, False
    step = 10 ** (len(str(units)) - 1)
    return units // step * step * THOUSANDTHS, True


@lru_cache(maxsize=SHOWN)
def _stock_on_hand(location: str, product: str) -> BalanceRecord:
    """What lies at a location, beside what should lie there. In headquarters' warehouse only what somebody watches."""
    policy = RecordKey("stock_policy", f"{location}/{product}")
    accounts = [BalanceKey("stock", account, product) for account in accounts_of(location)]

    def body(records: Records, balances: Balances) -> dict[str, Any]:
        watched = records.get(policy)
        amounts = [balances.get(key, 0) for key in accounts]
        available = amounts[0]
        return {
            "location": location,
            "product": product,
            "on_hand": format_quantity(sum(amounts)),
            "reserved": format_quantity(sum(amounts[1:])),
            "level": level_of(available, watched or {}),
        }

    scope = scope_of(location)
    return BalanceRecord(
        "stock_on_hand",
        f"{location}/{product}",
        scope,
        (policy,),
        tuple(accounts),
        body,
        _crossed,
        policy if scope == HEADQUARTERS else None,
    )


def level_of(available: int, policy: Mapping[str, Any]) -> str:
    """`low` at or below the low threshold, `high` above the high one, `below` where there is less than nothing, else `ok`."""
    if available < 0:
        return "below"
    low, high = policy.get("low"), policy.get("high")
    if low is not None and available <= parse_quantity(low):
        return "low"
    return "high" if high is not None and available > parse_quantity(high) else "ok"


def _crossed(before: dict[str, Any] | None, now: dict[str, Any] | None) -> tuple[Notice, ...]:
    """Once for each crossing, not for each movement beyond it."""
    if now is None or now["level"] == "ok" or (before or {}).get("level") == now["level"]:
        return ()
    params = {name: now[name] for name in ("location", "product", "on_hand")}
    code = f"stock_{now['level']}"
    told = Notice("scope", code, params)
    return (told,) if scope_of(now["location"]) == HEADQUARTERS else (told, Notice("hq", code, params))


def _of_dealer(key: BalanceKey) -> tuple[BalanceRecord, ...]:
    return (_account_balance(key.account.partition(":")[2], key.item),)


def _of_main(key: BalanceKey) -> tuple[BalanceRecord, ...]:
    return _stock_level(key.item), _stock_on_hand("warehouse:main", key.item)


def _of_location(key: BalanceKey) -> tuple[BalanceRecord, ...]:
    return (_stock_on_hand(key.account, key.item),)


def _of_reserved(key: BalanceKey) -> tuple[BalanceRecord, ...]:
    return (_stock_on_hand("warehouse:main", key.item),)


BALANCE_RECORDS: dict[tuple[str, str], Callable[[BalanceKey], tuple[BalanceRecord, ...]]] = {
    ("money", "receivable:"): _of_dealer,
    ("commitment", "open_orders:"): _of_dealer,
    ("stock", "warehouse:main"): _of_main,
    ("stock", "warehouse:"): _of_location,
    ("stock", "reserved"): _of_reserved,
    ("stock", "dealer:"): _of_location,
    ("stock", "van:"): _of_location,
}
"""(ledger, account up to and with its colon, or whole) -> the records that show it."""


def balance_records(moved: Iterable[BalanceKey]) -> list[BalanceRecord]:
    """The records to write anew when these balances moved; one for each (kind, key), in the order of its first balance."""
    found: dict[tuple[str, str], BalanceRecord] = {}
    for key in moved:
        head, colon, _ = key.account.partition(":")
        make = BALANCE_RECORDS.get((key.ledger, key.account)) or BALANCE_RECORDS.get((key.ledger, head + colon))
        for record in make(key) if make is not None else ():
            found.setdefault((record.kind, record.key), record)
    return list(found.values())


def balance_records_of(written: Mapping[RecordKey, dict[str, Any] | None]) -> list[BalanceRecord]:
    """The balance records whose bodies also hold something of these master records, which headquarters has just written: a
    dealer's credit limit and terms, the thresholds of a location."""
    accounts = [
        _account_balance(key.key, body["currency"])
        for key, body in written.items()
        if key.kind == "dealer" and body is not None
    ]
    stocks = [_stock_on_hand(*key.key.rsplit("/", 1)) for key in written if key.kind == "stock_policy"]
    return accounts + stocks
