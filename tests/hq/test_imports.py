"""Imports: every fault is named with its row and column, nothing is written with one, and a second import changes nothing."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from click.testing import CliRunner

from server.cli import main
from server.hq.imports.master_data import DEALER, PRICE, PRODUCT, pinyin, price_records, product_records
from server.hq.imports.orders import LINE, ORDER, document_id, read_orders
from server.hq.imports.sheet import Fault, read_sheet
from tests.simulation.network import Network, balance

PRODUCTS = "product,name,name_zh,barcode,tax,withdrawn\na1,Oil filter,机油滤清器,6901234567892,0.13,0\na2,V-belt,三角带,,0.13,否\n"


def written(folder: Path, text: str | bytes, name: str = "file.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def run(*words: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["import", *map(str, words)], terminal_width=200)
    return done.exit_code, done.output


# --- reading -------------------------------------------------------------------------------------------------------------


def test_every_fault_is_listed_with_row_column_got_and_expected(tmp_path: Path) -> None:
    text = "dealer,name,credit_limit,terms\nd1,First,12.345,monthly\nd 2,,1e3,weekly\nd1,Again,NaN,monthly\nd3,Short\n"
    sheet = read_sheet(written(tmp_path, text), DEALER)
    assert [(fault.row, fault.column, fault.got) for fault in sheet.faults] == [
        (2, "credit_limit", "12.345"),
        (3, "dealer", "d 2"),
        (3, "name", "nothing"),
        (3, "terms", "weekly"),
        (4, "credit_limit", "NaN"),
        (5, "", "2 cells"),
    ]
    assert all(fault.expected for fault in sheet.faults)


def test_headings_may_be_others_and_constants_fill_in(tmp_path: Path) -> None:
    path = written(tmp_path, "id,company\nd1,First\n")
    sheet = read_sheet(path, DEALER, {"dealer": "id", "name": "company"}, {"credit_limit": "10", "terms": "monthly"})
    assert sheet.faults == []
    assert (sheet.rows[0].values["dealer"], sheet.rows[0].values["credit_limit"]) == ("d1", 1000)
    (fault,) = read_sheet(
        path, DEALER, {"dealer": "key", "name": "company"}, {"credit_limit": "10", "terms": "monthly"}
    ).faults
    assert (fault.row, fault.column, fault.got) == (1, "key", "no such heading")
    assert read_sheet(path, DEALER, {"nonsense": "id"}).faults[0] == Fault(
        1, "nonsense", "nonsense", "one of " + ", ".join(sorted(column.name for column in DEALER))
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_files_of_any_spreadsheet_are_read(tmp_path: Path, encoding: str) -> None:
    sheet = read_sheet(written(tmp_path, PRODUCTS.replace("\n", "\r\n").encode(encoding)), PRODUCT)
    assert sheet.faults == []
    assert product_records(sheet)[0][3]["name"] == {"zh": "机油滤清器", "en": "Oil filter"}


@pytest.mark.parametrize(
    "octets", [b"", b"\x00\x01\x02", b'product,name\n"a,b', b"\xff\xfe\x00\xd8", b"product,product,name\n1,2,3\n"]
)
def test_what_is_no_csv_gives_a_fault_and_no_exception(tmp_path: Path, octets: bytes) -> None:
    sheet = read_sheet(written(tmp_path, octets), PRODUCT)
    assert sheet.faults
    assert sheet.rows == []


@pytest.mark.parametrize(
    "rate", ["1e9999999", "1E+99", "NaN", "sNaN", "Infinity", "-0.1", "9" * 400, "0x1", "1e-9999999"]
)
def test_no_number_is_too_odd_to_be_a_fault(tmp_path: Path, rate: str) -> None:
    sheet = read_sheet(written(tmp_path, f"product,name,tax\na1,Oil filter,{rate}\na2,V\0belt,0.13\n"), PRODUCT)
    named = {(fault.row, fault.column) for fault in sheet.faults}
    assert named == ({(3, "name")} if rate == "1e-9999999" else {(2, "tax"), (3, "name")})


def test_floats_written_out_are_the_cents_that_they_mean(tmp_path: Path) -> None:
    text = "order,product,quantity,price,discount\n1,a1,2.5,9.80000019,0.150000006\n1,a1,0.0001,9.805,1.5\n"
    sheet = read_sheet(written(tmp_path, text), LINE)
    first = sheet.rows[0].values
    assert (first["quantity"], first["price"], first["discount"]) == (2500, 980, 1500)
    assert [(fault.row, fault.column) for fault in sheet.faults] == [(3, "quantity"), (3, "price"), (3, "discount")]


def test_one_barcode_or_key_stands_once(tmp_path: Path) -> None:
    sheet = read_sheet(written(tmp_path, PRODUCTS + "a1,Twice,,6901234567892,0,0\n"), PRODUCT)
    product_records(sheet)
    assert [(fault.row, fault.column, fault.expected) for fault in sheet.faults] == [
        (4, "product", "not in line 2 already"),
        (4, "barcode", "not in line 2 already"),
    ]


def test_breaks_of_a_price_and_a_header_that_contradicts_itself(tmp_path: Path) -> None:
    text = (
        "list,version,valid_from,product,from_quantity,price\n"
        "l,1,2026-01-01,a1,,10.00\nl,1,2026-01-01,a1,100,9.00\nl,1,2026-02-01,a2,,5.00\n"
    )
    sheet = read_sheet(written(tmp_path, text), PRICE)
    bodies = {key: body for _, _, key, body in price_records(sheet)}
    assert bodies["l@1/a1"]["units"] == {"pcs": {"price": 1000, "breaks": [{"from_quantity": "100", "price": 900}]}}
    assert [(fault.row, fault.column) for fault in sheet.faults] == [(4, "valid_from")]


def test_pinyin_finds_by_sound_and_by_initials() -> None:
    assert pinyin("柴油滤清器") == "chaiyoulvqingqi cylqq"


def test_a_line_without_its_order_is_a_fault_and_ids_are_of_the_keys(tmp_path: Path) -> None:
    orders = read_sheet(written(tmp_path, "order,dealer,ordered_on\n1,d1,2026-01-05\n"), ORDER)
    lines = read_sheet(written(tmp_path, "order,product,quantity,price\n1,a1,2,3.00\n2,a1,2,3.00\n", "l.csv"), LINE)
    assert read_orders(orders, lines, {}) == []
    assert [(fault.row, fault.got) for fault in lines.faults] == [(3, "2")]
    assert document_id("d1", "1") == document_id("d1", "1") != document_id("d2", "1")


# --- writing, by the command ---------------------------------------------------------------------------------------------


def test_nothing_is_written_with_a_fault_or_in_a_dry_run(tmp_path: Path) -> None:
    at = ["--data", tmp_path / "data"]
    code, printed = run("products", written(tmp_path, PRODUCTS + "a 3,Bad key,,,,\n"), *at)
    assert code == 1
    assert "1 faults; nothing was written" in printed
    good = written(tmp_path, PRODUCTS)
    assert run("products", good, "--dry-run", *at) == (0, "2 rows, 2 records, nothing wrong; nothing was written\n")
    assert run("products", good, *at)[1].endswith("2 records: 2 written, 0 as they were\n")
    assert run("products", good, *at)[1].endswith("2 records: 0 written, 2 as they were\n")
    changed = written(tmp_path, PRODUCTS.replace("V-belt", "V-belt B"))
    assert run("products", changed, *at)[1].endswith("2 records: 1 written, 1 as they were\n")


def test_stock_is_set_up_and_down_and_once(tmp_path: Path) -> None:
    data = tmp_path / "data"
    asyncio.run(Network.create(data, dealers=1, products=2, stock=100))
    at = ["--data", data]
    code, printed = run("stock", written(tmp_path, "product,on_hand\np0,70\nnobody,1\n"), *at)
    assert (code, "a product that is known" in printed) == (1, True)
    file = written(tmp_path, "product,on_hand\np0,70\np1,120.5\n")
    assert run("stock", file, *at) == (0, "2 products: 2 moved, 0 as they were\n")
    assert run("stock", file, *at) == (0, "2 products: 0 moved, 2 as they were\n")
    assert asyncio.run(balance(data, "stock", "warehouse:main", "p0")) == 70_000
    assert asyncio.run(balance(data, "stock", "warehouse:main", "p1")) == 120_500
    assert asyncio.run(balance(data, "stock", "supplier", "p0")) == -70_000
