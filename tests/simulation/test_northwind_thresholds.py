"""Thresholds and reorder proposals of the Northwind products, against a reckoning from the file alone."""

from __future__ import annotations

import asyncio
import csv
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.commands.serving import serving
from server.domain.quantity import parse_quantity
from server.domain.reorder import propose
from server.settings import Settings

from .network import daybook
from .northwind import PRODUCTS, Northwind

pytestmark = [pytest.mark.shared]

POLICIES = [
    "--set", "location=warehouse:main", "--column", "product=product_id", "--column", "low=reorder_level",
    "--column", "on_order=units_on_order",
]  # fmt: skip


@pytest.fixture(scope="module")
def northwind(shared_data: Path) -> Northwind:
    return Northwind(shared_data / "data" / "northwind")


@pytest.fixture(scope="module")
def imported(northwind: Northwind, tmp_path_factory: pytest.TempPathFactory) -> Path:
    data, file = tmp_path_factory.mktemp("thresholds"), northwind.folder / "products.csv"
    stock = data / "stock.csv"
    with stock.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows(
            [["product", "on_hand"], *([key, row["units_in_stock"]] for key, row in northwind.products.items())]
        )
    at = ["--data", data]
    daybook("import", "products", file, *PRODUCTS, "--column", "withdrawn=discontinued", *at)
    daybook("import", "stock", stock, *at)
    assert "77 records: 77 written, 0 as they were" in daybook("import", "policies", file, *POLICIES, *at)
    assert "77 records: 0 written, 77 as they were" in daybook("import", "policies", file, *POLICIES, *at)
    return data


async def _bodies(data: Path, kind: str) -> dict[str, dict[str, Any]]:
    async with serving(Settings(data=data)) as (app, _), app.state.database.reading() as tx:
        rows = await tx.rows("SELECT key, body FROM record WHERE kind = ?", kind)
    return {row["key"].rpartition("/")[2]: msgspec.json.decode(row["body"]) for row in rows}


def bodies(data: Path, kind: str) -> dict[str, dict[str, Any]]:
    return asyncio.run(_bodies(data, kind))


def test_levels_are_those_of_the_file(imported: Path, northwind: Northwind) -> None:
    there = bodies(imported, "stock_on_hand")
    expected = {
        key: "low" if int(row["units_in_stock"]) <= int(row["reorder_level"]) else "ok"
        for key, row in northwind.products.items()
        # What was never there moved nothing: its level is that of the threshold all the same.
    }
    assert {key: body["level"] for key, body in there.items()} == expected
    assert {key: body["on_hand"] for key, body in there.items()} == {
        key: str(int(row["units_in_stock"])) for key, row in northwind.products.items()
    }


def test_proposals_equal_a_reckoning_from_the_file(imported: Path, northwind: Northwind) -> None:
    there, policies, products = (bodies(imported, kind) for kind in ("stock_on_hand", "stock_policy", "product"))
    made = {}
    for key, policy in policies.items():
        on_hand, reserved = (parse_quantity(there[key][name]) for name in ("on_hand", "reserved"))
        made[key] = propose(on_hand, reserved, 0, policy, products[key])
    expected = {}
    for key, row in northwind.products.items():
        projected = int(row["units_in_stock"]) + int(row["units_on_order"])
        short = projected <= int(row["reorder_level"]) and row["discontinued"] == "0"
        expected[key] = (projected * 1000, (int(row["reorder_level"]) - projected + 1) * 1000 if short else 0)
    assert {key: (each.projected, each.quantity) for key, each in made.items()} == expected
    assert sum(1 for _, quantity in expected.values() if quantity) >= 1, "the file has products to reorder"


def test_what_cannot_be_is_listed_and_nothing_is_written(imported: Path, tmp_path: Path) -> None:
    from click.testing import CliRunner

    from server.cli import main

    bad = tmp_path / "bad.csv"
    bad.write_text(
        "location,product,low,high\nwarehouse:main,nobody,1,2\nshelf,1,1,2\ndealer:nobody,1,1,2\nwarehouse:main,2,9,3\n"
        "warehouse:main,3,-1,3\nwarehouse:main,1,1,2\nwarehouse:main,1,1,2\n",
        encoding="utf-8",
    )
    done = CliRunner().invoke(main, ["import", "policies", str(bad), "--data", str(imported)], terminal_width=200)
    assert done.exit_code == 1
    assert "nothing was written" in done.output
    assert bodies(imported, "stock_policy")["1"]["high"] is None
