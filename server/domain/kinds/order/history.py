"""What headquarters did to an order so far, folded from its commands in their order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from ...facts import Command
from ...quantity import parse_quantity
from .document import Line
from .lines import SEEN_FIELDS, OrderLine


class Approval(msgspec.Struct):
    by: str
    note: str
    accept_prices: bool
    total: int
    """What the order came to when it was approved, minor units: credit is let through up to it (O19)."""
    lines: dict[str, dict[str, Any]]

    def covers(self, key: str, line: Line) -> bool:
        """Whether the line is the one that was approved, or less of it."""
        was = self.lines.get(key)
        return (
            was is not None
            and all(was[name] == getattr(line, name) for name in SEEN_FIELDS if name != "quantity")
            and parse_quantity(line.quantity) <= parse_quantity(was["quantity"])
        )


class Rejection(msgspec.Struct):
    by: str
    reason: str
    seen: dict[str, Any]


class ShippedLine(msgspec.Struct):
    product: str
    unit: str
    quantity: int
    base: int


class Shipment(msgspec.Struct):
    id: str
    number: str
    at: int
    carrier: str
    tracking: str
    shipped_on: str | None
    """The day that was given; None: the day it was recorded."""
    lines: dict[str, ShippedLine]
    delivery: str | None = None
    """The command that recorded its delivery."""
    delivered_at: int | None = None
    receipt: str | None = None
    """The number of the dealer's goods receipt: the goods came in by it, not by the delivery (O23)."""
    invoice: str | None = None


class InvoicedLine(msgspec.Struct):
    quantity: int
    net: int
    tax: int


class Invoice(msgspec.Struct):
    id: str
    number: str
    at: int
    shipments: list[str]
    lines: dict[str, InvoicedLine]
    net: int
    tax: int

    @property
    def total(self) -> int:
        return self.net + self.tax


class Agreed(msgspec.Struct):
    """The order as it stood when its first goods left, or as headquarters took a later edit: it holds from then on (O18)."""

    seen: dict[str, Any]
    lines: list[OrderLine]


class History(msgspec.Struct):
    approval: Approval | None = None
    rejection: Rejection | None = None
    agreed: Agreed | None = None
    dismissed: dict[str, Any] | None = None
    """The edit after shipping that headquarters saw and did not take."""
    shipments: dict[str, Shipment] = {}
    invoices: dict[str, Invoice] = {}

    def shipped(self) -> dict[str, int]:
        """Line id -> thousandths of the base unit that left."""
        return _sums((key, line.base) for shipment in self.shipments.values() for key, line in shipment.lines.items())

    def receive(self, receipts: Mapping[str, Mapping[str, Any]]) -> None:
        """What the dealer's goods receipts say, by shipment: they are nearer to the goods than a recorded delivery (O23)."""
        for name, receipt in receipts.items():
            shipment = self.shipments.get(name)
            if shipment is not None:
                shipment.receipt, shipment.delivered_at = receipt["number"], receipt["at"]

    def invoiced(self) -> dict[str, int]:
        """Line id -> thousandths of the line's unit that were invoiced."""
        return _sums((key, line.quantity) for invoice in self.invoices.values() for key, line in invoice.lines.items())

    def invoiced_total(self) -> int:
        return sum(invoice.total for invoice in self.invoices.values())

    def shipment(self, name: str) -> Shipment | None:
        """By its id or its number."""
        return self.shipments.get(name) or next((each for each in self.shipments.values() if each.number == name), None)


def _sums(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for key, amount in pairs:
        sums[key] = sums.get(key, 0) + amount
    return sums


def fold(commands: tuple[Command, ...]) -> History:
    history = History()
    for command in commands:
        _FOLDS[command.name](history, command)
    return history


def _approve(history: History, command: Command) -> None:
    params = command.params
    history.rejection = None
    history.approval = Approval(
        command.by, params["note"], params["accept_prices"], params["total"], params["seen"]["lines"]
    )


def _reject(history: History, command: Command) -> None:
    history.approval = None
    history.rejection = Rejection(command.by, command.params["reason"], command.params["seen"])


def _ship(history: History, command: Command) -> None:
    params = command.params
    lines = msgspec.convert(params["shipped"], dict[str, ShippedLine])
    history.shipments[command.id] = Shipment(
        command.id, params["number"], command.at, params["carrier"], params["tracking"], params.get("shipped_on"), lines
    )
    if "agreed" in params:
        history.agreed = msgspec.convert(params["agreed"], Agreed)


def _deliver(history: History, command: Command) -> None:
    shipment = history.shipments[command.params["id"]]
    shipment.delivery, shipment.delivered_at = command.id, command.at


def _invoice(history: History, command: Command) -> None:
    params = command.params
    lines = msgspec.convert(params["lines"], dict[str, InvoicedLine])
    history.invoices[command.id] = Invoice(
        command.id, params["number"], command.at, params["ids"], lines, params["net"], params["tax"]
    )
    for name in params["ids"]:
        history.shipments[name].invoice = command.id


def _resolve_case(history: History, command: Command) -> None:
    if "agreed" in command.params:
        history.agreed = msgspec.convert(command.params["agreed"], Agreed)
        history.dismissed = None
    else:
        history.dismissed = command.params["seen"]


_FOLDS = {
    "approve": _approve,
    "reject": _reject,
    "ship": _ship,
    "deliver": _deliver,
    "invoice": _invoice,
    "resolve_case": _resolve_case,
}
