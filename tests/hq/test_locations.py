"""Stock by location, its value, and the movements of a product by the time at which they happened."""

from __future__ import annotations

from server.hq.locations import share_of
from server.sync.masters import RecordPut
from tests.sync.world import order


async def deliver(desk, document: str) -> None:
    told = (await desk.get(f"/hq/documents/{document}"))["records"]
    (shipment,) = [record["key"] for record in told if record["kind"] == "shipment"]
    await desk.done(document, "deliver", shipment=shipment)


async def delivered(world, desk, pieces: int = 7) -> str:
    tablet = await world.device()
    pushed = tablet.write(order(p1=pieces))
    await tablet.push(pushed)
    await desk.done(pushed.id, "ship", lines={"l1": str(pieces)})
    await deliver(desk, pushed.id)
    return pushed.id


async def watch(world, location: str, product: str, scope: str, **thresholds: str) -> None:
    body = {"location": location, "product": product, **thresholds}
    await world.pipeline.put_records("me", [RecordPut(scope, "stock_policy", f"{location}/{product}", body)])


async def test_where_goods_are_and_whose(world, desk):
    await delivered(world, desk)
    await watch(world, "dealer:alfki", "p1", "dealer:alfki", low="10")
    await watch(world, "warehouse:main", "p2", "hq", high="5")
    told = await desk.get("/hq/stock/locations")
    assert told["locations"] == [
        {
            "location": "dealer:alfki", "name": "Alfki", "owner": "dealer:alfki", "products": 1, "below": 0, "low": 1,
            "high": 0,
        },
        {
            "location": "warehouse:main", "name": None, "owner": "hq", "products": 8, "below": 0, "low": 0, "high": 1,
        },
    ]  # fmt: skip
    assert [(each["owner"], each["name"], each["currency"]) for each in told["owners"]] == [
        ("dealer:alfki", "Alfki", "CNY"), ("hq", None, "CNY"),
    ]  # fmt: skip
    # The dealer paid ten a piece, and headquarters' goods came in without a cost.
    assert [each["value"] for each in told["owners"]] == [7_000, 0]


async def test_lines_of_a_location_with_thresholds_and_value(world, desk):
    await delivered(world, desk)
    await watch(world, "dealer:alfki", "p1", "dealer:alfki", low="10", high="20")
    (row,) = (await desk.get("/hq/stock/lines", location="dealer:alfki"))["rows"]
    assert row == {
        "location": "dealer:alfki", "location_name": "Alfki", "owner": "dealer:alfki", "product": "p1",
        "name": {"zh": "p1", "en": "p1"}, "unit": "pcs", "on_hand": "7", "reserved": "0", "available": "7",
        "low": "10", "high": "20", "level": "low", "value": 7_000, "shared": False, "currency": "CNY",
    }  # fmt: skip
    tablet = await world.device()
    await tablet.push(tablet.write(order(p1=3)))
    (main,) = (await desk.get("/hq/stock/lines", location="warehouse:main", product="p1"))["rows"]
    assert (main["on_hand"], main["reserved"], main["available"]) == ("993", "3", "990")
    rows = (await desk.get("/hq/stock/lines", product="p1"))["rows"]
    assert [each["location"] for each in rows] == ["dealer:alfki", "warehouse:main"]
    assert [each["product"] for each in (await desk.get("/hq/stock/lines", level="low"))["rows"]] == ["p1"]
    assert (await desk.get("/hq/stock/lines", level="low", place="van"))["rows"] == []
    assert (await desk.get("/hq/stock/lines", q="p3", place="warehouse"))["rows"][0]["product"] == "p3"
    assert (await desk.get("/hq/stock/lines", location="' OR 1=1"))["rows"] == []


async def test_what_is_missing_is_found_wherever_it_is(world, desk):
    await desk.done(None, "record", "stock_receipt", warehouse="main", lines={"p4": "-1001"})
    (row,) = (await desk.get("/hq/stock/lines", level="below"))["rows"]
    assert (row["location"], row["product"], row["on_hand"], row["level"]) == ("warehouse:main", "p4", "-1", "below")


async def test_lines_in_pages(world, desk, monkeypatch):
    monkeypatch.setattr("server.hq.locations.PAGE", 3)
    await delivered(world, desk)
    seen, after = [], ""
    while after is not None:
        page = await desk.get("/hq/stock/lines", after=after)
        seen += [(row["location"], row["product"]) for row in page["rows"]]
        after = page["next"]
    assert seen == [("dealer:alfki", "p1"), *[("warehouse:main", f"p{number}") for number in range(1, 9)]]
    for after in ("x", "/p1", "supplier/p1"):
        answer = await desk.client.get("/hq/stock/lines", params={"after": after})
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


async def test_movements_by_time_with_the_balance_after_each(world, desk, monkeypatch):
    sold = await delivered(world, desk)
    late = await desk.done(
        None, "record", "stock_receipt", warehouse="main", lines={"p1": "50"}, received_on="2020-01-01"
    )
    told = await desk.get("/hq/stock/movements", location="warehouse:main", product="p1")
    assert (told["name"], told["unit"], told["next"]) == ({"zh": "p1", "en": "p1"}, "pcs", None)
    assert [(row["amount"], row["balance"], row["kind"]) for row in told["rows"]] == [
        ("-7", "1043", "order"), ("1000", "1050", "stock_receipt"), ("50", "50", "stock_receipt"),
    ]  # fmt: skip
    assert [row["document"] for row in told["rows"]][0::2] == [sold, late["document"]]
    assert told["rows"][0]["set"].startswith("shipment:")
    assert told["rows"][0]["cause"] == "command"
    assert told["rows"][0]["dealer_name"] == "Alfki"
    times = [row["happened_at"] for row in told["rows"]]
    assert times == sorted(times, reverse=True)
    assert told["rows"][-1]["received_at"] > times[-1]
    # The last balance is what lies there.
    (line,) = (await desk.get("/hq/stock/lines", location="warehouse:main", product="p1"))["rows"]
    assert told["rows"][0]["balance"] == line["on_hand"]
    monkeypatch.setattr("server.hq.locations.PAGE", 2)
    first = await desk.get("/hq/stock/movements", location="warehouse:main", product="p1")
    rest = await desk.get("/hq/stock/movements", location="warehouse:main", product="p1", after=first["next"])
    assert first["rows"] + rest["rows"] == told["rows"]
    assert rest["next"] is None


async def test_movements_that_are_none(desk):
    for location in ("supplier", "reserved", "", "dealer:", "' OR 1=1"):
        answer = await desk.client.get("/hq/stock/movements", params={"location": location, "product": "p1"})
        assert (answer.status_code, answer.json()["code"]) == (404, "location_unknown")
    told = await desk.get("/hq/stock/movements", location="dealer:alfki", product="nothing")
    assert (told["rows"], told["name"]) == ([], None)
    for after in ("x", "1", "1.a", "-1.a.b", f"{'9' * 19}.a.b"):
        query = {"location": "dealer:alfki", "product": "p1", "after": after}
        assert (await desk.client.get("/hq/stock/movements", params=query)).status_code == 400


def test_a_value_is_parted_by_quantity_half_up():
    assert [share_of(100, part, 3) for part in (0, 1, 2, 3)] == [0, 33, 67, 100]
    assert [share_of(5, 1, 2), share_of(-5, 1, 2)] == [3, -2]
    assert [share_of(7, 4, 0), share_of(7, 4, -2), share_of(0, 0, 0)] == [None, None, 0]
