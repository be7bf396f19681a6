"""The order's face: which facts it needs, what it decides from them, and its row in a list. The rules are in RULES.md."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from ...decision import BalanceKey, Decision, Notice, Reason
from ...facts import FactRequests, Facts, RecordKey
from ...money import line_amount
from ...quantity import format_quantity, parse_quantity
from .allocation import stock_key
from .assessment import Assessment, assess, quantity_in_units, receipts_key
from .credit import open_orders_key, receivable_key
from .document import Order
from .lines import OrderLine
from .outcome import costs, posting_sets, records, times
from .pricing import LARGEST_LINE


def facts_needed(order: Order) -> FactRequests:
    products = {line.product for line in order.lines.values()}
    wanted = [RecordKey("dealer", order.dealer), *(RecordKey("product", product) for product in sorted(products))]
    if order.price_list is not None:
        wanted += _prices(order.price_list, products)
    balances = (
        receivable_key(order.dealer, order.currency),
        open_orders_key(order.dealer, order.currency),
        *(stock_key(product) for product in sorted(products)),
    )
    return FactRequests(tuple(wanted), balances, below=(receipts_key(order),))


def more_facts(order: Order, known: Mapping[RecordKey, dict[str, Any]]) -> FactRequests:
    """The dealer's own price list, where the order was taken from another or from none."""
    dealer = known.get(RecordKey("dealer", order.dealer))
    current = dealer.get("price_list") if dealer else None
    if current is None or current == order.price_list:
        return FactRequests()
    return FactRequests(tuple(_prices(current, {line.product for line in order.lines.values()})))


def _prices(price_list: str, products: set[str]) -> list[RecordKey]:
    prices = [RecordKey("price", f"{price_list}/{product}") for product in sorted(products)]
    return [RecordKey("price_list", price_list), *prices]


def decide(order: Order, facts: Facts) -> Decision:
    found = assess(order, facts)
    verdict = found.verdict()
    if verdict == "draft":
        said = tuple(reason for reason in found.reasons if reason.rule == "O17")
        return Decision("draft", said, _figures(order, found))
    sets = posting_sets(order, found, facts, verdict)
    reasons = (*found.reasons, *_progress(found))
    return Decision(
        verdict,
        reasons,
        _figures(order, found),
        sets,
        records(order, found, facts),
        _notices(order, found, facts, verdict),
        _waits(order, found, verdict),
        times(found, sets),
        costs(found, sets),
        records_read=_records_read(order, found),
    )


def _records_read(order: Order, found: Assessment) -> tuple[tuple[str, str], ...]:
    """O23: once goods are on their way, the dealer's receipts."""
    key = receipts_key(order)
    return ((key.kind, key.key),) if found.history.shipments else ()


def _figures(order: Order, found: Assessment) -> dict[str, Any]:
    figures: dict[str, Any] = {
        "currency": order.currency,
        "net": found.net,
        "tax": found.tax,
        "total": found.total,
        "lines": {line.id: _line_figures(line, found) for line in found.lines},
    }
    if found.price_list is not None:
        figures["price_list"] = found.price_list
    if found.credit:
        figures["credit"] = found.credit
    if found.history.invoices:
        figures["invoiced"] = found.history.invoiced_total()
    return figures


def _line_figures(line: OrderLine, found: Assessment) -> dict[str, Any]:
    """Only what says something: a quantity of nothing, or a price that is like the captured one, is left out."""
    figures: dict[str, Any] = {"state": line.state, "price": line.price, "net": line.net, "tax": line.tax}
    if line.price != line.captured or (line.expected is not None and line.expected != line.captured):
        figures["captured"] = line.captured
        figures["expected"] = line.expected
    allocated = found.allocated.get(line.id)
    if allocated is not None and line.state == "open":
        figures["allocated"] = quantity_in_units(line, allocated)
        if allocated < line.base and not found.held:
            figures["back_ordered"] = quantity_in_units(line, line.base - allocated)
    if found.shipped.get(line.id):
        figures["shipped"] = quantity_in_units(line, found.shipped[line.id])
    if found.history.invoices:
        figures["invoiced"] = format_quantity(found.history.invoiced().get(line.id, 0))
    return figures


