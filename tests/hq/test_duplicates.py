"""Customers that look alike: side by side, merged or kept."""

from __future__ import annotations

from server.hq.duplicates import grouped
from tests.sync.service_world import service_device


def customer(name: str, phone: str, dealer: str = "alfki") -> dict[str, object]:
    return {
        "kind": "customer", "schema": 1, "dealer": dealer, "created_at": "2026-03-02T08:00:00Z", "name": name,
        "phone": phone, "contact": "", "note": "",
    }  # fmt: skip


async def test_two_that_share_a_number_are_merged(world, desk):
    tablet = await service_device(world, "alfki")
    farm, again, else_ = (
        tablet.new(customer(*each))
        for each in (("Farm", "13800001111"), ("Farm Li", "+8613800001111"), ("Mill", "13800002222"))
    )
    for each in (farm, again, else_):
        await tablet.push(each)
    told = await desk.get("/hq/duplicates", kind="customer")
    (group,) = told["groups"]
    assert [(each["document"], each["content"]["name"], each["dealer_name"]) for each in group] == [
        (farm.id, "Farm", "Alfki"), (again.id, "Farm Li", "Alfki"),
    ]  # fmt: skip
    assert group[1]["alike"] == [farm.id]
    assert told["waiting"] == (await desk.get("/hq/attention"))["kinds"]["customer"]
    await desk.done(again.id, "merge_into", "customer", other=farm.id)
    assert (await desk.get("/hq/duplicates", kind="customer")) == {"groups": [], "waiting": 0}


async def test_two_that_are_two_are_kept(world, desk):
    tablet = await service_device(world, "alfki")
    one, two = tablet.new(customer("Li", "13800001111")), tablet.new(customer("Wang", "13800001111"))
    await tablet.push(one, two)
    (group,) = (await desk.get("/hq/duplicates", kind="customer"))["groups"]
    waiting = [each["document"] for each in group if each["alike"]]
    await desk.done(waiting[-1], "keep_both", "customer")
    assert (await desk.get("/hq/duplicates", kind="customer"))["groups"] == []


async def test_customers_of_two_dealers_are_never_side_by_side(world, desk):
    alfki, berga = await service_device(world, "alfki"), await service_device(world, "berga")
    await alfki.push(alfki.new(customer("Li", "13800001111")))
    await berga.push(berga.new(customer("Li", "13800001111", "berga")))
    assert (await desk.get("/hq/duplicates", kind="customer"))["groups"] == []
    answer = await desk.client.get("/hq/duplicates", params={"kind": "order"})
    assert (answer.status_code, answer.json()["code"]) == (404, "kind_unknown")


def test_what_looks_alike_by_way_of_another_is_one_group():
    assert [sorted(group) for group in grouped({"a": ["b"], "c": ["d"], "b": ["c"], "x": []})] == [
        ["a", "b", "c", "d"],
        ["x"],
    ]
    assert grouped({}) == []
