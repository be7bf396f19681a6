"""Which warranty policy holds for a product, and until when."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from server.domain.facts import RecordKey
from server.domain.master import WarrantyPolicy, record_key
from server.domain.warranty import last_days, policy_of, warranty_key

PUMP = {"id": "pump", "category": "machines"}


def policy(name: str, months: int) -> dict[RecordKey, dict[str, object]]:
    return {RecordKey("warranty_policy", name): {"id": name, "months": months}}


def at(day: str) -> int:
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() * 1000)


def test_the_policy_that_is_closest_to_the_product_holds() -> None:
    every, machines, pump = policy("default", 6), policy("category:machines", 12), policy("product:pump", 24)
    assert policy_of({}, "pump", PUMP) is None
    assert policy_of(every, "pump", PUMP) == {"id": "default", "months": 6}
    assert policy_of(every | machines, "pump", PUMP) == {"id": "category:machines", "months": 12}
    assert policy_of(every | machines | pump, "pump", PUMP) == {"id": "product:pump", "months": 24}
    assert policy_of(every | machines, "pump", None) == {"id": "default", "months": 6}


@pytest.mark.parametrize(
    ("sold", "months", "last"),
    [
        ("2026-03-02", 12, "2027-03-01"),
        ("2026-01-31", 1, "2026-02-27"),
        ("2024-02-29", 12, "2025-02-27"),
        ("2026-12-15", 1, "2027-01-14"),
        ("2026-03-02", 0, "2026-03-01"),
    ],
)
def test_the_last_day_is_the_day_before_the_same_day(sold: str, months: int, last: str) -> None:
    assert last_days(at(sold), {"months": months})["until"] == last


def test_parts_and_labour_may_have_months_of_their_own() -> None:
    days = last_days(at("2026-03-02"), {"months": 12, "parts_months": 24, "labour_months": None})
    assert days == {"until": "2027-03-01", "parts_until": "2028-03-01", "labour_until": "2027-03-01"}


def test_its_id_says_what_it_is_for() -> None:
    assert WarrantyPolicy(id="category:machines", months=12).category == "machines"
    assert WarrantyPolicy(id="product:pump", months=12).product == "pump"
    assert record_key("warranty_policy", {"id": "product:pump"}) == "product:pump"
    with pytest.raises(ValidationError):
        WarrantyPolicy(id="machines", months=12)


def test_a_serial_number_with_a_stroke_is_one_step_of_its_key() -> None:
    assert warranty_key("alfki", "A/7").key == "alfki/A%2F7"