def _progress(found: Assessment) -> list[Reason]:
    """What was sent, arrived and was invoiced, so that the tablet reads it with the rest (O20, O21)."""
    said: list[Reason] = []
    for shipment in found.history.shipments.values():
        params = {"number": shipment.number, "carrier": shipment.carrier, "tracking": shipment.tracking}
        said.append(Reason("shipped", params, None, "O20"))
        if shipment.delivered_at is not None:
            rule = "O20" if shipment.receipt is None else "O23"
            said.append(Reason("delivered", {"number": shipment.number, "at": shipment.delivered_at}, None, rule))
    for invoice in found.history.invoices.values():
        said.append(Reason("invoiced", {"number": invoice.number, "total": invoice.total}, None, "O21"))
    return said


def _notices(order: Order, found: Assessment, facts: Facts, verdict: str) -> tuple[Notice, ...]:
    """News is what does not stand yet: a new shipment or invoice; else the verdict. Headquarters hears of what it must settle."""
    history, standing = found.history, facts.standing
    number = {"number": order.number}
    news: list[Notice] = []
    for shipment in history.shipments.values():
        if f"shipment:{shipment.id}" not in standing:
            news.append(Notice("scope", "order_shipped", {**number, "shipment": shipment.number}))
        elif shipment.delivery and shipment.receipt is None and f"delivery:{shipment.delivery}" not in standing:
            news.append(Notice("scope", "order_delivered", {**number, "shipment": shipment.number}))
    for invoice in history.invoices.values():
        if f"invoice:{invoice.id}" not in standing:
            amount = {"total": invoice.total, "currency": order.currency}
            news.append(Notice("scope", "order_invoiced", {**number, "invoice": invoice.number, **amount}))
    if not news and not found.case:
        news.append(Notice("scope", f"order_{verdict}", number))
    if found.case:
        news.append(Notice("hq", "order_case", number))
    elif verdict == "held":
        news.append(Notice("hq", "order_held", number))
    return tuple(news)


def _waits(order: Order, found: Assessment, verdict: str) -> tuple[BalanceKey, ...]:
    """O22: a payment or a cancelled order may free credit; goods that come in may fill a back order."""
    if found.rejected or verdict in ("withdrawn", "closed"):
        return ()
    if found.held:
        codes = {reason.code for reason in found.reasons}
        if codes & {"credit_over_limit", "prepayment_short"}:
            return receivable_key(order.dealer, order.currency), open_orders_key(order.dealer, order.currency)
        return ()
    short = {line.product for line in found.open_lines if found.allocated[line.id] < line.base}
    return tuple(stock_key(product) for product in sorted(short))


def row(order: Order, decision: Decision) -> dict[str, Any]:
    figures = decision.figures
    total = figures.get("total") if figures.get("lines") else None
    reasons = {reason.code for reason in decision.reasons}
    case = "edited_after_shipping" in reasons
    held_line = any(line["state"] == "held" for line in figures.get("lines", {}).values())
    at = order.captured_at or order.created_at
    return {
        "number": order.number,
        "title": order.ship_to.name or None,
        "dealer": order.dealer,
        "stage": order.stage,
        "total": _captured_total(order) if total is None else total,
        "currency": order.currency,
        "at": at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "lines": len(order.lines),
        "wanted_date": order.wanted_date,
        "progress": _progress_of(decision, reasons),
        "attention": case or decision.verdict == "held" or (held_line and decision.verdict == "in_part"),
        "case": case,
    }


def _captured_total(order: Order) -> int | None:
    """Before tax, as the dealer saw it: for an order whose dealer is not known."""
    lines = order.lines.values()
    total = sum(line_amount(line.price, parse_quantity(line.quantity), line.discount_bp) for line in lines)
    return total if total <= LARGEST_LINE else None


def _progress_of(decision: Decision, reasons: set[str]) -> str:
    if decision.verdict == "closed":
        return "closed"
    return next((step for step in ("invoiced", "delivered", "shipped") if step in reasons), "")


def scope(order: Order) -> str:
    return f"dealer:{order.dealer}"
