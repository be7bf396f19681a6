"""Columns: what is canonical is read, what is not is refused, and no run is expanded before it is counted."""

from __future__ import annotations

import tracemalloc
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.sync.columns import (
    boolean_column,
    delta_column,
    read_signed,
    read_unsigned,
    string_column,
    unsigned_column,
)
from server.sync.refusals import Refusal

from .chunks import booleans, deltas, runs, signed, string, unsigned

pytestmark = pytest.mark.rule("SY5")
U64 = 2**64 - 1
few = st.integers(0, 3) | st.none() | st.integers(0, U64)
rows = st.lists(few, max_size=40).flatmap(
    lambda some: st.just([row for row in some for _ in range(1 + (row or 0) % 3)])
)


@given(st.integers(0, U64))
def test_unsigned_numbers(value: int) -> None:
    assert read_unsigned(unsigned(value), 0) == (value, len(unsigned(value)))


@given(st.integers(-(2**63), 2**63 - 1))
def test_signed_numbers(value: int) -> None:
    assert read_signed(signed(value), 0) == (value, len(signed(value)))


@pytest.mark.parametrize(
    "octets", ["8000", "ff00", "80808080808080808080808000", "ffffffffffffffffff02", "80" * 10 + "01"]
)
def test_unsigned_numbers_that_are_too_long(octets: str) -> None:
    with pytest.raises(Refusal, match="number_malformed"):
        read_unsigned(bytes.fromhex(octets), 0)


@pytest.mark.parametrize(
    "octets", ["8000", "ff7f", "c07f", "bf00", "ffffffffffffffffff01", "8080808080808080807e", "80" * 10 + "01"]
)
def test_signed_numbers_that_are_too_long(octets: str) -> None:
    with pytest.raises(Refusal, match="number_malformed"):
        read_signed(bytes.fromhex(octets), 0)


@given(rows)
@settings(max_examples=300)
def test_runs_are_read_back(values: list[int | None]) -> None:
    written = runs(values, unsigned)
    assert unsigned_column(written, len(values)) == (values if written else [])


@given(st.lists(st.none() | st.integers(0, 2**40), max_size=40))
def test_deltas_are_read_back(values: list[int | None]) -> None:
    written = deltas(values)
    assert delta_column(written, len(values)) == (values if written else [])


@given(st.lists(st.none() | st.text(max_size=4), max_size=30))
def test_strings_are_read_back(values: list[str | None]) -> None:
    written = runs(values, string)
    assert string_column(written, len(values)) == (values if written else [])


@given(st.lists(st.booleans(), max_size=60))
def test_booleans_are_read_back(values: list[bool]) -> None:
    assert boolean_column(booleans(values), len(values)) == values


@given(st.binary(max_size=12))
@settings(max_examples=2000)
def test_whatever_is_read_is_what_would_be_written(octets: bytes) -> None:
    """The reader takes exactly the canonical form: reading and writing again gives the same bytes."""
    for read, write in (
        (unsigned_column, lambda values: runs(values, unsigned)),
        (delta_column, deltas),
        (string_column, lambda values: runs(values, string)),
        (boolean_column, booleans),
    ):
        try:
            values: list[Any] = read(octets, 1000)
        except Refusal:
            continue
        assert write(values) == octets


@pytest.mark.parametrize(
    ("octets", "why"),
    [
        ("0105", "not_canonical"),  # a run of one
        ("02050205", "not_canonical"),  # two runs that are one
        ("7f057f06", "not_canonical"),  # two literal runs
        ("7e0505", "not_canonical"),  # a literal run of equal values
        ("02057f05", "not_canonical"),  # a literal that goes on with the run
        ("7f050205", "not_canonical"),
        ("00020003", "not_canonical"),  # two runs of nulls
        ("0002", "not_canonical"),  # nothing but nulls: the column is left out
        ("00007f05", "not_canonical"),  # no nulls
        ("02", "column_malformed"),
        ("7e05", "column_malformed"),
        ("80", "column_malformed"),
    ],
)
def test_runs_in_another_form_are_refused(octets: str, why: str) -> None:
    with pytest.raises(Refusal, match=why):
        unsigned_column(bytes.fromhex(octets), 1000)


@pytest.mark.parametrize("count", [1001, 2**16, 2**40, 2**63 - 1])
def test_long_runs_are_counted_not_expanded(count: int) -> None:
    tracemalloc.start()
    for read, octets in (
        (unsigned_column, signed(count) + b"\x05"),
        (unsigned_column, signed(-count) + b"\x05"),
        (unsigned_column, b"\x00" + unsigned(count) + b"\x02\x05"),
        (delta_column, signed(count) + b"\x01"),
        (string_column, signed(count) + b"\x01a"),
        (boolean_column, unsigned(count)),
        (boolean_column, b"\x00" + unsigned(count)),
    ):
        with pytest.raises(Refusal, match="run_length_cap"):
            read(octets, 1000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 200_000


def test_a_remembered_column_still_obeys_its_limit() -> None:
    octets = signed(50) + b"\x07"
    assert unsigned_column(octets, 50) == [7] * 50
    with pytest.raises(Refusal, match="run_length_cap"):
        unsigned_column(octets, 49)


def test_bad_text_is_refused() -> None:
    for octets in (b"\x7f\x01\xff", b"\x7f\x03\xed\xa0\x80", b"\x7f\x02\xc0\x80"):
        with pytest.raises(Refusal, match="text_not_utf8"):
            string_column(octets, 10)
    with pytest.raises(Refusal, match="column_malformed"):
        string_column(b"\x7f\x05ab", 10)
