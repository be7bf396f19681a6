"""Warranty of each part and of the labour: from the sale of the machine, or from its installation and the policy (V6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from ...facts import RecordKey
from ...moments import iso, noon_of
from ...warranty import last_days, policy_keys, policy_of

Records = Mapping[RecordKey, dict[str, Any]]
State = Literal["in_warranty", "out_of_warranty", "no_policy", "unknown_machine"]
_FAR = 2**52


class Base(msgspec.Struct):
    """What is known of a machine's beginning."""

    state: State
    """`in_warranty` here: there is something to judge by."""
    product: str = ""
    since: int = 0
    parts_until: str = ""
    labour_until: str = ""


class Cover(msgspec.Struct):
    state: State
    until: str | None = None
    """The last day, in UTC."""


def base_of(machine: dict[str, Any] | None, sale: dict[str, Any] | None, records: Records) -> Base:
    """`machine`: its record; `sale`: the record `warranty` of its serial number."""
    if sale is not None:
        since = noon_of(sale["sold_at"][:10], _FAR)
        return Base("in_warranty", sale["product"], since, sale["parts_until"], sale["labour_until"])
    if machine is None or machine["product"] is None or machine["installed_at"] is None:
        return Base("unknown_machine")
    product = machine["product"]
    policy = policy_of(records, product, records.get(RecordKey("product", product)))
    if policy is None:
        return Base("no_policy", product)
    since = noon_of(machine["installed_at"], _FAR)
    days = last_days(since, policy)
    return Base("in_warranty", product, since, days["parts_until"], days["labour_until"])


def of_part(base: Base, part: str, at: int, records: Records) -> Cover:
    """A policy that headquarters gives for the part itself, or for its category, is closer than the machine's: a part that wears out."""
    if base.state != "in_warranty":
        return Cover(base.state)
    own = next((records[key] for key in part_policies(part, records) if key in records), None)
    until = base.parts_until if own is None else last_days(base.since, own)["parts_until"]
    return _until(until, at)


def of_labour(base: Base, at: int) -> Cover:
    return Cover(base.state) if base.state != "in_warranty" else _until(base.labour_until, at)


def part_policies(part: str, records: Records) -> tuple[RecordKey, ...]:
    """Those of the part and its category; the general one is the machine's."""
    return policy_keys(part, records.get(RecordKey("product", part)))[:-1]


def _until(until: str, at: int) -> Cover:
    return Cover("in_warranty" if iso(at)[:10] <= until else "out_of_warranty", until)
