"""What was counted of each product, and when: tallies of all devices together (C1, C2, C3)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from ...decision import Reason
from ...facts import Capture
from ...quantity import parse_quantity
from .document import StockCount, Tally

AHEAD_MS = 10 * 60 * 1000
BEHIND_MS = 92 * 24 * 3600 * 1000
DEVICE_DIGITS = 16
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Counted(msgspec.Struct):
    """Thousandths of a product's base unit, and when they were seen, by the server's clock."""

    quantity: int = 0
    at: int = 0
    said_at: int = 0
    """The latest tally by the devices' own clocks: what tells whether somebody counted anew."""
    lots: dict[str, int] = {}


def counted(count: StockCount, capture: Capture) -> tuple[dict[str, Counted], Reason | None]:
    """By product; and the first clock that cannot be believed."""
    found: dict[str, Counted] = {}
    serials: dict[tuple[str, str], int] = {}
    implausible: Reason | None = None
    for key, tally in sorted(count.tallies.items()):
        product = found.setdefault(tally.product, Counted())
        quantity = parse_quantity(tally.quantity)
        if tally.serial:
            # A serial number that two people saw is one piece.
            quantity = max(quantity - serials.get((tally.product, tally.serial), 0), 0)
            serials[tally.product, tally.serial] = serials.get((tally.product, tally.serial), 0) + quantity
        product.quantity += quantity
        lot = tally.serial or tally.batch
        if lot:
            product.lots = {**product.lots, lot: product.lots.get(lot, 0) + quantity}
        at, doubt = _moment(key, tally, capture)
        implausible = implausible or doubt
        product.at = max(product.at, at)
        product.said_at = max(product.said_at, _milliseconds(tally.counted_at))
    return found, implausible


def _moment(key: str, tally: Tally, capture: Capture) -> tuple[int, Reason | None]:
    """By the server's clock (SY7): the device's time and the measured offset of that device. What cannot be is taken as having
    been when it arrived, which does not change when the count is decided again."""
    clock = capture.clocks.get(key[:DEVICE_DIGITS])
    offset = capture.clock_offset if clock is None else clock.offset
    arrived = max((each.received_at for each in capture.clocks.values()), default=capture.decided_at)
    arrived = arrived if clock is None else clock.received_at
    at = _milliseconds(tally.counted_at) + offset
    if capture.received_at - BEHIND_MS <= at <= arrived + AHEAD_MS:
        return at, None
    params = {"captured": at, "received": arrived, "clock_offset": offset}
    return arrived, Reason("clock_implausible", params, None, "C3")


def _milliseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1)
