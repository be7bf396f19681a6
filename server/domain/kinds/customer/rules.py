"""What follows from a customer: the rules are in RULES.md."""

from __future__ import annotations

from typing import Any

from ...decision import Decision, Notice, Reason, RecordWrite
from ...facts import FactRequests, Facts
from ...moments import iso, milliseconds
from ...namesakes import MERGE, bearers, kept, key_of, normal_name, normal_phone, others, postings, requests, settled
from .document import Customer


def names_of(customer: Customer) -> dict[str, str]:
    return {"customer_phone": normal_phone(customer.phone), "customer_name": normal_name(customer.name)}


def facts_needed(customer: Customer) -> FactRequests:
    return requests(customer.dealer, names_of(customer))


def decide(customer: Customer, facts: Facts) -> Decision:
    names = names_of(customer)
    last = settled(facts)
    if last is not None and last.name == MERGE:
        into = last.params["other"]
        reason = Reason("customer_merged", {"into": into, "by": last.by}, None, "K4")
        return Decision(
            "withdrawn", (reason,), {"merged_into": into, "duplicates": []}, records=(_record(customer, facts, into),)
        )
    apart = kept(names, facts)
    same = {what: each for what, each in others(customer.dealer, names, facts).items() if what not in apart}
    reasons = _reasons(customer, same, facts)
    if apart and last is not None:
        reasons.append(Reason("customers_kept", {"by": last.by, "note": last.params["note"]}, None, "K4"))
    notices = (Notice("hq", "customer_duplicate", {"name": customer.name}),) if same else ()
    return Decision(
        "accepted",
        tuple(reasons),
        {"merged_into": None, "duplicates": sorted({other for each in same.values() for other in each})},
        postings(customer.dealer, names, apart),
        (_record(customer, facts, None), *bearers(customer.dealer, names, "customer", facts.document)),
        notices,
        tuple(key_of(customer.dealer, what, name) for what, name in sorted(names.items()) if name),
    )


def _reasons(customer: Customer, same: dict[str, list[str]], facts: Facts) -> list[Reason]:
    reasons = []
    if facts.conflicts:
        params = {"count": len(facts.conflicts), "paths": ", ".join(facts.conflicts)[:200]}
        reasons.append(Reason("competing_values", params, None, "K2"))
    if not customer.name.strip() and not customer.phone.strip():
        reasons.append(Reason("customer_unnamed", {}, None, "K1"))
    if "customer_phone" in same:
        params = {"phone": customer.phone, "others": len(same["customer_phone"])}
        reasons.append(Reason("duplicate_phone", params, None, "K3"))
    if "customer_name" in same:
        params = {"name": customer.name, "others": len(same["customer_name"])}
        reasons.append(Reason("duplicate_name", params, None, "K3"))
    return reasons


def _record(customer: Customer, facts: Facts, into: str | None) -> RecordWrite:
    body = {
        "document": facts.document,
        "dealer": customer.dealer,
        "name": customer.name,
        "phone": customer.phone,
        "address": customer.place.address,
        "merged_into": into,
    }
    return RecordWrite("customer", facts.document, body)


def row(customer: Customer, decision: Decision) -> dict[str, Any]:
    return {
        "number": None,
        "title": customer.name or customer.phone,
        "total": None,
        "currency": None,
        "at": iso(milliseconds(customer.created_at)),
        "phone": customer.phone,
        "contact": customer.contact,
        "address": customer.place.address,
        "geo": customer.place.geo,
        "merged_into": decision.figures.get("merged_into"),
        "attention": bool(decision.figures.get("duplicates")),
        "case": False,
    }


def scope(customer: Customer) -> str:
    return f"service:{customer.dealer}"
