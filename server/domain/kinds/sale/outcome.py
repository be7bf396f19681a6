"""What stands for a sale: goods that left, money in the dealer's own books, and what is published."""

from __future__ import annotations

from typing import Any

from ...decision import Posting, Reason, RecordWrite
from ...facts import Facts, RecordKey
from ...ledger import move
from ...moments import iso
from ...quantity import THOUSANDTHS, format_quantity
from ...warranty import last_days, policy_of, warranty_key
from .assessment import Assessment, Sold, lot_books, returned_key, stock_books
from .document import Sale

Sets = dict[str, tuple[Posting, ...]]


def paid(sale: Sale) -> int:
    return sum(payment.amount for payment in sale.payments.values())


def posting_sets(sale: Sale, found: Assessment) -> Sets:
    target = f"customer:{sale.dealer}"
    goods = [
        leg
        for product, amount in found.by_product().items()
        for leg in move("stock", found.location, target, product, amount)
    ]
    for sold in found.lines:
        for item, amount in sold.lots.items():
            goods += move("lot", found.location, target, item, amount)
    taken = paid(sale)
    legs = (
        (f"till:{sale.dealer}", taken),
        (f"customer_due:{sale.dealer}", found.total - taken),
        (f"sales:{sale.dealer}", -found.net),
        (f"sales_tax:{sale.dealer}", -found.tax),
    )
    money = tuple(Posting("money", account, sale.currency, amount) for account, amount in legs if amount)
    return {name: each for name, each in (("goods", tuple(goods)), ("money", money)) if each}


def stock_reasons(found: Assessment, facts: Facts) -> list[Reason]:
    """S4: sold from what is not there as far as anybody knows; a receipt that comes later makes it good."""
    said = []
    wanted = found.by_product()
    for book in stock_books(found):
        left = facts.books.get(book, 0) - wanted[book.item]
        if left < 0:
            params = {"product": book.item, "location": found.location, "on_hand": format_quantity(left)}
            said.append(Reason("stock_short", params, None, "S4"))
    return said


def serial_reasons(sale: Sale, found: Assessment, sold: Sold, facts: Facts) -> list[Reason]:
    """S5: never refused. Whoever sold the machine first keeps the warranty."""
    said = []
    for serial in dict.fromkeys(sold.line.serials):
        about = {"product": sold.line.product, "serial": serial}
        here, with_customer = _whereabouts(sale, found, sold, serial, facts)
        if with_customer >= THOUSANDTHS:
            said.append(Reason("serial_sold_before", about, sold.id, "S5"))
        elif here < THOUSANDTHS:
            said.append(Reason("serial_not_in_stock", {**about, "location": found.location}, sold.id, "S5"))
    return said


def _whereabouts(sale: Sale, found: Assessment, sold: Sold, serial: str, facts: Facts) -> tuple[int, int]:
    item = f"{sold.line.product}#{serial}"
    here, there = (facts.books.get(book, 0) for book in lot_books(sale, found, sold) if book.item == item)
    return here, there


def warranties(sale: Sale, found: Assessment, facts: Facts) -> list[tuple[Sold, str, dict[str, Any]]]:
    """(line, serial number, body) of what is under warranty by this sale: sold here first and not brought back (S7)."""
    back = {serial for body in facts.below(returned_key(sale)).values() for serial in body["serials"]}
    begun = []
    for sold in found.lines:
        product = sold.line.product
        policy = policy_of(facts.records, product, facts.records.get(RecordKey("product", product)))
        for serial in dict.fromkeys(sold.line.serials if policy is not None else ()):
            if f"{product}#{serial}" in back or _whereabouts(sale, found, sold, serial, facts)[1] >= THOUSANDTHS:
                continue
            body = {
                "product": product,
                "serial": serial,
                "dealer": sale.dealer,
                "sold_at": iso(found.at),
                **last_days(found.at, policy or {}),
                "document": facts.document,
                "number": sale.number,
                "line": sold.id,
                "customer": customer_of(sale)[:200],
            }
            begun.append((sold, serial, body))
    return begun


def customer_of(sale: Sale) -> str:
    return sale.customer.id or sale.customer.name or sale.customer.phone


def records(sale: Sale, found: Assessment, facts: Facts) -> tuple[RecordWrite, ...]:
    lines = {
        sold.id: {
            "product": sold.line.product,
            "quantity": sold.line.quantity,
            "unit": sold.line.unit,
            "base": None if sold.base is None else format_quantity(sold.base),
            "net": sold.net,
            "tax": sold.tax,
            "serials": list(dict.fromkeys(sold.line.serials)),
            "batch": sold.line.batch,
        }
        for sold in found.lines
    }
    body = {
        "id": facts.document,
        "number": sale.number,
        "dealer": sale.dealer,
        "currency": sale.currency,
        "at": found.at,
        "location": found.location,
        "customer": customer_of(sale),
        "net": found.net,
        "tax": found.tax,
        "total": found.total,
        "due": found.total - paid(sale),
        "lines": lines,
    }
    started = warranties(sale, found, facts)
    scope = f"service:{sale.dealer}"
    return (
        RecordWrite("sale", facts.document, body),
        RecordWrite("sale_number", f"{sale.dealer}/{sale.number}", {"id": facts.document}),
        *(RecordWrite("warranty", warranty_key(sale.dealer, serial).key, each, scope) for _, serial, each in started),
    )
