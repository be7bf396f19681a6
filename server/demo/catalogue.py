"""What the demo's headquarters sells: spare parts and tools for farm machines."""

from __future__ import annotations

from typing import Any, NamedTuple

from server.hq.imports.master_data import pinyin

CATEGORIES = {
    "filters": ("滤清器", "Filters"),
    "belts": ("皮带链条", "Belts and chains"),
    "cutting": ("切割件", "Cutting parts"),
    "bearings": ("轴承密封", "Bearings and seals"),
    "electric": ("电气", "Electrical"),
    "hydraulic": ("液压", "Hydraulics"),
    "fluids": ("油液", "Oils and fluids"),
    "tools": ("工具", "Tools"),
}


class Item(NamedTuple):
    id: str
    zh: str
    en: str
    category: str
    unit: str
    box: int
    """How many a box holds; 0: no box."""
    price: int
    """Fen a unit, before tax."""
    stock: int
    """In the warehouse at the start."""


ITEMS = (
    Item("oil-filter-jx0810", "机油滤清器 JX0810", "Oil filter JX0810", "filters", "pcs", 24, 2650, 480),
    Item("fuel-filter-cx0706", "柴油滤清器 CX0706", "Diesel filter CX0706", "filters", "pcs", 24, 1980, 600),
    Item("air-filter-k2036", "空气滤清器 K2036", "Air filter K2036", "filters", "pcs", 6, 14800, 96),
    Item("cabin-filter-150", "驾驶室滤芯 150", "Cabin filter 150", "filters", "pcs", 10, 5600, 120),
    Item("hydraulic-filter-h60", "液压滤芯 H60", "Hydraulic filter H60", "filters", "pcs", 12, 8900, 84),
    Item("water-separator-r90", "油水分离器 R90", "Water separator R90", "filters", "pcs", 6, 11200, 0),
    Item("v-belt-b1750", "三角带 B1750", "V-belt B1750", "belts", "pcs", 20, 3200, 400),
    Item("v-belt-c2650", "三角带 C2650", "V-belt C2650", "belts", "pcs", 20, 6800, 260),
    Item("ribbed-belt-6pk1820", "多楔带 6PK1820", "Ribbed belt 6PK1820", "belts", "pcs", 10, 7400, 90),
    Item("combine-belt-hb3450", "收割机联组带 HB3450", "Combine banded belt HB3450", "belts", "pcs", 4, 38600, 24),
    Item("roller-chain-12a", "滚子链 12A（5 米）", "Roller chain 12A (5 m)", "belts", "pcs", 8, 13900, 75),
    Item("elevator-chain-38", "升运器链条 38.4", "Elevator chain 38.4", "belts", "m", 0, 8600, 180),
    Item("knife-section-std", "割刀片（标准）", "Knife section, standard", "cutting", "pcs", 100, 380, 5200),
    Item("knife-guard-double", "双联护刃器", "Double knife guard", "cutting", "pcs", 25, 2900, 640),
    Item("rotary-blade-245", "旋耕刀 IT245", "Rotary tiller blade IT245", "cutting", "pcs", 50, 1250, 3100),
    Item("plough-share-30", "犁铧 30", "Plough share 30", "cutting", "pcs", 10, 9600, 130),
    Item("straw-chopper-blade", "秸秆粉碎刀", "Straw chopper blade", "cutting", "pcs", 40, 1680, 900),
    Item("seed-disc-maize-26", "玉米排种盘 26 孔", "Maize seed disc, 26 holes", "cutting", "pcs", 12, 4700, 60),
    Item("bearing-6205-2rs", "轴承 6205-2RS", "Bearing 6205-2RS", "bearings", "pcs", 50, 1580, 1200),
    Item("bearing-6308-zz", "轴承 6308-ZZ", "Bearing 6308-ZZ", "bearings", "pcs", 30, 3850, 520),
    Item("bearing-ucf208", "带座轴承 UCF208", "Flanged bearing UCF208", "bearings", "pcs", 12, 7200, 144),
    Item("bearing-30206", "圆锥滚子轴承 30206", "Tapered roller bearing 30206", "bearings", "pcs", 40, 2640, 380),
    Item("oil-seal-55-80-10", "油封 55×80×10", "Oil seal 55×80×10", "bearings", "pcs", 100, 720, 2000),
    Item("oring-kit-382", "O 形圈套装 382 件", "O-ring kit, 382 pieces", "bearings", "set", 0, 9900, 45),
    Item("battery-6qa100", "蓄电池 6-QA-100", "Battery 6-QA-100", "electric", "pcs", 0, 68000, 38),
    Item("starter-qdj1409", "起动机 QDJ1409", "Starter motor QDJ1409", "electric", "pcs", 0, 56500, 17),
    Item("alternator-jf11", "发电机 JF11", "Alternator JF11", "electric", "pcs", 0, 49800, 14),
    Item("work-light-led-48w", "LED 工作灯 48W", "LED work light 48 W", "electric", "pcs", 20, 8800, 210),
    Item("glow-plug-12v", "预热塞 12V", "Glow plug 12 V", "electric", "pcs", 20, 4200, 0),
    Item("hydraulic-hose-13", "高压油管 13（1.5 米）", "Hydraulic hose 13 (1.5 m)", "hydraulic", "pcs", 10, 9800, 130),
    Item("gear-pump-cbn316", "齿轮泵 CBN-316", "Gear pump CBN-316", "hydraulic", "pcs", 0, 46800, 22),
    Item("quick-coupling-half", "液压快速接头 1/2", "Quick coupling 1/2 in", "hydraulic", "set", 20, 6400, 260),
    Item("cylinder-seal-kit-80", "油缸密封件 80", "Cylinder seal kit 80", "hydraulic", "set", 0, 5800, 95),
    Item(
        "engine-oil-15w40-18",
        "柴机油 CI-4 15W-40（18 升）",
        "Engine oil CI-4 15W-40 (18 l)",
        "fluids",
        "pcs",
        0,
        39800,
        110,
    ),
    Item("gear-oil-85w90-4", "齿轮油 85W-90（4 升）", "Gear oil 85W-90 (4 l)", "fluids", "pcs", 4, 12600, 160),
    Item("grease-lithium-800", "锂基脂 800 克", "Lithium grease 800 g", "fluids", "pcs", 20, 2800, 700),
    Item("coolant-minus35-10", "防冻液 −35 ℃（10 千克）", "Coolant −35 °C (10 kg)", "fluids", "pcs", 2, 11800, 64),
    Item("adblue-10", "车用尿素（10 千克）", "AdBlue (10 kg)", "fluids", "pcs", 2, 3900, 300),
    Item("socket-set-46", "套筒组套 46 件", "Socket set, 46 pieces", "tools", "set", 8, 16800, 52),
    Item("grease-gun-900", "黄油枪 900 毫升", "Grease gun 900 ml", "tools", "pcs", 12, 7900, 88),
    Item("torque-wrench-200", "扭力扳手 200 牛·米", "Torque wrench 200 N·m", "tools", "pcs", 0, 29800, 19),
    Item("compression-tester", "柴油缸压表", "Diesel compression tester", "tools", "set", 0, 42500, 6),
)

