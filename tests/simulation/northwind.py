"""The Northwind orders: which columns are which, the price lists that they imply, and the totals that the files give."""

from __future__ import annotations

import csv
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

NEW_PRICES = "1997-04-05"
"""The files' prices change once: the last order at the old prices is of 1997-04-04."""
LIST = "northwind"

PRODUCTS = ["--column", "product=product_id", "--column", "name=product_name", "--column", "category=category_id"]
DEALERS = [
    "--column", "dealer=customer_id", "--column", "name=company_name", "--column", "contact=contact_name",
    "--set", "credit_limit=1000000", "--set", "terms=monthly", "--set", "currency=USD", "--set", "language=en",
    "--set", f"price_list={LIST}@2",
]  # fmt: skip
ORDERS = [
    "--column", "order=order_id", "--column", "dealer=customer_id", "--column", "ordered_on=order_date",
    "--column", "wanted_date=required_date", "--column", "shipped_on=shipped_date", "--set", "currency=USD",
    "--line-column", "order=order_id", "--line-column", "product=product_id", "--line-column", "price=unit_price",
]  # fmt: skip


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cents(text: str) -> Decimal:
    """The files hold floats written out (9.80000019): the cents that they mean."""
    return (Decimal(text) * 100).quantize(Decimal(1), ROUND_HALF_UP)


def percent(text: str) -> Decimal:
    return Decimal(text).quantize(Decimal("0.01"), ROUND_HALF_UP)


class Northwind:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.orders = {row["order_id"]: row for row in rows(folder / "orders.csv")}
        self.lines = rows(folder / "order_details.csv")
        self.products = {row["product_id"]: row for row in rows(folder / "products.csv")}

    def amount(self, line: dict[str, str]) -> int:
        """Cents of a line, rounded once."""
        whole = cents(line["unit_price"]) * Decimal(line["quantity"]) * (1 - percent(line["discount"]))
        return int(whole.quantize(Decimal(1), ROUND_HALF_UP))

    def totals(self, *by: str) -> dict[tuple[str, ...], int]:
        """Cents by columns of the line or its order."""
        sums: dict[tuple[str, ...], int] = defaultdict(int)
        for line in self.lines:
            both: dict[str, Any] = {**self.orders[line["order_id"]], **line}
            sums[tuple(both[column] for column in by)] += self.amount(line)
        return dict(sums)

    def shipped(self, line: dict[str, str]) -> bool:
        return self.orders[line["order_id"]]["shipped_date"] not in ("", "NULL")

    def write_prices(self, path: Path) -> None:
        """Two versions of one list: the price that most lines of each period have, else the product's present price."""
        seen: dict[tuple[int, str], dict[int, int]] = defaultdict(lambda: defaultdict(int))
        for line in self.lines:
            version = 1 if self.orders[line["order_id"]]["order_date"] < NEW_PRICES else 2
            seen[version, line["product_id"]][int(cents(line["unit_price"]))] += 1
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(
                ["list", "version", "currency", "valid_from", "valid_to", "max_discount", "product", "price"]
            )
            for version, start, end in ((1, "1996-01-01", "1997-04-04"), (2, NEW_PRICES, "")):
                for product, row in self.products.items():
                    prices = seen.get((version, product)) or {int(cents(row["unit_price"])): 1}
                    price = max(sorted(prices), key=lambda each: prices[each])
                    writer.writerow([LIST, version, "USD", start, end, "0.25", product, f"{Decimal(price) / 100:.2f}"])

    def write_opening_stock(self, path: Path) -> None:
        """What must have lain there for the files' stock to be left once every line is taken out."""
        taken: dict[str, int] = defaultdict(int)
        for line in self.lines:
            taken[line["product_id"]] += int(line["quantity"])
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["product", "on_hand"])
            for product, row in self.products.items():
                writer.writerow([product, int(row["units_in_stock"]) + taken[product]])
