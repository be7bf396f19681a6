"""830 real orders with 2,155 lines: imported, written by simulated tablets, pushed, decided, shipped, invoiced, replayed."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.commands.serving import serving
from server.settings import Settings

from .network import daybook
from .northwind import DEALERS, ORDERS, PRODUCTS, Northwind

pytestmark = [pytest.mark.shared]


@pytest.fixture(scope="module")
def northwind(shared_data: Path) -> Northwind:
    return Northwind(shared_data / "data" / "northwind")


@pytest.fixture(scope="module")
def imported(northwind: Northwind, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The data folder after everything went in, and what the import of the orders printed."""
    data, files = tmp_path_factory.mktemp("northwind"), northwind.folder
    prices, opening = data / "prices.csv", data / "opening.csv"
    northwind.write_prices(prices)
    northwind.write_opening_stock(opening)
    at = ["--data", data]
    assert "77 records: 77 written" in daybook("import", "products", files / "products.csv", *PRODUCTS, *at)
    assert "91 records: 91 written" in daybook("import", "dealers", files / "customers.csv", *DEALERS, *at)
    daybook("import", "prices", prices, *at)
    assert "77 products: 77 moved" in daybook("import", "stock", opening, *at)
    orders = ["import", "orders", files / "orders.csv", "--lines", files / "order_details.csv", *ORDERS, "--ship", *at]
    first = daybook(*orders)
    # Orders of 1996 that arrive today are held: so late a capture is not believed, and today's prices are others. Headquarters
    # takes them as they were written.
    again = daybook(*orders, "--accept")
    assert "0 written, 0 edited, 830 as they were" in again
    assert "250 approved, 250 shipped" in again
    assert "0 approved, 0 shipped" in daybook(*orders, "--accept")
    return data, first


async def read(data: Path, sql: str, *args: Any) -> list[dict[str, Any]]:
    async with serving(Settings(data=data)) as (app, _), app.state.database.reading() as tx:
        rows: list[dict[str, Any]] = await tx.rows(sql, *args)
        return rows


def ask(data: Path, sql: str, *args: Any) -> list[dict[str, Any]]:
    return asyncio.run(read(data, sql, *args))


def test_every_order_is_written_and_decided(imported: tuple[Path, str]) -> None:
    data, printed = imported
    assert "830 written, 0 edited, 0 as they were" in printed
    assert "580 accepted, 250 held" in printed
    rows = ask(data, "SELECT verdict, count(*) AS n FROM document WHERE kind = 'order' GROUP BY verdict")
    assert sum(row["n"] for row in rows) == 830
    assert {row["verdict"] for row in rows} <= {"accepted", "closed"}
    (lines,) = ask(data, "SELECT count(*) AS n FROM change WHERE document IN (SELECT id FROM document)")
    assert lines["n"] == 830  # an order each, in one change


def test_totals_per_dealer_and_product_equal_the_files(imported: tuple[Path, str], northwind: Northwind) -> None:
    data, _ = imported
    by_dealer: dict[tuple[str], int] = defaultdict(int)
    by_product: dict[tuple[str], int] = defaultdict(int)
    lines = 0
    for row in ask(
        data,
        "SELECT d.content, n.body FROM document d JOIN decision n ON n.id ="
        " (SELECT MAX(id) FROM decision WHERE document = d.id) WHERE d.kind = 'order'",
    ):
        content, decision = msgspec.json.decode(row["content"]), msgspec.json.decode(row["body"])
        by_dealer[(content["dealer"],)] += decision["figures"]["total"]
        for key, line in decision["figures"]["lines"].items():
            by_product[(content["lines"][key]["product"],)] += line["net"]
            lines += 1
    assert lines == 2155
    assert by_dealer == northwind.totals("customer_id")
    assert by_product == northwind.totals("product_id")


def test_what_was_shipped_is_owed_and_what_was_not_is_open(imported: tuple[Path, str], northwind: Northwind) -> None:
    data, _ = imported
    owed: dict[str, int] = defaultdict(int)
    unshipped: dict[str, int] = defaultdict(int)
    for line in northwind.lines:
        dealer = northwind.orders[line["order_id"]]["customer_id"]
        (owed if northwind.shipped(line) else unshipped)[dealer] += northwind.amount(line)
    balances = ask(data, "SELECT ledger, account, item, amount FROM balance WHERE amount <> 0")
    receivable = {b["account"][11:]: b["amount"] for b in balances if b["account"].startswith("receivable:")}
    assert receivable == dict(owed)
    open_orders = {b["account"][12:]: b["amount"] for b in balances if b["account"].startswith("open_orders:")}
    assert open_orders == {dealer: amount for dealer, amount in unshipped.items() if amount}


def test_the_stock_that_is_left_is_that_of_the_file(imported: tuple[Path, str], northwind: Northwind) -> None:
    data, _ = imported
    left = ask(data, "SELECT item, amount FROM balance WHERE ledger = 'stock' AND account = 'warehouse:main'")
    expected = {product: int(row["units_in_stock"]) * 1000 for product, row in northwind.products.items()}
    assert {row["item"]: row["amount"] for row in left} == expected


def test_shipments_carry_their_dates(imported: tuple[Path, str], northwind: Northwind) -> None:
    data, _ = imported
    bodies = [msgspec.json.decode(row["body"]) for row in ask(data, "SELECT body FROM record WHERE kind = 'shipment'")]
    shipped = {body["order"]: body["shipped_on"] for body in bodies}
    dated = {
        key: row["shipped_date"] for key, row in northwind.orders.items() if row["shipped_date"] not in ("", "NULL")
    }
    assert shipped == dated


def test_ledgers_sum_to_zero(imported: tuple[Path, str]) -> None:
    data, _ = imported
    sums = ask(data, "SELECT ledger, item, sum(amount) AS total FROM posting GROUP BY ledger, item")
    assert len(sums) > 77
    assert {row["total"] for row in sums} == {0}


def test_replay_finds_no_difference(imported: tuple[Path, str]) -> None:
    data, _ = imported
    printed = daybook("replay", "--data", data)
    assert "0 differences" in printed
