"""What a visit asks for, and what it knows of its machine from that (V3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...decision import BookKey
from ...facts import Capture, FactRequests, Facts, RecordKey
from ...namesakes import normal_name
from ...periods import PERIODS, posted_at
from ...warranty import policy_keys, warranty_key
from .document import ServiceVisit
from .timing import times_of
from .used_parts import book_places, weigh
from .warranty import part_policies

Records = Mapping[RecordKey, dict[str, Any]]


def serial_below(visit: ServiceVisit) -> RecordKey | None:
    """Where the machines with this number on their plates are told."""
    serial = normal_name(visit.serial)
    return RecordKey("machine_serial", f"{visit.dealer}/{serial}") if serial else None


def facts_needed(visit: ServiceVisit) -> FactRequests:
    products = {part.product for part in visit.parts.values()}
    products |= {visit.product} if visit.product else set()
    records = [RecordKey("technician", visit.technician), PERIODS]
    records += [RecordKey("product", product) for product in sorted(products)]
    if visit.machine is not None:
        records.append(RecordKey("machine", visit.machine))
    if visit.serial.strip():
        records.append(warranty_of(visit.dealer, visit.serial))
    below = serial_below(visit)
    return FactRequests(tuple(records), below=(below,) if below is not None else ())


def more_facts(visit: ServiceVisit, known: Records) -> FactRequests:
    """From the machine to the one that it was merged into, to its sale and its product; from products to policies."""
    records: list[RecordKey] = []
    machine = known.get(RecordKey("machine", visit.machine or ""))
    if machine is not None and machine["merged_into"]:
        records.append(RecordKey("machine", machine["merged_into"]))
        machine = known.get(records[-1], machine)
    if machine is not None and machine["serial"].strip():
        records.append(warranty_of(visit.dealer, machine["serial"]))
    product = machine["product"] if machine is not None else visit.product
    if product:
        record = RecordKey("product", product)
        records += [record, *policy_keys(product, known.get(record))]
    for part in visit.parts.values():
        records += part_policies(part.product, known)
    return FactRequests(tuple(dict.fromkeys(records)))


def moments(visit: ServiceVisit, known: Records, capture: Capture) -> FactRequests:
    """What lay where its parts were taken from, just before."""
    if visit.stage != "submitted":
        return FactRequests()
    return FactRequests(books=books_of(visit, Facts(dict(known), {}, {}, (), capture)))


def books_of(visit: ServiceVisit, facts: Facts) -> tuple[BookKey, ...]:
    at, _ = posted_at(times_of(visit, facts.capture).at, facts)
    return tuple(BookKey(place, product, at) for place, product in book_places(weigh(visit, dict(facts.records))))


def machine_of(visit: ServiceVisit, facts: Facts) -> tuple[str | None, dict[str, Any] | None]:
    """(id, record) of the machine: the one that is named, or the one with that number; what it was merged into, if it was."""
    name = visit.machine
    below = serial_below(visit)
    if name is None and below is not None:
        name = min(facts.below(below), default=None)
        return name, facts.below(below)[name] if name is not None else None
    record = facts.records.get(RecordKey("machine", name or ""))
    if record is not None and record["merged_into"]:
        name = record["merged_into"]
        record = facts.records.get(RecordKey("machine", name), record)
    return name, record


def sale_of(visit: ServiceVisit, machine: dict[str, Any] | None, facts: Facts) -> dict[str, Any] | None:
    for serial in ((machine or {}).get("serial", ""), visit.serial):
        found = facts.records.get(warranty_of(visit.dealer, serial)) if serial.strip() else None
        if found is not None:
            return found
    return None


def warranty_of(dealer: str, serial: str) -> RecordKey:
    return warranty_key(dealer, serial.strip())


def read(visit: ServiceVisit, machine: dict[str, Any] | None) -> tuple[tuple[str, str], ...]:
    """The published records whose change has the visit decided again."""
    found = []
    if visit.machine is not None:
        found.append(("machine", visit.machine))
        if machine is not None:
            found.append(("machine", machine["document"]))
    for serial in (visit.serial, (machine or {}).get("serial", "")):
        if serial.strip():
            key = warranty_of(visit.dealer, serial)
            found.append((key.kind, key.key))
    below = serial_below(visit)
    if below is not None:
        found.append((below.kind, below.key))
    return tuple(dict.fromkeys(found))
