"""Products, dealers and price lists: what a row of each file holds, and the records that it makes."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from pypinyin import Style, lazy_pinyin

from server.domain.quantity import format_quantity

from .sheet import Column, Fault, Sheet, basis_points, day, flag, key, minor, one_of, thousandths, words

RecordBody = tuple[str, str, str, dict[str, Any]]
"""(scope, kind, key, body)"""

_KEY = "1–64 letters, digits or . _ : @ -"

PRODUCT = (
    Column("product", key, _KEY),
    Column("name", words, "the name, at most 500 characters"),
    Column("name_zh", words, "the Chinese name", required=False),
    Column("category", key, "a category's key", required=False),
    Column("unit", key, "the unit it is counted in, such as pcs", required=False, default="pcs"),
    Column("barcode", key, "the barcode's digits", required=False),
    Column("pack_unit", key, "the unit of a whole pack, such as box", required=False),
    Column("pack_size", thousandths, "how many units a pack holds", required=False),
    Column("pack_barcode", key, "the pack's barcode", required=False),
    Column("tax", basis_points, "a rate between 0 and 1, such as 0.13", required=False, default=0),
    Column("picture", words, "the file name of a picture", required=False),
    Column("withdrawn", flag, "1 or 0, yes or no, 是 or 否", required=False, default=False),
)

DEALER = (
    Column("dealer", key, _KEY),
    Column("name", words, "the dealer's name"),
    Column("contact", words, "a person", required=False, default=""),
    Column("address", words, "street and number", required=False, default=""),
    Column("city", words, "a city", required=False, default=""),
    Column("country", words, "a country", required=False, default=""),
    Column("phone", words, "a telephone number", required=False, default=""),
    Column("tier", key, "the price tier", required=False, default="standard"),
    Column("grade", key, "A, B, C …", required=False, default="B"),
    Column("credit_limit", minor, "an amount such as 50000.00"),
    Column("currency", one_of("CNY", "USD", "EUR"), "CNY, USD or EUR", required=False, default="CNY"),
    Column("terms", one_of("prepayment", "monthly", "quarterly"), "prepayment, monthly or quarterly"),
    Column("price_list", key, "<list>@<version>", required=False),
    Column("language", one_of("zh-CN", "en"), "zh-CN or en", required=False, default="zh-CN"),
)

PRICE = (
    Column("list", key, "the price list"),
    Column("version", int, "a whole number"),
    Column("tier", key, "the price tier", required=False, default="standard"),
    Column("currency", one_of("CNY", "USD", "EUR"), "CNY, USD or EUR", required=False, default="CNY"),
    Column("valid_from", day, "a date, 2026-01-31"),
    Column("valid_to", day, "a date, 2026-01-31, or nothing", required=False),
    Column("max_discount", basis_points, "a rate between 0 and 1", required=False, default=0),
    Column("product", key, "a product"),
    Column("unit", key, "one of the product's units", required=False, default="pcs"),
    Column("from_quantity", thousandths, "the quantity that the price begins at", required=False, default=0),
    Column("price", minor, "an amount such as 9.80"),
)


def product_records(sheet: Sheet) -> list[RecordBody]:
    sheet.unique("product")
    sheet.unique("barcode")
    return [("catalog", "product", row.values["product"], _product(row.values)) for row in sheet.rows]


def _product(row: dict[str, Any]) -> dict[str, Any]:
    units = [{"unit": row["unit"], "factor": "1", "barcodes": [row["barcode"]] if row["barcode"] else []}]
    if row["pack_unit"] and row["pack_size"]:
        codes = [row["pack_barcode"]] if row["pack_barcode"] else []
        units.append({"unit": row["pack_unit"], "factor": format_quantity(row["pack_size"]), "barcodes": codes})
    chinese = row["name_zh"] or row["name"]
    return {
        "id": row["product"],
        "name": {"zh": chinese, "en": row["name"]},
        "category": row["category"] or None,
        "base_unit": row["unit"],
        "units": units,
        "tax_bp": row["tax"],
        "picture": row["picture"],
        "pinyin": pinyin(chinese),
        "withdrawn": row["withdrawn"],
    }


def pinyin(name: str) -> str:
    """What a search may match: the whole pinyin and its initials, lower case: ``chaiyoulvqingqi cylqq``."""
    whole, initials = lazy_pinyin(name), lazy_pinyin(name, style=Style.FIRST_LETTER)
    return f"{''.join(whole)} {''.join(initials)}".lower()


def dealer_records(sheet: Sheet) -> list[RecordBody]:
    sheet.unique("dealer")
    return [
        (f"dealer:{row.values['dealer']}", "dealer", row.values["dealer"], _dealer(row.values)) for row in sheet.rows
    ]


def _dealer(row: dict[str, Any]) -> dict[str, Any]:
    address = ", ".join(part for part in (row["address"], row["city"], row["country"]) if part)
    kept = ("name", "contact", "phone", "tier", "grade", "credit_limit", "currency", "terms", "price_list", "language")
    return {"id": row["dealer"], "address": address, "active": True, **{name: row[name] for name in kept}}


def price_records(sheet: Sheet) -> list[RecordBody]:
    """One `price_list` record for each version and one `price` record for each product in it."""
    sheet.unique("list", "version", "product", "unit", "from_quantity")
    headers: dict[str, dict[str, Any]] = {}
    tiers: dict[str, str] = {}
    prices: dict[tuple[str, str], dict[str, dict[int, int]]] = defaultdict(lambda: defaultdict(dict))
    for row in sheet.rows:
        values = row.values
        if None in (values["version"], values["list"], values["product"], values["price"]):
            continue  # a fault already
        name = f"{values['list']}@{values['version']}"
        header = {
            "id": values["list"], "version": values["version"], "name": values["list"], "tier": values["tier"],
            "currency": values["currency"], "valid_from": values["valid_from"], "valid_to": values["valid_to"],
            "max_discount_bp": values["max_discount"],
        }  # fmt: skip
        for field, value in header.items():
            if name in headers and headers[name][field] != value:
                sheet.faults.append(
                    Fault(row.number, field, str(value), f"{headers[name][field]}, as above for {name}")
                )
        headers.setdefault(name, header)
        tiers[name] = f"tier:{values['tier']}"
        prices[name, values["product"]][values["unit"]][values["from_quantity"]] = values["price"]
    records: list[RecordBody] = [(tiers[name], "price_list", name, header) for name, header in headers.items()]
    for (name, product), units in prices.items():
        body = {"product": product, "list": headers[name]["id"], "version": headers[name]["version"], "units": {}}
        for unit, steps in units.items():
            first = min(steps)
            breaks = [{"from_quantity": format_quantity(at), "price": steps[at]} for at in sorted(steps) if at > first]
            body["units"][unit] = {"price": steps[first], "breaks": breaks}
        records.append((tiers[name], "price", f"{name}/{product}", body))
    return records
