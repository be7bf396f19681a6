"""The demo: made once, whole, the same again, and provable like everything else."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from server.cli import main
from server.demo.catalogue import ITEMS, barcode, price_of, unit_prices
from server.demo.installed_base import MODELS
from server.demo.network import DEALERS
from server.demo.pictures import drawing
from server.domain.master import MASTER
from server.hq.pictures import keep_picture


def daybook(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), catch_exceptions=False)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The data folder of a filled demo, and what was printed."""
    data = tmp_path_factory.mktemp("demo") / "data"
    told = daybook("demo", "--data", str(data), "--public-url", "https://daybook.example.org")
    assert told.exit_code == 0, told.output
    return data, told.output


def rows(data: Path, sql: str) -> list[tuple]:  # type: ignore[type-arg]
    book = sqlite3.connect(f"file:{data / 'daybook.sqlite'}?mode=ro", uri=True)
    try:
        return book.execute(sql).fetchall()
    finally:
        book.close()


def test_it_tells_how_to_sign_in(demo: tuple[Path, str]) -> None:
    data, told = demo
    assert re.search(r"^https://daybook\.example\.org/enrol#[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$", told, re.MULTILINE)
    assert "█" in told
    for role in ("administrator", "owner", "technician"):
        assert re.search(rf"\w{{4}}-\w{{4}}-\w{{4}} +{role}", told)
    shown = daybook("demo", "--show", "--data", str(data)).output
    assert re.findall(r"\w{4}-\w{4}-\w{4} ", shown) == re.findall(r"\w{4}-\w{4}-\w{4} ", told)


def test_no_password_is_in_the_database(demo: tuple[Path, str]) -> None:
    data, told = demo
    passwords = re.findall(r"(\w{4}-\w{4}-\w{4}) +\w+ ", told)
    assert len(passwords) >= 7
    octets = (data / "daybook.sqlite").read_bytes()
    assert [password for password in passwords if password.encode() in octets] == []
    hashed = [password for (password,) in rows(data, "SELECT password FROM account WHERE password <> ''")]
    assert hashed
    assert all(entry.startswith("$argon2id$") for entry in hashed)


def test_orders_stand_in_every_state(demo: tuple[Path, str]) -> None:
    verdicts = {verdict for (verdict,) in rows(demo[0], "SELECT verdict FROM document WHERE kind = 'order'")}
    assert verdicts == {"draft", "accepted", "held", "refused", "withdrawn", "in_part", "closed"}
    bodies = [json.loads(body) for (body,) in rows(demo[0], "SELECT body FROM record WHERE kind = 'decision'")]
    codes = {reason["code"] for body in bodies for reason in body["reasons"]}
    assert {
        "credit_over_limit",
        "prepayment_short",
        "back_ordered",
        "price_differs",
        "competing_values",
        "dealer_on_watch",
        "product_withdrawn",
        "rejected",
        "shipped",
        "delivered",
        "invoiced",
    } <= codes
    assert rows(demo[0], "SELECT 1 FROM device WHERE revoked_at IS NULL") == []


def test_its_records_have_the_shapes_of_the_domain(demo: tuple[Path, str]) -> None:
    names = ",".join(f"'{name}'" for name in MASTER)
    found = rows(demo[0], f"SELECT kind, body FROM record WHERE kind IN ({names})")
    assert len(found) > 150
    for kind, body in found:
        MASTER[kind].model_validate_json(body)


def test_every_picture_is_kept_under_its_name(demo: tuple[Path, str]) -> None:
    pictures = [
        msgspec.json.decode(body)["picture"]
        for (body,) in rows(demo[0], "SELECT body FROM record WHERE kind = 'product'")
    ]
    assert len(set(pictures)) == len(ITEMS) + len(MODELS)
    for name in pictures:
        octets = (demo[0] / "pictures" / name).read_bytes()
        assert keep_picture(demo[0] / "pictures", octets) == name


def test_its_ledgers_are_what_the_log_says(demo: tuple[Path, str]) -> None:
    told = daybook("replay", "--data", str(demo[0]))
    assert told.exit_code == 0, told.output
    assert "0 differences" in told.output


def test_it_goes_into_an_empty_database_only(demo: tuple[Path, str]) -> None:
    before = rows(demo[0], "SELECT COUNT(*), MAX(updated_at) FROM document")
    again = daybook("demo", "--data", str(demo[0]))
    assert again.exit_code == 1
    assert rows(demo[0], "SELECT COUNT(*), MAX(updated_at) FROM document") == before


def test_a_filling_that_was_cut_off_goes_on(demo: tuple[Path, str]) -> None:
    data = demo[0]
    secrets = data / "secrets"
    counted = "SELECT (SELECT COUNT(*) FROM document), (SELECT COUNT(*) FROM posting), (SELECT COUNT(*) FROM account)"
    before = rows(data, counted)
    (secrets / "demo-sign-ins.json").rename(secrets / "demo-sign-ins.json.draft")
    again = daybook("demo", "--data", str(data))
    assert again.exit_code == 0, again.output
    assert rows(data, counted) == before


def test_barcodes_are_ean_13_of_no_real_product() -> None:
    codes = [barcode(number, box) for number in range(1, len(ITEMS) + 1) for box in (False, True)]
    assert len(set(codes)) == len(codes)
    for code in codes:
        digits = [int(digit) for digit in code]
        assert len(digits) == 13
        assert digits[0] == 2
        assert (sum(digits[::2]) + 3 * sum(digits[1::2])) % 10 == 0


def test_prices_follow_breaks_and_boxes() -> None:
    filter_ = next(item for item in ITEMS if item.id == "oil-filter-jx0810")
    assert price_of(filter_, 100, "pcs", 9) == 2650
    assert price_of(filter_, 100, "pcs", 10) == 2570
    assert price_of(filter_, 100, "box", 1) == unit_prices(filter_, 100)["box"]["price"] == 59784


def test_the_catalogue_is_whole() -> None:
    assert len(ITEMS) >= 40
    assert len({item.id for item in ITEMS}) == len(ITEMS)
    assert {dealer.terms for dealer in DEALERS} == {"prepayment", "monthly", "quarterly"}
    assert all(item.zh and item.en and re.search(r"[\u4e00-\u9fff]", item.zh) for item in ITEMS)
    assert all(drawing(item).startswith(b"<svg ") for item in ITEMS)
