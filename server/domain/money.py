"""Money is an integer of minor units (cents, fen) with a currency; the one place that rounds, half-up."""

from __future__ import annotations

from .quantity import THOUSANDTHS

BASIS_POINTS = 10_000


def round_half_up(numerator: int, denominator: int) -> int:
    """``numerator / denominator`` to the nearest integer, halves away from zero. The denominator is positive."""
    if numerator < 0:
        return -((denominator - 2 * numerator) // (2 * denominator))
    return (2 * numerator + denominator) // (2 * denominator)


def line_amount(price: int, quantity: int, discount_bp: int = 0) -> int:
    """Minor units for a quantity in thousandths at a price per unit, less a discount in basis points.

    Rounded once, at the end: the discounted unit price is never rounded on its own.
    """
    return round_half_up(price * quantity * (BASIS_POINTS - discount_bp), THOUSANDTHS * BASIS_POINTS)


def tax_amount(net: int, rate_bp: int) -> int:
    """The tax on a net amount, both in minor units, at a rate in basis points."""
    return round_half_up(net * rate_bp, BASIS_POINTS) if rate_bp else 0
