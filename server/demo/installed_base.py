"""The demo's machines and customers, and what headquarters promises for their service."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from server.hq.pictures import keep_picture
from server.sync.masters import RecordPut

from .catalogue import Item
from .pictures import drawing

CHINA_MINUTES = 480
SERVED = ("nongfeng", "jinsui", "ludi")
"""The dealers whose machines the demo's technician serves."""

MODELS = {
    "tractor-ly1104": ("东方红 LY1104 拖拉机", "Tractor LY1104"),
    "combine-4lz6": ("4LZ-6 谷物收割机", "Combine 4LZ-6"),
    "baler-9yfq22": ("9YFQ-2.2 打捆机", "Baler 9YFQ-2.2"),
}


class Client(NamedTuple):
    word: str
    dealer: str
    name: str
    contact: str
    phone: str
    address: str
    geo: str


class Installed(NamedTuple):
    word: str
    client: str
    product: str
    serial: str
    days: int
    """Installed so many days ago."""
    meter: str


CLIENTS = (
    Client("shuangcheng", "nongfeng", "双城丰收农机合作社", "马建国", "0451-5550171", "哈尔滨市双城区幸福乡", "geo:45.383300,126.312700"),
    Client("hulan", "nongfeng", "呼兰李家农场", "李明", "0451-5550172", "哈尔滨市呼兰区方台镇", "geo:45.889100,126.587900"),
    Client("acheng", "nongfeng", "阿城杨树种粮大户", "杨树林", "0451-5550173", "哈尔滨市阿城区料甸镇", "geo:45.548200,126.957500"),
    Client("dehui", "jinsui", "德惠万亩方农场", "孙长海", "0431-5550174", "长春市德惠市朱城子镇", "geo:44.537600,125.703300"),
)  # fmt: skip

MACHINES = (
    Installed("tractor-1", "shuangcheng", "tractor-ly1104", "LY1104-230517", 210, "812.5"),
    Installed("combine-1", "shuangcheng", "combine-4lz6", "4LZ6-221108", 520, "640"),
    Installed("tractor-2", "hulan", "tractor-ly1104", "LY1104-240926", 60, "95"),
    Installed("baler-1", "acheng", "baler-9yfq22", "YFQ22-230802", 450, "310"),
    Installed("combine-2", "dehui", "combine-4lz6", "4LZ6-240711", 130, "205"),
)

_DAY = [{"start": "08:00", "end": "12:00"}, {"start": "13:00", "end": "17:30"}]


def service_records(today: date, pictures: Path, technician: str, name: str) -> Iterator[RecordPut]:
    """Master data of service."""
    yield RecordPut(
        "catalog", "category", "machines", {"id": "machines", "name": {"zh": "整机", "en": "Machines"}, "position": 20}
    )
    for product, (zh, en) in MODELS.items():
        yield RecordPut("catalog", "product", product, _product(product, zh, en, pictures))
    hours = {
        "id": "main", "utc_offset_minutes": CHINA_MINUTES, "week": [*[_DAY] * 6, []],
        "holidays": [(today + timedelta(days=days)).isoformat() for days in (30, 31, 32)],
    }  # fmt: skip
    yield RecordPut("catalog", "service_hours", "main", hours)
    urgency = {
        "low": {"respond": 2_400, "fix": 7_200},
        "normal": {"respond": 960, "fix": 2_880},
        "high": {"respond": 480, "fix": 1_440},
        "down": {"respond": 240, "fix": 960},
    }
    yield RecordPut("catalog", "sla", "main", {"id": "main", "urgency": urgency})
    for policy in (
        {"id": "default", "months": 12, "labour_months": 6},
        {"id": "category:filters", "months": 3},
        {"id": "category:belts", "months": 6},
    ):
        yield RecordPut("catalog", "warranty_policy", str(policy["id"]), policy)
    body = {"id": technician, "name": name, "dealers": list(SERVED)}
    yield RecordPut(f"technician:{technician}", "technician", technician, body)


def _product(product: str, zh: str, en: str, pictures: Path) -> dict[str, Any]:
    picture = keep_picture(pictures, drawing(Item(product, zh, en, "tools", "pcs", 0, 0, 0)))
    return {
        "id": product, "name": {"zh": zh, "en": en}, "base_unit": "pcs", "units": [{"unit": "pcs", "factor": "1"}],
        "barcodes": [], "category": "machines", "tax_bp": 900, "picture": picture, "pinyin": "", "withdrawn": False, "step": "1",
    }  # fmt: skip
