"""What is to be ordered so that a location does not run out: advice to a person, never an order by itself. Pure; the tablet has the
same in `pwa/src/kinds/product/reorder.ts`, on the same cases (`schemas/cases/reorder`)."""

from __future__ import annotations

from collections.abc import Mapping
from math import lcm
from typing import Any

import msgspec

from .quantity import THOUSANDTHS, parse_quantity


class Proposal(msgspec.Struct, frozen=True):
    """Thousandths of the product's base unit. `quantity` 0: there will be enough."""

    projected: int
    quantity: int


def propose(
    on_hand: int, reserved: int, ordered: int, policy: Mapping[str, Any] | None, product: Mapping[str, Any]
) -> Proposal:
    """`policy` and `product` are the bodies of their records; `ordered` is what is on its way besides the policy's `on_order`.

    At or below the reorder level, projected, as much is proposed as the policy says at least, and so much that the level is
    passed: a proposal that is taken is not made again. Whole packs and steps only.
    """
    policy = policy or {}
    projected = on_hand - reserved + ordered + parse_quantity(policy.get("on_order") or "0")
    level = policy.get("reorder_level")
    if level is None or product.get("withdrawn") or projected > parse_quantity(level):
        return Proposal(projected, 0)
    wanted = max(parse_quantity(policy.get("reorder_quantity") or "0"), parse_quantity(level) - projected + 1)
    grain = grain_of(product)
    return Proposal(projected, -(-wanted // grain) * grain)


def grain_of(product: Mapping[str, Any]) -> int:
    """The smallest amount that can be ordered: whole steps in whole packs."""
    step = parse_quantity(product.get("step") or "1")
    pack = parse_quantity(product["pack"]) if product.get("pack") else step
    return lcm(step, pack) or THOUSANDTHS
