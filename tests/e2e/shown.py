"""Every screen that there is, by the name that its pictures bear: what a test looks at without a line here is a fault."""

from __future__ import annotations

from typing import NamedTuple

from tests.e2e.chromium import DESKTOP, PHONE, TABLET, TABLET_LANDSCAPE

LANGUAGES = ("zh-CN", "en")
SIZES = {"tablet": TABLET, "landscape": TABLET_LANDSCAPE, "phone": PHONE, "desktop": DESKTOP}


class Screen(NamedTuple):
    name: str
    words: str
    """What it is, for those who look at its pictures."""
    route: str = ""
    """The name of its route, where that is another; behind a stroke the kind, or what else of it the screen shows."""


class Part(NamedTuple):
    """Screens that the same people see."""

    title: str
    sizes: tuple[str, ...]
    """Of the pictures, those that the gallery shows first."""
    screens: tuple[Screen, ...]


DEALER = Part(
    "The dealer's tablet",
    ("tablet", "landscape"),
    (
        Screen("enrol", "A tablet is enrolled"),
        Screen("today", "Today: what needs me, drafts, credit, latest orders"),
        Screen("orders", "Orders"),
        Screen("order", "An order that two people wrote differently"),
        Screen("order-held", "An order that is held, and why", "order/held"),
        Screen("order-shipped", "An order on its way to the money", "order/shipped"),
        Screen("story", "What became of an order, step by step", "order/story"),
        Screen("order-edit", "An order is written"),
        Screen("picker", "A product is looked for", "order-edit/picker"),
        Screen("keypad", "Quantities in packs and pieces", "order-edit/keypad"),
        Screen("scan", "Scanning: with the camera, and where there is none", "order-edit/scan"),
        Screen("products", "Products"),
        Screen("product", "A product with its prices"),
        Screen("stock", "Stock"),
        Screen("counts", "Counts of the store"),
        Screen("count", "A count is written"),
        Screen("count-close", "A count is closed", "count/close"),
        Screen("count-closed", "What a count found", "count/closed"),
        Screen("receipts", "Shipments under way, and what was received"),
        Screen("receipt", "A shipment is counted in"),
        Screen("sales", "Sales"),
        Screen("sale-edit", "A sale is written"),
        Screen("sale", "A sale with its paper"),
        Screen("returns", "Returns"),
        Screen("return", "A machine comes back"),
        Screen("service", "Service requests as the dealer sees them"),
        Screen("attention", "What needs a person"),
        Screen("account", "The account: credit, ageing, invoices"),
        Screen("more", "More: the device, the language, what is kept here"),
        Screen("missing", "An address that leads nowhere"),
    ),
)
TECHNICIAN = Part(
    "The technician's tablet",
    ("tablet", "landscape"),
    (
        Screen("service-today", "Today: requests by deadline, machines, what waits", "today/technician"),
        Screen("service-list", "Requests", "service/technician"),
        Screen("service-request", "A request with its clock", "request"),
        Screen("service-request-form", "A request is written", "request-edit"),
        Screen("service-visit-form", "A visit is written: times, photos, parts, signature", "visit/draft"),
        Screen("service-sign", "The customer signs", "visit/sign"),
        Screen("service-visit", "A visit as it was sent", "visit"),
        Screen("service-machines", "Machines", "machines"),
        Screen("service-machine", "A machine with its history", "machine"),
        Screen("service-machine-form", "A machine is written down", "machine-edit"),
        Screen("service-customers", "Customers", "customers"),
        Screen("service-customer", "A customer", "customer"),
    ),
)
HEADQUARTERS = Part(
    "Headquarters",
    ("desktop", "landscape", "tablet"),
    (
        Screen("hq-sign-in", "Signing in"),
        Screen("hq-orders", "Orders"),
        Screen("hq-order", "An order held over its credit limit, with the sum", "hq-orders/document"),
        Screen("hq-order-shipped", "An order with shipments and invoice", "hq-orders/shipped"),
        Screen("hq-competing", "Two people wrote different values", "hq-orders/competing"),
        Screen("hq-palette", "The palette of commands", "hq-orders/palette"),
        Screen("hq-attention", "What needs a person"),
        Screen("hq-dealers", "Dealers"),
        Screen("hq-dealer", "A dealer: credit, statement, people, devices"),
        Screen("hq-stock", "Headquarters' own stock"),
        Screen("hq-places", "Stock by place"),
        Screen("hq-stock-lines", "The stock of one place", "hq-places/lines"),
        Screen("hq-movements", "What moved a number"),
        Screen("hq-counts", "Counts", "hq-documents/stock_count"),
        Screen("hq-count", "A count: book, counted, difference and value", "hq-documents/stock_count/document"),
        Screen("hq-receipts", "Receipts", "hq-documents/goods_receipt"),
        Screen("hq-receipt", "A receipt that is not whole", "hq-documents/goods_receipt/document"),
        Screen("hq-sales", "Sales of the dealers", "hq-documents/sale"),
        Screen("hq-sale", "A sale", "hq-documents/sale/document"),
        Screen("hq-returns", "Returns", "hq-documents/goods_return"),
        Screen("hq-return", "A return", "hq-documents/goods_return/document"),
        Screen("hq-board", "The service board: requests by state with the time left", "hq-service"),
        Screen("hq-request", "A request on the board", "hq-service/document"),
        Screen("hq-requests", "All requests", "hq-documents/service_request"),
        Screen("hq-request-entry", "A request from the list of all", "hq-documents/service_request/document"),
        Screen("hq-visits", "Visits", "hq-documents/service_visit"),
        Screen("hq-visit", "A visit", "hq-documents/service_visit/document"),
        Screen("hq-machines", "Machines", "hq-documents/machine"),
        Screen("hq-machine", "A machine", "hq-documents/machine/document"),
        Screen("hq-customers", "Customers", "hq-documents/customer"),
        Screen("hq-customer", "A customer", "hq-documents/customer/document"),
        Screen("hq-duplicates", "Customers that look alike"),
        Screen("hq-payments", "Payments", "hq-documents/payment"),
        Screen("hq-payment", "A payment", "hq-documents/payment/document"),
        Screen("hq-arrivals", "What came into headquarters' own stock", "hq-documents/stock_receipt"),
        Screen("hq-arrival", "An arrival", "hq-documents/stock_receipt/document"),
        Screen("hq-thresholds", "Thresholds of stock", "hq-policies"),
        Screen("hq-closings", "Closing a period", "hq-periods"),
        Screen("hq-products", "Products"),
        Screen("hq-people", "People"),
        Screen("hq-audit", "Who did what"),
        Screen("hq-settings", "Settings"),
    ),
)
PARTS = (DEALER, TECHNICIAN, HEADQUARTERS)
NAMES = frozenset(screen.name for part in PARTS for screen in part.screens)
BESIDE = {
    *("today.zh-CN.phone", "order-edit.en.phone", "today.zh-CN.tablet-dark", "order.en.tablet-dark"),
    *("hq-orders.en.phone", "hq-board.zh-CN.phone", "hq-order.en.desktop-dark", "hq-board.en.desktop-dark"),
}
"""Some on a phone, and some in the dark."""
PICTURES = BESIDE | {
    f"{screen.name}.{language}.{size}"
    for part in PARTS
    for screen in part.screens
    for language in LANGUAGES
    for size in part.sizes
}
"""The pictures of the documents: `<screen>.<language>.<size>`."""