WITHDRAWN = frozenset({"alternator-jf11"})
TAX_BP = 1300


def barcode(number: int, box: bool = False) -> str:
    """An EAN-13 of the range kept for use inside a firm (20…29): no product of the world has it."""
    digits = f"2{1 if box else 0}{number:010d}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return digits + str(-total % 10)


def product_body(item: Item, number: int, picture: str) -> dict[str, Any]:
    """The record `product`."""
    box = {"unit": "box", "factor": str(item.box), "barcodes": [barcode(number, box=True)]}
    return {
        "id": item.id,
        "name": {"zh": item.zh, "en": item.en},
        "base_unit": item.unit,
        "units": [{"unit": item.unit, "factor": "1"}, *([box] if item.box else [])],
        "barcodes": [barcode(number)],
        "category": item.category,
        "tax_bp": TAX_BP,
        "picture": picture,
        "pinyin": pinyin(item.zh),
        "withdrawn": item.id in WITHDRAWN,
        "step": "0.5" if item.unit == "m" else "1",
    }


def unit_prices(item: Item, percent: int) -> dict[str, Any]:
    """Prices of each unit at so many percent of the list; a break for ten, a little less for a box."""
    price = item.price * percent // 100
    prices: dict[str, Any] = {
        item.unit: {"price": price, "breaks": [{"from_quantity": "10", "price": price * 97 // 100}]}
    }
    if item.box:
        prices["box"] = {"price": price * item.box * 94 // 100}
    return prices


def price_of(item: Item, percent: int, unit: str, quantity: int) -> int:
    """What the list says for that quantity, as a tablet shows it."""
    listed = unit_prices(item, percent)[unit]
    breaks = [each for each in listed.get("breaks", []) if quantity >= int(each["from_quantity"])]
    price: int = breaks[-1]["price"] if breaks else listed["price"]
    return price
