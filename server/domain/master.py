"""The records that headquarters keeps and decisions publish: the shapes of their bodies, for import, screens and tablet."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._:@-]+$")]
Name = Annotated[str, StringConstraints(max_length=200)]
Place = Annotated[
    str, StringConstraints(max_length=140, pattern=r"^(warehouse|van|dealer)(:[A-Za-z0-9._@-]{1,64}){1,2}$")
]
"""A location: its account in the stock ledger."""
Quantity = Annotated[str, StringConstraints(pattern=r"^(0|[1-9][0-9]{0,8})(\.[0-9]{1,3})?$")]
Positive = Annotated[
    str, StringConstraints(pattern=r"^([1-9][0-9]{0,8}(\.[0-9]{1,3})?|0\.([1-9][0-9]{0,2}|0[1-9][0-9]?|00[1-9]))$")
]
"""An exact decimal above zero with at most three places."""
Signed = Annotated[str, StringConstraints(pattern=r"^-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,3})?$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Date = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
Amount = Annotated[int, Field(ge=-(10**15), le=10**15, description="Minor units.")]
Price = Annotated[int, Field(ge=0, le=10**12, description="Minor units, before tax.")]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Names(_Record):
    zh: Name = ""
    en: Name = ""


class Unit(_Record):
    unit: Id
    factor: Positive = Field(description="Base units in one of this unit.")
    barcodes: list[Name] = []


class Product(_Record):
    """Record `product` / `<id>`, scope `catalog`."""

    id: Id
    name: Names
    base_unit: Id
    units: list[Unit] = Field(default=[], description="The base unit may be left out: its factor is 1.")
    barcodes: list[Name] = Field(default=[], description="Of the base unit.")
    category: Id | None = None
    tax_bp: int = Field(default=0, ge=0, le=10_000, description="Tax on the net price, basis points.")
    picture: str | None = Field(default=None, description="The name that `/pictures/` serves it by.")
    pinyin: str = Field(default="", description="Full pinyin and initials, for search.")
    withdrawn: bool = Field(default=False, description="No longer sold: headquarters must approve a line with it.")
    step: Positive = Field(default="1", description="Ordered quantities are multiples of it, in base units.")
    pack: Positive | None = Field(default=None, description="Whole packs only: so many base units.")


class Category(_Record):
    """Record `category` / `<id>`, scope `catalog`."""

    id: Id
    name: Names
    position: int = 0


class StockLevel(_Record):
    """Record `stock_level` / `<product>`, scope `catalog`: what headquarters' warehouse can still promise."""

    product: Id
    available: Signed = Field(description="In base units; below zero after a correction of stock that was promised.")
    at_least: bool = Field(default=False, description="There may be more: large amounts are told in round numbers.")


class PriceList(_Record):
    """Record `price_list` / `<id>@<version>`, scope `tier:<tier>`. A version is never edited: a new one is written."""

    id: Id
    version: int = Field(ge=1)
    name: Name = ""
    currency: Currency
    tier: Id
    valid_from: Date
    valid_to: Date | None = Field(default=None, description="The last day.")
    utc_offset_minutes: int = Field(default=0, ge=-840, le=840, description="Where its days begin: 480 in China.")
    max_discount_bp: int = Field(default=0, ge=0, le=10_000, description="What a dealer may ask for without approval.")


class PriceBreak(_Record):
    from_quantity: Positive = Field(description="In the unit that is priced.")
    price: Price


class UnitPrice(_Record):
    price: Price
    breaks: list[PriceBreak] = []


class ProductPrice(_Record):
    """Record `price` / `<list>@<version>/<product>`, scope `tier:<tier>`."""

    product: Id
    list: Id
    version: int = Field(ge=1)
    units: dict[Id, UnitPrice]


class Dealer(_Record):
    """Record `dealer` / `<id>`, scope `dealer:<id>`."""

    id: Id
    name: Name
    tier: Id
    price_list: Id | None = Field(default=None, description="The version in force: `<list>@<version>`.")
    grade: Literal["A", "B", "C", "D"] = Field(default="B", description="D: on watch, every order is held.")
    credit_limit: Amount | None = Field(default=None, description="None: no limit. Without meaning under prepayment.")
    currency: Currency
    terms: Literal["prepayment", "monthly", "quarterly"] = "monthly"
    language: Literal["zh-CN", "en"] = "zh-CN"
    contact: Name = ""
    phone: Name = ""
    address: Annotated[str, StringConstraints(max_length=500)] = ""
    active: bool = True


