"""What stands for a return: goods and money, by its direction, and what is published."""

from __future__ import annotations

from typing import Any

from ...decision import Posting, RecordWrite
from ...facts import Facts
from ...ledger import move
from ...moments import iso
from ...quantity import THOUSANDTHS, format_quantity
from .assessment import KINDS, Assessment, Back, claims_key
from .document import GoodsReturn
from .history import Act, Credit

Sets = dict[str, tuple[Posting, ...]]
WAREHOUSE = "warehouse:main"
SCRAPPED = "loss:returns"


def posting_sets(document: GoodsReturn, found: Assessment) -> Sets:
    if not found.counts:
        return {}
    sets = (
        _from_customer(document, found) if document.direction == "from_customer" else _to_headquarters(document, found)
    )
    return {name: legs for name, legs in sets.items() if legs}


def refunded(document: GoodsReturn, found: Assessment) -> int:
    """What the customer was given from the till."""
    if document.refund.method == "account":
        return 0
    return found.net + found.tax if document.refund.amount is None else document.refund.amount


def _from_customer(document: GoodsReturn, found: Assessment) -> Sets:
    dealer, currency = document.dealer, (found.source or {})["currency"]
    given = refunded(document, found)
    legs = (
        (f"sales:{dealer}", found.net),
        (f"sales_tax:{dealer}", found.tax),
        (f"till:{dealer}", -given),
        (f"customer_due:{dealer}", given - found.net - found.tax),
    )
    goods = [leg for back in found.lines for leg in _moved(back, f"customer:{dealer}", back.origin)]
    return {
        "goods": tuple(goods),
        "money": tuple(Posting("money", account, currency, amount) for account, amount in legs if amount),
    }


def _to_headquarters(document: GoodsReturn, found: Assessment) -> Sets:
    transit = f"transit:{document.dealer}"
    sets: Sets = {"sent": tuple(leg for back in found.lines for leg in _moved(back, back.origin, transit))}
    for act in found.history.received:
        sets[f"received:{act.id}"] = tuple(
            leg
            for arrived in act.lines.values()
            for target, amount in ((WAREHOUSE, arrived.good), (SCRAPPED, arrived.scrapped))
            if amount
            for leg in move("stock", transit, target, arrived.product, amount)
        )
    for act in found.history.rejected:
        sets[f"rejected:{act.id}"] = tuple(
            leg
            for arrived in act.lines.values()
            if arrived.base
            for leg in move("stock", transit, arrived.origin, arrived.product, arrived.base)
        )
    currency = (found.source or {})["currency"]
    for credit in found.history.credits:
        legs = (
            (f"receivable:{document.dealer}", -credit.net - credit.tax),
            ("revenue", credit.net),
            ("tax", credit.tax),
        )
        sets[f"credit:{credit.id}"] = tuple(
            Posting("money", account, currency, amount) for account, amount in legs if amount
        )
    return sets


def _moved(back: Back, source: str, target: str) -> list[Posting]:
    legs = list(move("stock", source, target, back.product, back.base)) if back.base else []
    for serial in dict.fromkeys(back.line.serials):
        legs += move("lot", source, target, f"{back.product}#{serial}", THOUSANDTHS)
    return legs


def times(found: Assessment, sets: Sets) -> dict[str, int]:
    acts: list[tuple[str, Act]] = [("received", act) for act in found.history.received]
    acts += [("rejected", act) for act in found.history.rejected]
    moments = {"goods": found.posted_at, "sent": found.posted_at} | {f"{name}:{act.id}": act.at for name, act in acts}
    return {name: at for name, at in moments.items() if name in sets}


def costs(found: Assessment, sets: Sets) -> dict[str, dict[str, int]]:
    """Headquarters takes its goods back at what it will credit; what it rejects is worth that to the dealer again."""
    stated: dict[str, dict[str, int]] = {}
    if "sent" in sets:
        for back in found.lines:
            by_item = stated.setdefault("sent", {})
            by_item[back.product] = by_item.get(back.product, 0) + back.net
    for act in found.history.rejected:
        name = f"rejected:{act.id}"
        if name not in sets:
            continue
        for key, arrived in act.lines.items():
            whole = next((back for back in found.lines if back.id == key), None)
            if whole is not None and whole.base:
                by_item = stated.setdefault(name, {})
                by_item[arrived.product] = by_item.get(arrived.product, 0) + whole.net * arrived.base // whole.base
    return stated


def records(document: GoodsReturn, found: Assessment, facts: Facts) -> tuple[RecordWrite, ...]:
    if not found.counts:
        return ()
    source = found.source or {}
    lines: dict[str, int] = {}
    for back in found.lines:
        lines[back.line.line] = lines.get(back.line.line, 0) + back.base
    body = {
        "number": document.number,
        "at": found.at,
        "settled": found.history.settled,
        "lines": {line: format_quantity(base) for line, base in lines.items()},
        "serials": [f"{back.product}#{serial}" for back in found.lines for serial in dict.fromkeys(back.line.serials)],
    }
    key = claims_key(document, source["id"], source["number"]).key
    claim = RecordWrite(KINDS[document.direction][1], f"{key}/{facts.document}", body)
    return (claim, *(_credit_note(document, found, facts, credit) for credit in found.history.credits))


def _credit_note(document: GoodsReturn, found: Assessment, facts: Facts, credit: Credit) -> RecordWrite:
    body: dict[str, Any] = {
        "id": credit.id,
        "number": credit_number(document, credit),
        "document": facts.document,
        "about": document.number,
        "dealer": document.dealer,
        "currency": (found.source or {})["currency"],
        "at": iso(credit.at),
        "net": credit.net,
        "tax": credit.tax,
        "total": credit.net + credit.tax,
        "lines": {
            key: {"quantity": format_quantity(line.base), "net": line.net, "tax": line.tax}
            for key, line in credit.lines.items()
        },
    }
    return RecordWrite("credit_note", credit.id, body)


def credit_number(document: GoodsReturn, credit: Credit) -> str:
    return f"{document.number}-C{credit.number}"
