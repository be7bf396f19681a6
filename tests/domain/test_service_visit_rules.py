"""A visit's rules, shown by `schemas/cases/service_visit`: pytest runs all of them, the tablet those that it can advise on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from server.domain.decision import BalanceKey
from server.domain.facts import RecordKey
from server.domain.kinds.service_visit.document import ServiceVisit
from server.domain.kinds.service_visit.signing import signed_text

from .book import Book
from .cases import FOLDER
from .kind_cases import cases, show, unshown

KIND = "service_visit"


@pytest.mark.rule("V1")
@cases(KIND, "V1")
def test_whatever_is_written_is_accepted(path: Path) -> None:
    show(path)


@pytest.mark.rule("V2")
@cases(KIND, "V2")
def test_its_times_are_the_devices_corrected_or_not_believed(path: Path) -> None:
    show(path)


@pytest.mark.rule("V3")
@cases(KIND, "V3")
def test_its_machine_is_found(path: Path) -> None:
    show(path)


@pytest.mark.rule("V4")
@pytest.mark.rule("V5")
@cases(KIND, "V4", "V5")
def test_parts_move_from_where_they_were_taken(path: Path) -> None:
    show(path)


@pytest.mark.rule("V6")
@cases(KIND, "V6")
def test_warranty_is_decided_for_each_part(path: Path) -> None:
    show(path)


@pytest.mark.rule("V7")
@pytest.mark.rule("V8")
@cases(KIND, "V7", "V8")
def test_it_tells_request_machine_and_parts_desk(path: Path) -> None:
    show(path)


@pytest.mark.rule("V9")
@cases(KIND, "V9")
def test_what_was_signed_is_what_stands_there(path: Path) -> None:
    show(path)


@pytest.mark.rule("V10")
@pytest.mark.rule("V11")
@cases(KIND, "V10", "V11")
def test_people_settle_the_rest(path: Path) -> None:
    show(path)


def test_every_rule_is_shown_by_a_case() -> None:
    assert unshown(KIND) == set()


@pytest.mark.rule("V9")
def test_the_text_that_is_signed_can_be_read() -> None:
    base = json.loads((FOLDER / KIND / "base.json").read_text(encoding="utf-8"))["document"]
    text = signed_text(ServiceVisit.model_validate({**base, "diagnosis": "a\nb\\c", "meter": "12.5"}))
    assert text.splitlines() == [
        "daybook service_visit: 1", "number: T1-7", "serial: TR90-1", "model: TR 90",
        "arrived_at: 2026-03-03T07:30:00.000Z", "started_at: 2026-03-03T07:40:00.000Z", "ended_at: 2026-03-03T08:30:00.000Z",
        "diagnosis: a\\nb\\\\c", "cause: Seal worn", "action: Pump changed", "labour_minutes: 50", "meter: 12.5",
        "outcome: fixed", "check oil: ok", "part p1: 1 pcs pump",
    ]  # fmt: skip


@pytest.mark.rule("V3")
@pytest.mark.rule("V5")
def test_late_goods_take_back_what_was_said_of_the_stock_and_late_machines_are_found() -> None:
    base = json.loads((FOLDER / KIND / "base.json").read_text(encoding="utf-8"))
    records = {RecordKey(*key.split("/", 1)): body for key, body in base["records"].items() if "machine" not in key}
    book = Book(records, 1_772_528_400_000)
    visit = {**base["document"], "machine": None, "labour_minutes": None}
    first = book.push("v", visit)
    assert [reason.code for reason in first.reasons] == ["part_not_in_stock", "warranty_unknown_machine"]
    machine = {
        "kind": "machine", "schema": 1, "dealer": "alfki", "created_at": "2026-03-03T07:00:00Z", "serial": "TR90-1",
        "product": "tractor-90", "installed_at": "2025-04-10",
    }  # fmt: skip
    book.push("e" * 32, machine)
    decision = book.entries["v"].decision
    assert decision is not None
    assert decision.figures["machine"] == "e" * 32
    assert [reason.code for reason in decision.reasons] == ["part_not_in_stock", "part_in_warranty"]
    assert RecordKey("machine_visit", f"{'e' * 32}/v") in book.published
    assert book.balances[BalanceKey("stock", "van:wu", "pump")] == -1_000