class AccountBalance(_Record):
    """Record `account_balance` / `<dealer>`, scope `dealer:<dealer>`: for the tablet's advice on credit."""

    dealer: Id
    currency: Currency
    receivable: Amount = Field(description="Positive: the dealer owes. Negative: paid in advance.")
    open_orders: Amount = Field(description="Accepted and not yet invoiced.")
    limit: Amount | None
    terms: Literal["prepayment", "monthly", "quarterly"]


class StockOnHand(_Record):
    """Record `stock_on_hand` / `<location>/<product>`, scope of the location. In headquarters' warehouse only where somebody
    watches it."""

    location: Place
    product: Id
    on_hand: Signed = Field(
        description="In base units, what is reserved included; below zero: more left than was known to be there."
    )
    reserved: Signed
    level: Literal["below", "low", "ok", "high"]


class StockPolicy(_Record):
    """Record `stock_policy` / `<location>/<product>`, scope of the location. Quantities in base units."""

    location: Place
    product: Id
    low: Quantity | None = Field(default=None, description="At or below it somebody is told.")
    high: Quantity | None = Field(default=None, description="Above it somebody is told.")
    reorder_level: Quantity | None = Field(default=None, description="At or below it, projected, more is ordered.")
    reorder_quantity: Quantity | None = Field(default=None, description="At least so much is ordered, in whole packs.")
    on_order: Quantity = Field(default="0", description="Ordered elsewhere and on its way.")


class Technician(_Record):
    """Record `technician` / `<account>`, scope `technician:<account>`: the dealers whose machines somebody serves."""

    id: Id
    name: Name
    dealers: list[Id] = []


class WarrantyPolicy(_Record):
    """Record `warranty_policy` / `<id>`, scope `catalog`. Its id says what it is for, so that a rule can ask for it:
    `product:<product>`, `category:<category>`, `default`; the closest to the product holds (`domain/warranty.py`)."""

    id: Annotated[
        str, StringConstraints(max_length=80, pattern=r"^(default|(product|category):[A-Za-z0-9._:@-]{1,64})$")
    ]
    months: int = Field(ge=0, le=600, description="From the day of the sale; 0: none.")
    parts_months: int | None = Field(default=None, ge=0, le=600, description="Parts; left out: as `months`.")
    labour_months: int | None = Field(default=None, ge=0, le=600, description="Labour; left out: as `months`.")

    @property
    def product(self) -> str | None:
        return self._about("product")

    @property
    def category(self) -> str | None:
        return self._about("category")

    def _about(self, what: str) -> str | None:
        head, _, rest = self.id.partition(":")
        return rest if head == what else None


class WarrantyRecord(_Record):
    """Record `warranty` / `<dealer>/<serial>` (`domain/warranty.py`), scope `service:<dealer>`: the machine that an end customer
    bought. The dealer is in its key, so that nobody can write over what another dealer sold."""

    product: Id
    serial: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    dealer: Id
    sold_at: str
    until: Date = Field(description="The last day of the warranty, in UTC; before the day of the sale: none.")
    parts_until: Date
    labour_until: Date
    document: str = Field(description="The sale's document id.")
    number: Id = Field(description="The sale's number.")
    line: Id
    customer: Annotated[str, StringConstraints(max_length=200)] = Field(
        description="Id, or the name as it was written."
    )


