from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.money import line_amount, round_half_up, tax_amount
from server.domain.quantity import format_quantity, parse_quantity


@given(st.integers(-(10**14), 10**14))
def test_a_quantity_reads_back_as_it_was_written(thousandths: int) -> None:
    assert parse_quantity(format_quantity(thousandths)) == thousandths


@pytest.mark.parametrize(
    "text", ["", "-", "+1", "01", "1.", ".5", "1.2345", "1e3", "NaN", " 1", "1 ", "١", "1,5", "1" * 14]
)
def test_other_forms_are_no_quantity(text: str) -> None:
    with pytest.raises(ValueError, match="decimal"):
        parse_quantity(text)


@given(st.integers(-(10**15), 10**15), st.integers(1, 10**9))
def test_halves_go_away_from_zero(numerator: int, denominator: int) -> None:
    exact = Decimal(numerator) / Decimal(denominator)
    assert abs(Decimal(round_half_up(numerator, denominator)) - exact) <= Decimal("0.5")
    assert round_half_up(2 * numerator + (1 if numerator >= 0 else -1), 2) == numerator + (1 if numerator >= 0 else -1)


@pytest.mark.rule("O12")
@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10_000), st.integers(0, 10_000))
def test_an_amount_is_rounded_once(price: int, quantity: int, discount: int, rate: int) -> None:
    exact = Decimal(price) * quantity / 1000 * (10_000 - discount) / 10_000
    net = line_amount(price, quantity, discount)
    assert net == int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    assert tax_amount(net, rate) == int((Decimal(net) * rate / 10_000).quantize(Decimal(1), ROUND_HALF_UP))
