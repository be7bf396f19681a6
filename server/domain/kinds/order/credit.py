"""Who the dealer is, and whether the order is within their means: O9 to O11."""

from __future__ import annotations

from typing import Any

from ...decision import BalanceKey, Reason
from ...facts import Facts
from .document import Order
from .history import Approval


def receivable_key(dealer: str, currency: str) -> BalanceKey:
    return BalanceKey("money", f"receivable:{dealer}", currency)


def open_orders_key(dealer: str, currency: str) -> BalanceKey:
    return BalanceKey("commitment", f"open_orders:{dealer}", currency)


def promised(order: Order, facts: Facts) -> int:
    """What stands for this order by now: the open commitment and what is invoiced, minor units (O15)."""
    dealers = (open_orders_key(order.dealer, order.currency), receivable_key(order.dealer, order.currency))
    return sum(
        posting.amount
        for name, postings in facts.standing.items()
        if name == "commitment" or name.startswith("invoice:")
        for posting in postings
        if posting.key in dealers
    )


def check_dealer(order: Order, dealer: dict[str, Any], approval: Approval | None) -> Reason | None:
    """O9: an inactive dealer, or one on watch, needs headquarters; an approval settles it."""
    if approval is not None:
        return None
    if not dealer.get("active", True):
        return Reason("dealer_inactive", {"dealer": order.dealer}, None, "O9")
    if dealer.get("grade") == "D":
        return Reason("dealer_on_watch", {"dealer": order.dealer, "grade": "D"}, None, "O9")
    return None


def check_credit(
    order: Order, facts: Facts, dealer: dict[str, Any], total: int, approval: Approval | None
) -> tuple[dict[str, Any], Reason | None, bool]:
    """(figures, reason, held). The balances are those of all other documents, so the order counts once, whole.

    What was promised stays promised while the order does not come to more (O15); an approval lets it through up to the total
    that was approved (O19).
    """
    receivable = facts.balances.get(receivable_key(order.dealer, order.currency), 0)
    open_orders = facts.balances.get(open_orders_key(order.dealer, order.currency), 0)
    prepaid = dealer.get("terms") == "prepayment"
    limit = 0 if prepaid else dealer.get("credit_limit")
    figures: dict[str, Any] = {"receivable": receivable, "open_orders": open_orders, "order": total, "limit": limit}
    if limit is None or total == 0:
        return figures, None, False
    over = receivable + open_orders + total - limit
    if over <= 0 or total <= promised(order, facts):
        return figures, None, False
    let_through = approval is not None and total <= approval.total
    if prepaid:
        params = {"balance": -receivable, "open_orders": open_orders, "order": total, "short": over}
        return (
            figures,
            Reason("prepayment_approved" if let_through else "prepayment_short", params, None, "O11"),
            not let_through,
        )
    params = {**figures, "over": over}
    return (
        figures,
        Reason("credit_approved" if let_through else "credit_over_limit", params, None, "O10"),
        not let_through,
    )
