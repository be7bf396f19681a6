"""The demo's dealers, people and price lists."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from server.hq.pictures import keep_picture
from server.sync.masters import RecordPut

from .catalogue import CATEGORIES, ITEMS, product_body, unit_prices
from .pictures import drawing

TIERS = {"gold": 88, "standard": 100}
"""Percent of the list."""
FORMER_PERCENT = 96
"""The version before: prices rose by about four percent."""
CHINA_MINUTES = 480


class DealerEntry(NamedTuple):
    id: str
    name: str
    tier: str
    terms: str
    limit: int | None
    """Minor units."""
    grade: str
    language: str
    contact: str
    phone: str
    address: str


DEALERS = (
    DealerEntry("nongfeng", "哈尔滨农丰农机有限公司", "gold", "monthly", 30_000_000, "A", "zh-CN", "赵敏", "0451-5550101", "哈尔滨市南岗区学府路 74 号"),
    DealerEntry("jinsui", "长春金穗农机配件", "standard", "monthly", 3_000_000, "B", "zh-CN", "钱学军", "0431-5550102", "长春市绿园区西安大路 5218 号"),
    DealerEntry("ludi", "济南绿地农业机械", "standard", "quarterly", 12_000_000, "B", "zh-CN", "孙丽华", "0531-5550103", "济南市历城区工业北路 60 号"),
    DealerEntry("tianshan", "乌鲁木齐天山农机", "gold", "prepayment", None, "B", "zh-CN", "李国强", "0991-5550104", "乌鲁木齐市新市区北京南路 416 号"),
    DealerEntry("steppe", "Steppe Agro Parts, Almaty", "standard", "prepayment", None, "C", "en", "Aigerim Sadykova", "+7 727 555 01 05", "Raiymbek Ave 212, Almaty"),
    DealerEntry("mekong", "Mekong Farm Machinery, Can Tho", "gold", "monthly", 8_000_000, "D", "en", "Nguyen Thi Lan", "+84 292 555 0106", "30 Thang 4 Street, Can Tho"),
)  # fmt: skip


class Person(NamedTuple):
    login: str
    name: str
    role: str
    dealer: str | None
    language: str
    shown: bool
    """Has a password, and is told at the first start."""


PEOPLE = (
    Person("admin", "陈伟", "administrator", None, "zh-CN", True),
    Person("sales", "刘洋", "sales", None, "zh-CN", True),
    Person("finance", "Wang Fang", "finance", None, "en", True),
    Person("service", "黄磊", "service", None, "zh-CN", True),
    Person("dealer", "赵敏", "owner", "nongfeng", "zh-CN", True),
    Person("staff", "周杰", "staff", "nongfeng", "zh-CN", True),
    Person("dealer-en", "Aigerim Sadykova", "owner", "steppe", "en", True),
    Person("technician", "吴刚", "technician", None, "zh-CN", True),
    Person("jinsui", "钱学军", "owner", "jinsui", "zh-CN", False),
    Person("ludi", "孙丽华", "owner", "ludi", "zh-CN", False),
    Person("tianshan", "李国强", "owner", "tianshan", "zh-CN", False),
    Person("mekong", "Nguyen Thi Lan", "owner", "mekong", "en", False),
)


def list_id(tier: str, version: int = 2) -> str:
    return f"{tier}@{version}"


def versions(today: date) -> dict[int, tuple[date, date | None, int]]:
    """Version -> first day, last day, percent: a former one of a year, and the one since the month began before last."""
    since = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    return {1: (since.replace(year=since.year - 1), since - timedelta(days=1), FORMER_PERCENT), 2: (since, None, 100)}


def records(today: date, pictures: Path, currency: str) -> Iterator[RecordPut]:
    """All master data. The pictures are written on the way."""
    for position, (name, (zh, en)) in enumerate(CATEGORIES.items()):
        yield RecordPut("catalog", "category", name, {"id": name, "name": {"zh": zh, "en": en}, "position": position})
    for number, item in enumerate(ITEMS, 1):
        picture = keep_picture(pictures, drawing(item))
        yield RecordPut("catalog", "product", item.id, product_body(item, number, picture))
    for tier in TIERS:
        for version in versions(today):
            yield from _price_list(tier, version, today, currency)
    for dealer in DEALERS:
        yield RecordPut(f"dealer:{dealer.id}", "dealer", dealer.id, dealer_body(dealer, currency))


def _price_list(tier: str, version: int, today: date, currency: str) -> Iterator[RecordPut]:
    first, last, percent = versions(today)[version]
    name = list_id(tier, version)
    head: dict[str, Any] = {
        "id": tier, "version": version, "name": f"{tier} {first:%Y-%m}", "currency": currency, "tier": tier,
        "valid_from": first.isoformat(), "valid_to": last and last.isoformat(), "utc_offset_minutes": CHINA_MINUTES,
        "max_discount_bp": 500,
    }  # fmt: skip
    yield RecordPut(f"tier:{tier}", "price_list", name, head)
    for item in ITEMS:
        body = {
            "product": item.id,
            "list": tier,
            "version": version,
            "units": unit_prices(item, percent * TIERS[tier] // 100),
        }
        yield RecordPut(f"tier:{tier}", "price", f"{name}/{item.id}", body)


def dealer_body(dealer: DealerEntry, currency: str) -> dict[str, Any]:
    """The record `dealer`."""
    return {
        "id": dealer.id, "name": dealer.name, "tier": dealer.tier, "price_list": list_id(dealer.tier), "grade": dealer.grade,
        "credit_limit": dealer.limit, "currency": currency, "terms": dealer.terms, "language": dealer.language,
        "contact": dealer.contact, "phone": dealer.phone, "address": dealer.address, "active": True,
    }  # fmt: skip
