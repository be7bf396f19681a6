"""Customers and machines: whatever is written stands, and who bears another's name is told and settled."""

from __future__ import annotations

from typing import Any

import pytest

from server.domain.decision import Decision
from server.domain.facts import RecordKey
from server.domain.namesakes import normal_name, normal_phone

from .book import Book

NOW = 1_772_442_000_000
A, B, C = "a" * 32, "b" * 32, "c" * 32


@pytest.fixture
def book() -> Book:
    return Book({RecordKey("product", "tractor-90"): {"id": "tractor-90"}}, NOW)


def customer(name: str = "", phone: str = "", dealer: str = "alfki", **more: Any) -> dict[str, Any]:
    return {
        "kind": "customer", "schema": 1, "dealer": dealer, "created_at": "2026-03-02T08:00:00Z", "name": name, "phone": phone,
        **more,
    }  # fmt: skip


def machine(serial: str = "", dealer: str = "alfki", **more: Any) -> dict[str, Any]:
    return {
        "kind": "machine", "schema": 1, "dealer": dealer, "created_at": "2026-03-02T08:00:00Z", "serial": serial, **more,
    }  # fmt: skip


def codes(book: Book, document: str) -> list[str]:
    decision = book.entries[document].decision
    assert decision is not None
    return [reason.code for reason in decision.reasons]


@pytest.mark.rule("K1")
def test_a_customer_is_accepted_with_whatever_is_known(book: Book) -> None:
    assert book.push(A, customer()).verdict == "accepted"
    assert codes(book, A) == ["customer_unnamed"]
    decision = book.push(A, customer("李家农场", "0451-5550101", place={"address": "双城", "geo": "geo:45.38,126.31"}))
    assert codes(book, A) == []
    assert decision.records[0].body is not None
    assert decision.records[0].body["address"] == "双城"
    assert book.entries[A].row["title"] == "李家农场"


@pytest.mark.rule("K2")
def test_two_names_at_once_are_told(book: Book) -> None:
    book.push(A, customer("Li"), conflicts=("name",))
    assert codes(book, A) == ["competing_values"]


@pytest.mark.rule("M2")
def test_two_serial_numbers_at_once_are_told(book: Book) -> None:
    book.push(A, machine("X1"), conflicts=("serial",))
    assert codes(book, A) == ["competing_values"]


@pytest.mark.rule("K3")
@pytest.mark.parametrize("order", [(A, B), (B, A)])
def test_the_same_number_or_name_is_told_of_both_in_any_order(book: Book, order: tuple[str, str]) -> None:
    written = {A: customer("Li Farm", "+86 138 0013 8000"), B: customer("ＬＩ farm", "13800138000")}
    for document in order:
        book.push(document, written[document])
    for document, other in ((A, B), (B, A)):
        assert codes(book, document) == ["duplicate_phone", "duplicate_name"]
        assert book.entries[document].decision.figures["duplicates"] == [other]  # type: ignore[union-attr]
        assert book.entries[document].row["attention"]
    book.push(B, customer("Another", "13900139000"))
    assert codes(book, A) == codes(book, B) == []


@pytest.mark.rule("K3")
@pytest.mark.rule("M3")
def test_nobody_learns_of_another_dealers(book: Book) -> None:
    book.push(A, customer("Li", "13800138000"))
    book.push(B, customer("Li", "13800138000", dealer="berga"))
    book.push("d" * 32, machine("SN-1"))
    book.push("e" * 32, machine("SN-1", dealer="berga"))
    assert [codes(book, name) for name in (A, B, "d" * 32, "e" * 32)] == [[], [], [], []]


@pytest.mark.rule("K4")
def test_headquarters_merges_or_keeps_both(book: Book) -> None:
    book.push(A, customer("Li", "13800138000"))
    book.push(B, customer("Li", "13800138000"))
    assert book.command(A, "merge_into", {"other": C}) == ("not_a_duplicate", {"other": C})
    merged = book.command(A, "merge_into", {"other": B})
    assert isinstance(merged, Decision)
    assert (merged.verdict, merged.figures["merged_into"], codes(book, B)) == ("withdrawn", B, [])
    assert book.command(B, "merge_into", {"other": A}) == ("not_a_duplicate", {"other": A})
    assert book.command(B, "keep_both", {}) == ("no_duplicate", {})
    assert isinstance(book.command(A, "keep_both", {"note": "father and son"}), Decision)
    assert codes(book, A) == ["customers_kept"]
    assert codes(book, B) == []
    book.push(A, customer("Li", "13800138000", contact="the son"))
    assert codes(book, A) == ["customers_kept"]
    book.push(A, customer("Lin", "13800138000"))
    assert codes(book, A) == ["customers_kept"]
    assert book.published[RecordKey("customer", A)]["merged_into"] is None


@pytest.mark.rule("M1")
def test_a_machine_is_accepted_with_whatever_is_known(book: Book) -> None:
    assert book.push(A, machine(product="unheard-of")).verdict == "accepted"
    assert codes(book, A) == ["serial_missing", "product_not_known"]
    book.push(A, machine("TR90-0001", product="tractor-90", meter="1250.5", installed_at="2025-04-01"))
    assert codes(book, A) == []
    assert book.published[RecordKey("machine_serial", f"alfki/tr900001/{A}")]["product"] == "tractor-90"


@pytest.mark.rule("M3")
@pytest.mark.rule("M4")
def test_one_serial_number_on_two_machines_is_settled(book: Book) -> None:
    book.push(A, machine("TR90 0001"))
    book.push(B, machine("tr90-0001"))
    assert codes(book, A) == codes(book, B) == ["duplicate_serial"]
    assert book.command(C if C in book.entries else A, "merge_into", {"other": C}) == ("not_a_duplicate", {"other": C})
    assert isinstance(book.command(B, "merge_into", {"other": A}), Decision)
    assert (codes(book, A), codes(book, B)) == ([], ["machine_merged"])
    assert book.published[RecordKey("machine", B)]["merged_into"] == A
    assert book.command(A, "keep_both", {}) == ("no_duplicate", {})
    assert isinstance(book.command(B, "keep_both", {}), Decision)
    assert (codes(book, A), codes(book, B)) == ([], ["machines_kept"])


def test_names_are_compared_as_people_would() -> None:
    assert normal_name(" Müller & Söhne ") == normal_name("MÜLLER&SÖHNE") == "müllersöhne"
    assert normal_phone("+86 (138) 0013-8000") == normal_phone("138 0013 8000") == "13800138000"
    assert normal_phone("12345") == ""
