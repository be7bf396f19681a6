"""What follows from a machine: the rules are in RULES.md."""

from __future__ import annotations

from typing import Any

from ...decision import Decision, Notice, Reason, RecordWrite
from ...facts import FactRequests, Facts, RecordKey
from ...moments import iso, milliseconds
from ...namesakes import MERGE, bearers, kept, key_of, normal_name, others, postings, requests, settled
from .document import Machine


def names_of(machine: Machine) -> dict[str, str]:
    return {"serial": normal_name(machine.serial)}


def facts_needed(machine: Machine) -> FactRequests:
    asked = requests(machine.dealer, names_of(machine))
    products = (RecordKey("product", machine.product),) if machine.product else ()
    return FactRequests(products, asked.balances, (), asked.below)


def decide(machine: Machine, facts: Facts) -> Decision:
    names = names_of(machine)
    last = settled(facts)
    if last is not None and last.name == MERGE:
        into = last.params["other"]
        reason = Reason("machine_merged", {"into": into, "by": last.by}, None, "M4")
        return Decision(
            "withdrawn", (reason,), {"merged_into": into, "duplicates": []}, records=(_record(machine, facts, into),)
        )
    apart = kept(names, facts)
    same = {what: each for what, each in others(machine.dealer, names, facts).items() if what not in apart}
    reasons = _reasons(machine, same, facts)
    if apart and last is not None:
        reasons.append(Reason("machines_kept", {"by": last.by, "note": last.params["note"]}, None, "M4"))
    return Decision(
        "accepted",
        tuple(reasons),
        {"merged_into": None, "duplicates": sorted({other for each in same.values() for other in each})},
        postings(machine.dealer, names, apart),
        (*_records(machine, facts, names), *bearers(machine.dealer, names, "machine", facts.document)),
        (Notice("hq", "machine_duplicate", {"serial": machine.serial}),) if same else (),
        tuple(key_of(machine.dealer, what, name) for what, name in names.items() if name),
    )


def _reasons(machine: Machine, same: dict[str, list[str]], facts: Facts) -> list[Reason]:
    reasons = []
    if facts.conflicts:
        params = {"count": len(facts.conflicts), "paths": ", ".join(facts.conflicts)[:200]}
        reasons.append(Reason("competing_values", params, None, "M2"))
    if not machine.serial.strip():
        reasons.append(Reason("serial_missing", {}, None, "M1"))
    if machine.product and RecordKey("product", machine.product) not in facts.records:
        reasons.append(Reason("product_not_known", {"product": machine.product}, None, "M1"))
    if same:
        params = {"serial": machine.serial, "others": len(same["serial"])}
        reasons.append(Reason("duplicate_serial", params, None, "M3"))
    return reasons


def _records(machine: Machine, facts: Facts, names: dict[str, str]) -> tuple[RecordWrite, ...]:
    """By its id, and by what stands on its plate: a visit may know no more."""
    record = _record(machine, facts, None)
    if not names["serial"]:
        return (record,)
    by_serial = RecordWrite("machine_serial", f"{machine.dealer}/{names['serial']}/{facts.document}", record.body)
    return record, by_serial


def _record(machine: Machine, facts: Facts, into: str | None) -> RecordWrite:
    body = {
        "document": facts.document,
        "dealer": machine.dealer,
        "serial": machine.serial,
        "product": machine.product,
        "model": machine.model,
        "customer": machine.customer,
        "address": machine.place.address,
        "geo": machine.place.geo,
        "installed_at": machine.installed_at,
        "merged_into": into,
    }
    return RecordWrite("machine", facts.document, body)


def row(machine: Machine, decision: Decision) -> dict[str, Any]:
    return {
        "number": machine.serial or None,
        "title": machine.model or machine.product or machine.serial,
        "total": None,
        "currency": None,
        "at": iso(milliseconds(machine.created_at)),
        "serial": machine.serial,
        "product": machine.product,
        "model": machine.model,
        "customer": machine.customer,
        "address": machine.place.address,
        "geo": machine.place.geo,
        "merged_into": decision.figures.get("merged_into"),
        "attention": bool(decision.figures.get("duplicates")),
        "case": False,
    }


def scope(machine: Machine) -> str:
    return f"service:{machine.dealer}"