TimeOfDay = Annotated[str, StringConstraints(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]


class WorkingSpan(_Record):
    start: TimeOfDay
    end: TimeOfDay


class ServiceHours(_Record):
    """Record `service_hours` / `main`, scope `catalog`: when headquarters' clock for service runs."""

    id: Literal["main"] = "main"
    utc_offset_minutes: int = Field(ge=-840, le=840, description="Where its days begin: 480 in China.")
    week: list[list[WorkingSpan]] = Field(min_length=7, max_length=7, description="Monday first; an empty day is free.")
    holidays: list[Date] = []


class Deadlines(_Record):
    respond: int = Field(ge=1, le=500_000, description="Minutes of working time until somebody is there.")
    fix: int = Field(ge=1, le=500_000, description="Minutes of working time until the machine runs.")


class ServiceLevels(_Record):
    """Record `sla` / `main`, scope `catalog`: what is promised, by urgency."""

    id: Literal["main"] = "main"
    urgency: dict[Literal["low", "normal", "high", "down"], Deadlines]


class CountPolicy(_Record):
    """Record `count_policy` / `main`, scope `catalog`: which differences of a stock count headquarters looks at first."""

    id: Literal["main"] = "main"
    max_value: Price = Field(description="A larger difference of one product is held.")
    currency: Currency
    price_list: Id | None = Field(
        default=None, description="`<list>@<version>` for what no dealer's list prices: the vans."
    )


class Closing(_Record):
    until: int = Field(ge=0, description="UTC milliseconds: what happened before belongs to the closed period.")
    closed_at: int = Field(ge=0, description="UTC milliseconds: what arrived before was counted in it.")


class Periods(_Record):
    """Record `periods` / `closed`, scope `hq`: the closings of the books, the oldest first."""

    id: Literal["closed"] = "closed"
    closings: list[Closing] = []


class ShipmentLine(_Record):
    product: Id
    quantity: Signed
    unit: Id
    base: Signed = Field(description="The quantity in the product's base unit.")
    net: Amount = Field(description="Of the whole quantity, before tax: what the goods cost the dealer.")
    tax: Amount


class ShipmentRecord(_Record):
    """Record `shipment` / `<command>`, scope `dealer:<dealer>`. What headquarters sends again after a goods receipt is one too."""

    id: Id
    number: str
    document: str = Field(description="The order's document id.")
    order: Id = Field(description="The order's number.")
    dealer: Id
    currency: Currency
    shipped_at: str = Field(description="When it was recorded.")
    shipped_on: Date = Field(description="The day it left.")
    delivered_at: str | None = Field(description="By headquarters, or by the dealer's goods receipt.")
    carrier: str
    tracking: str
    lines: dict[Id, ShipmentLine]


class ShipmentNumber(_Record):
    """Record `shipment_number` / `<dealer>/<number>`, scope `dealer:<dealer>`: for who has only the paper in hand."""

    id: Id


class InvoiceLine(_Record):
    quantity: Signed
    net: Amount
    tax: Amount


class InvoiceRecord(_Record):
    """Record `invoice` / `<command>`, scope `dealer:<dealer>`."""

    id: Id
    number: str
    document: str = Field(description="The order's document id.")
    order: Id = Field(description="The order's number.")
    dealer: Id
    currency: Currency
    at: str
    shipments: list[Id]
    net: Amount
    tax: Amount
    total: Amount
    lines: dict[Id, InvoiceLine]


class CreditNote(_Record):
    """Record `credit_note` / `<command>`, scope `dealer:<dealer>`: what headquarters takes off the dealer's account."""

    id: Id
    number: str
    document: str = Field(description="The goods receipt or the return that it stands on.")
    about: str = Field(description="The number of that document.")
    dealer: Id
    currency: Currency
    at: str
    net: Amount
    tax: Amount
    total: Amount
    lines: dict[Id, InvoiceLine]


class PaymentRecord(_Record):
    """Record `payment` / `<command>`, scope `dealer:<dealer>`."""

    document: str
    dealer: Id
    amount: Amount
    currency: Currency
    method: str
    reference: str
    received_on: Date


MASTER: dict[str, type[BaseModel]] = {
    "product": Product,
    "category": Category,
    "price_list": PriceList,
    "price": ProductPrice,
    "dealer": Dealer,
    "stock_policy": StockPolicy,
    "technician": Technician,
    "service_hours": ServiceHours,
    "sla": ServiceLevels,
    "warranty_policy": WarrantyPolicy,
    "periods": Periods,
    "count_policy": CountPolicy,
}
"""What headquarters writes, by the name of its record."""

PUBLISHED: dict[str, type[BaseModel]] = {
    "stock_level": StockLevel,
    "stock_on_hand": StockOnHand,
    "account_balance": AccountBalance,
    "shipment": ShipmentRecord,
    "shipment_number": ShipmentNumber,
    "credit_note": CreditNote,
    "invoice": InvoiceRecord,
    "payment": PaymentRecord,
}
"""What the server writes: from balances, and what decisions publish."""


def record_key(kind: str, body: dict[str, Any]) -> str:
    """The key of a master record, from its body."""
    if kind == "price_list":
        return f"{body['id']}@{body['version']}"
    if kind == "price":
        return f"{body['list']}@{body['version']}/{body['product']}"
    if kind == "stock_policy":
        return f"{body['location']}/{body['product']}"
    return str(body["id"])
