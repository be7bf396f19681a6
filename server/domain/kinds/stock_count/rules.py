"""A stock count's face: the facts it needs, what it decides, its row in a list. The rules are in RULES.md."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from ...decision import Decision, Notice, Posting, Reason, RecordWrite, Verdict
from ...facts import Capture, FactRequests, Facts, RecordKey
from ...ledger import move
from ...locations import scope_of
from ...periods import PERIODS, late_reason
from ...quantity import format_quantity
from .document import StockCount
from .history import Said
from .weighing import POLICY, Assessment, Weighed, assess, books_of, known_products, price_list_of

MOST_TOLD = 50
"""Large differences that are told one by one; the figures have all of them."""


def facts_needed(count: StockCount) -> FactRequests:
    """None while it is being counted: a thousand tallies on their way cost no look-up."""
    if count.stage != "closed":
        return FactRequests()
    head, _, rest = count.location.partition(":")
    whose = (RecordKey("dealer", rest.partition(":")[0]),) if head == "dealer" else ()
    products = sorted({tally.product for tally in count.tallies.values()})
    records = (POLICY, PERIODS, *whose, *(RecordKey("product", product) for product in products))
    return FactRequests(records, below=(RecordKey("stock_recount", f"{count.location}/{count.number}"),))


def more_facts(count: StockCount, known: Mapping[RecordKey, dict[str, Any]]) -> FactRequests:
    """The prices that differences are weighed by."""
    listed = price_list_of(count, known) if count.stage == "closed" else None
    if listed is None:
        return FactRequests()
    products = sorted({tally.product for tally in count.tallies.values()})
    prices = [RecordKey("price", f"{listed}/{product}") for product in products]
    return FactRequests((RecordKey("price_list", listed), *prices))


def moments(count: StockCount, known: Mapping[RecordKey, dict[str, Any]], capture: Capture) -> FactRequests:
    """The book at the time at which each product was counted (C4)."""
    if count.stage != "closed":
        return FactRequests()
    listed = known_products(count, known, capture)
    return FactRequests(
        books=tuple(
            key for product, each in listed for key in books_of(count.location, product, each.counted, each.late)
        )
    )


def decide(count: StockCount, facts: Facts) -> Decision:
    if count.stage == "open":
        return Decision("draft")
    if count.stage == "cancelled":
        return Decision("withdrawn")
    found = assess(count, facts)
    if not count.tallies:
        return Decision("refused", (*found.reasons, Reason("nothing_counted", {}, None, "C5")), _figures(count, found))
    verdict = _verdict(found, facts)
    sets = {
        f"count:{product}": legs
        for product, each in found.of("posted").items()
        if (legs := _legs(count.location, product, each))
    }
    return Decision(
        verdict,
        _reasons(found),
        _figures(count, found),
        sets,
        _records(count, found, facts),
        _notices(count, found, verdict),
        times={name: found.products[name.removeprefix("count:")].posted_at for name in sets},
        books=tuple(
            key
            for product, each in found.products.items()
            if each.state != "answered"
            for key in books_of(count.location, product, each.counted, each.late)
        ),
        records_read=(("stock_recount", f"{count.location}/{count.number}"),),
    )


def _verdict(found: Assessment, facts: Facts) -> Verdict:
    if found.of("held", "recount"):
        return "held"
    if not found.products:
        return "refused"
    return "in_part" if any(reason.code == "unknown_product" for reason in found.reasons) else "closed"


def _legs(location: str, product: str, each: Weighed) -> tuple[Posting, ...]:
    source = f"difference:{location}"
    legs: list[Posting] = []
    if each.difference:
        legs += move("stock", source, location, product, each.difference)
    for lot, difference in each.lots.items():
        legs += move("lot", source, location, f"{product}#{lot}", difference)
    return tuple(legs)


def _reasons(found: Assessment) -> tuple[Reason, ...]:
    reasons = list(found.reasons)
    late = [each for each in found.products.values() if each.late is not None]
    if late:
        first = min(late, key=lambda each: each.counted.at)
        reasons.append(late_reason(first.counted.at, first.late or 0, "C9"))
    held = found.of("held")
    for product, each in sorted(held.items(), key=lambda pair: (-abs(pair[1].value or 0), pair[0]))[:MOST_TOLD]:
        params = {**_quantities(each), "value": each.value or 0, "limit": found.max_value or 0}
        reasons.append(Reason("count_large", params, product, "C6"))
    reasons += _said(found, "recount", found.history.asked, "recount_asked", "C8")
    answered = found.of("answered")
    if answered:
        reasons.append(Reason("recount_answered", {"count": len(answered)}, None, "C8"))
    accepted = {p: said for p, said in found.history.accepted.items() if p in found.of("posted")}
    reasons += _said(found, "posted", accepted, "count_accepted", "C7")
    posted, confirmed = found.of("posted"), found.of("confirmed")
    if posted:
        reasons.append(Reason("count_adjusted", {"count": len(posted), "value": _value(found)}, None, "C4"))
    if confirmed:
        reasons.append(Reason("count_confirmed", {"count": len(confirmed)}, None, "C4"))
    return tuple(reasons)


def _said(found: Assessment, state: Any, words: Mapping[str, Said], code: str, rule: str) -> list[Reason]:
    """One reason for each time that headquarters said something of products that stand so."""
    there = found.of(state)
    told: dict[int, tuple[Said, int]] = {}
    for product, said in words.items():
        if product in there:
            told[id(said)] = (said, told.get(id(said), (said, 0))[1] + 1)
    return [Reason(code, {"by": said.by, "note": said.note, "count": n}, None, rule) for said, n in told.values()]


def _value(found: Assessment) -> int:
    return sum(each.value or 0 for each in found.of("posted").values())


def _quantities(each: Weighed) -> dict[str, str]:
    return {
        "counted": format_quantity(each.counted.quantity),
        "book": format_quantity(each.book),
        "difference": format_quantity(each.difference),
    }


def _figures(count: StockCount, found: Assessment) -> dict[str, Any]:
    return {
        "location": count.location,
        "counted": len(found.products),
        "confirmed": sorted(found.of("confirmed")),
        "differences": {
            product: {**_quantities(each), "value": each.value, "at": each.counted.at, "state": each.state}
            for product, each in found.of("posted", "held", "recount", "answered").items()
        },
        "value": _value(found),
        "currency": found.currency,
        "max_value": found.max_value,
    }


def _records(count: StockCount, found: Assessment, facts: Facts) -> tuple[RecordWrite, ...]:
    if count.answers is None or not found.products:
        return ()
    body = {
        "location": count.location,
        "count": count.answers,
        "document": facts.document,
        "number": count.number,
        "products": {name: format_quantity(each.counted.quantity) for name, each in found.products.items()},
    }
    return (RecordWrite("stock_recount", f"{count.location}/{count.answers}/{facts.document}", body),)


def _notices(count: StockCount, found: Assessment, verdict: Verdict) -> tuple[Notice, ...]:
    about = {"number": count.number, "location": count.location}
    held, asked = len(found.of("held")), len(found.of("recount"))
    told = []
    if held:
        told.append(Notice("hq", "count_held", {**about, "count": held}))
    if asked:
        told.append(Notice("scope", "count_recount", {**about, "count": asked}))
    if verdict in ("closed", "in_part"):
        told.append(Notice("scope", "count_posted", {**about, "count": len(found.of("posted"))}))
    return tuple(told)


def row(count: StockCount, decision: Decision) -> dict[str, Any]:
    states = {each["state"] for each in decision.figures.get("differences", {}).values()}
    return {
        "number": count.number,
        "title": count.location,
        "dealer": count.location.split(":")[1] if count.location.startswith("dealer:") else None,
        "stage": count.stage,
        "total": _at_stake(decision),
        "currency": decision.figures.get("currency"),
        "at": count.created_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "lines": len({tally.product for tally in count.tallies.values()}),
        "extent": count.extent,
        "blind": count.blind,
        "recount": "recount" in states,
        "attention": "held" in states or decision.verdict == "refused",
        "case": False,
    }


def _at_stake(decision: Decision) -> int | None:
    """What the differences are worth, those that wait included."""
    posted = decision.figures.get("value")
    if posted is None:
        return None
    waits = (each["value"] for each in decision.figures["differences"].values() if each["state"] == "held")
    return int(posted) + sum(value or 0 for value in waits)


def scope(count: StockCount) -> str:
    return scope_of(count.location)
