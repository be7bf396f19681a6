"""An order weighed against its facts: what the decision, the checks of the commands and the commands' memory all read."""

from __future__ import annotations

from typing import Any

import msgspec

from ...decision import Reason, Verdict
from ...facts import Facts, RecordKey
from ...quantity import format_quantity
from .allocation import allocate, reserved
from .credit import check_credit, check_dealer, promised
from .document import Order
from .history import History, fold
from .lines import OrderLine, differences, seen
from .pricing import captured, price_lines


class Assessment(msgspec.Struct):
    history: History
    stage: str
    """The stage that holds: what the order says, or after shipping what was agreed."""
    lines: list[OrderLine] = []
    reasons: list[Reason] = []
    held: bool = False
    rejected: bool = False
    case: list[tuple[str | None, str, str, str]] = []
    """What an edit after shipping changed and headquarters has not settled."""
    allocated: dict[str, int] = {}
    shipped: dict[str, int] = {}
    credit: dict[str, Any] = {}
    price_list: str | None = None
    captured_at: int = 0
    standing: int = 0
    """What was promised before, minor units."""

    @property
    def open_lines(self) -> list[OrderLine]:
        return [line for line in self.lines if line.state == "open"]

    @property
    def net(self) -> int:
        return sum(line.net for line in self.lines if line.state == "open")

    @property
    def tax(self) -> int:
        return sum(line.tax for line in self.lines if line.state == "open")

    @property
    def total(self) -> int:
        return self.net + self.tax

    def line(self, key: str) -> OrderLine | None:
        return next((line for line in self.lines if line.id == key), None)

    def known(self, key: str) -> OrderLine:
        """The line of that id. ValueError: a command that its check would have refused."""
        line = self.line(key)
        if line is None:
            raise ValueError(f"there is no line {key}")
        return line

    def verdict(self) -> Verdict:
        if self.stage == "draft":
            return "draft"
        if self.stage == "withdrawn" and not self.shipped:
            return "withdrawn"
        if self.rejected:
            return "refused"
        if self.held:
            return "held"
        states = {line.state for line in self.lines}
        if "open" not in states:
            return "held" if "held" in states else "refused"
        if self.done():
            return "closed"
        whole = states == {"open"} and all(self.allocated[line.id] == line.base for line in self.lines)
        return "accepted" if whole else "in_part"

    def done(self) -> bool:
        """Everything that is open has left, arrived and been invoiced (O21)."""
        shipments = self.history.shipments.values()
        return (
            bool(shipments)
            and all(self.shipped.get(line.id, 0) == line.base for line in self.open_lines)
            and all(each.delivered_at is not None and each.invoice is not None for each in shipments)
        )


def receipts_key(order: Order) -> RecordKey:
    """Below it lie the receipts of the order's shipments."""
    return RecordKey("receipt", f"{order.dealer}/{order.number}")


def assess(order: Order, facts: Facts) -> Assessment:
    history = fold(facts.commands)
    history.receive(facts.below(receipts_key(order)))
    found = Assessment(history, order.stage)
    dealer = facts.records.get(RecordKey("dealer", order.dealer))
    if facts.conflicts:
        params = {"count": len(facts.conflicts), "paths": ", ".join(facts.conflicts)[:200]}
        found.reasons.append(Reason("competing_values", params, None, "O17"))
    found.standing = promised(order, facts)
    if history.agreed is not None:
        _after_shipping(found, order, facts)
        return found
    if dealer is None:
        found.held = True
        found.reasons.append(Reason("unknown_dealer", {"dealer": order.dealer}, None, "O9"))
        return found
    _before_shipping(found, order, facts, dealer)
    return found


def _before_shipping(found: Assessment, order: Order, facts: Facts, dealer: dict[str, Any]) -> None:
    history = found.history
    standing = reserved(facts)
    priced = price_lines(order, facts, dealer, history.approval, set(standing))
    found.lines, found.price_list, found.captured_at = priced.lines, priced.price_list, priced.captured_at
    if order.stage != "submitted":
        if order.stage == "withdrawn":  # there is nothing to choose any more
            found.reasons = []
        return
    if dealer["currency"] != order.currency:
        params = {"currency": order.currency, "expected": dealer["currency"]}
        found.reasons.append(Reason("currency_differs", params, None, "O9"))
        found.rejected = True
        return
    found.reasons += priced.reasons
    found.held = priced.held
    if not order.lines:
        found.reasons.append(Reason("no_lines", {}, None, "O3"))
        return
    if _rejection(found, order):
        return
    standing_of_dealer = check_dealer(order, dealer, history.approval)
    if standing_of_dealer is not None:
        found.reasons.append(standing_of_dealer)
        found.held = True
    found.credit, reason, held = check_credit(order, facts, dealer, found.total, history.approval)
    if reason is not None:
        found.reasons.append(reason)
    found.held |= held
    if history.approval is not None:
        params = {"by": history.approval.by, "note": history.approval.note, "total": history.approval.total}
        found.reasons.append(Reason("approved", params, None, "O19"))
    found.allocated = allocate(found.lines, facts, {}, standing, found.held)
    _back_orders(found)


def _rejection(found: Assessment, order: Order) -> bool:
    """A rejection holds for the order that was rejected; a changed one waits for headquarters (O19). True: it holds."""
    rejection = found.history.rejection
    if rejection is None:
        return False
    params = {"by": rejection.by, "reason": rejection.reason}
    if differences(rejection.seen, seen(order)):
        found.reasons.append(Reason("edited_after_rejection", params, None, "O19"))
        found.held = True
        return False
    found.reasons = [Reason("rejected", params, None, "O19")]
    found.rejected = True
    return True


def _after_shipping(found: Assessment, order: Order, facts: Facts) -> None:
    """What was agreed holds; what the order says otherwise now is a case for headquarters (O18)."""
    history = found.history
    agreed = history.agreed
    assert agreed is not None
    found.stage = agreed.seen["stage"]
    found.lines = agreed.lines
    found.captured_at, _ = captured(order, facts)
    found.shipped = history.shipped()
    now = seen(order)
    if now != history.dismissed:
        found.case = differences(agreed.seen, now)
    for line, field, was, is_ in found.case[:50]:
        found.reasons.append(Reason("edited_after_shipping", {"field": field, "was": was, "now": is_}, line, "O18"))
    for left_out in found.lines:
        if left_out.state != "open":
            found.reasons.append(Reason("line_left_out", {"product": left_out.product}, left_out.id, "O18"))
    found.allocated = allocate(found.lines, facts, found.shipped, reserved(facts), only_standing=False)
    _back_orders(found)


def _back_orders(found: Assessment) -> None:
    if found.held:
        return
    for line in found.lines:
        missing = line.base - found.allocated[line.id]
        if line.state == "open" and missing > 0:
            params = {
                "allocated": quantity_in_units(line, found.allocated[line.id]),
                "back_ordered": quantity_in_units(line, missing),
                "unit": line.unit,
            }
            found.reasons.append(Reason("back_ordered", params, line.id, "O14"))


def quantity_in_units(line: OrderLine, base: int) -> str:
    return format_quantity(line.in_units(base))
