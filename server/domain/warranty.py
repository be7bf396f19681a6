"""How long a machine is under warranty: the policy that is closest to its product, and the days that follow from it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from .facts import RecordKey, step

_POLICY = "warranty_policy"


def warranty_key(dealer: str, serial: str) -> RecordKey:
    """Where the warranty of a machine is published. A serial number may hold what divides keys."""
    return RecordKey("warranty", f"{dealer}/{step(serial)}")


def policy_keys(product: str, record: Mapping[str, Any] | None) -> tuple[RecordKey, ...]:
    """The policies that may hold for a product, the closest first. `record`: the product's, where it is known."""
    category = record.get("category") if record else None
    names = [f"product:{product}", *([f"category:{category}"] if category else []), "default"]
    return tuple(RecordKey(_POLICY, name) for name in names)


def policy_of(
    records: Mapping[RecordKey, dict[str, Any]], product: str, record: Mapping[str, Any] | None
) -> dict[str, Any] | None:
    """The body of the policy that holds, or None where headquarters gives none."""
    return next((records[key] for key in policy_keys(product, record) if key in records), None)


def last_days(sold_at: int, policy: Mapping[str, Any]) -> dict[str, str]:
    """`until`, `parts_until` and `labour_until` of what was sold at that moment (UTC milliseconds)."""
    sold = datetime.fromtimestamp(sold_at / 1000, UTC).date()
    months = policy["months"]
    parts, labour = (policy.get(name) for name in ("parts_months", "labour_months"))
    return {
        "until": _last_day(sold, months),
        "parts_until": _last_day(sold, months if parts is None else parts),
        "labour_until": _last_day(sold, months if labour is None else labour),
    }


def _last_day(sold: date, months: int) -> str:
    """A month from the 31st ends with the shorter month; the day before is the last one, so that no months is no day."""
    year, month = divmod(sold.year * 12 + sold.month - 1 + months, 12)
    first, after = date(year, month + 1, 1), date(year + month // 11, (month + 1) % 12 + 1, 1)
    day = min(sold.day, (after - first).days)
    return (first + timedelta(days=day - 2)).isoformat()
