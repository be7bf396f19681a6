"""The whole story of an order, and the commands that make it."""

from __future__ import annotations

import pytest

from tests.sync.world import order


async def written(world, **lines) -> tuple:
    tablet = await world.device()
    pushed = tablet.write(order(**(lines or {"p1": 3, "p2": 5})))
    await tablet.push(pushed)
    return tablet, pushed.id


async def test_from_the_tablet_to_the_invoice(world, desk):
    tablet, name = await written(world)
    await tablet.push(tablet.edit(name, lines__l1__quantity="4"))
    shipped = await desk.done(name, "ship", lines={"l1": "4", "l2": "5"}, carrier="SF", tracking="SF1")
    assert shipped["document"] == name
    records = (await desk.get(f"/hq/documents/{name}"))["records"]
    (shipment,) = [record for record in records if record["kind"] == "shipment"]
    await desk.done(name, "deliver", shipment=shipment["key"])
    invoiced = await desk.done(name, "invoice")
    assert invoiced["verdict"] == "closed"
    told = await desk.get(f"/hq/documents/{name}")
    assert (told["id"], told["kind"], told["scope"]) == (name, "order", "dealer:alfki")
    assert (told["dealer"], told["dealer_name"], told["verdict"]) == ("alfki", "Alfki", "closed")
    assert told["content"]["lines"]["l1"]["quantity"] == "4"
    assert told["decision"] == told["decisions"][-1]
    assert told["decisions"][0]["verdict"] == "accepted"
    assert [decision["cause"].split(":")[0] for decision in told["decisions"]] == ["change"] * 2 + ["command"] * 3
    assert told["decision"]["figures"]["total"] == 9 * 1130
    assert [change["account_name"] for change in told["changes"]] == ["Person"] * 2
    assert all(len(change["hash"]) == 64 and change["device_name"] == "tablet" for change in told["changes"])
    assert [(command["name"], command["by_name"]) for command in told["commands"]] == [
        ("ship", "Boss"), ("deliver", "Boss"), ("invoice", "Boss"),
    ]  # fmt: skip
    assert told["commands"][0]["params"]["carrier"] == "SF"
    assert sorted(record["kind"] for record in told["records"]) == ["invoice", "shipment", "shipment_number"]
    assert {posting["ledger"] for posting in told["postings"]} == {"stock", "money", "commitment", "value"}
    for ledger in ("stock", "money", "commitment"):
        assert sum(posting["amount"] for posting in told["postings"] if posting["ledger"] == ledger) == 0
    assert told["products"] == {"p1": {"zh": "p1", "en": "p1"}, "p2": {"zh": "p2", "en": "p2"}}


async def test_whose_the_competing_values_are(world, desk):
    tablet, name = await written(world)
    other = await world.device(role="staff")
    await other.sync()
    one = tablet.edit(name, lines__l1__quantity="7")
    two = other.edit(name, lines__l1__quantity="9")
    await tablet.push(one)
    await other.push(two)
    (conflict,) = (await desk.get(f"/hq/documents/{name}"))["conflicts"]
    assert conflict["path"] == "lines/l1/quantity"
    assert {value["value"] for value in conflict["values"]} == {"7", "9"}
    assert {value["account_name"] for value in conflict["values"]} == {"Person"}
    assert {value["actor"][:16] for value in conflict["values"]} == {tablet.principal.device, other.principal.device}


@pytest.mark.parametrize("name", ["0" * 32, "x", "0" * 31 + "G", "%00", "' OR 1=1"])
async def test_documents_that_are_none(desk, name):
    answer = await desk.client.get(f"/hq/documents/{name}")
    assert (answer.status_code, answer.json()["code"]) == (404, "document_unknown")


@pytest.mark.rule("SY11")
async def test_a_command_is_done_once_for_its_key(world, desk):
    _, name = await written(world)
    body = {"key": "once", "kind": "order", "document": name, "name": "ship", "params": {"lines": {"l1": "1"}}}
    first = await desk.client.post("/hq/commands", json=body)
    again = await desk.client.post("/hq/commands", json=body)
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    other = await desk.client.post("/hq/commands", json={**body, "params": {"lines": {"l1": "2"}}})
    assert (other.status_code, other.json()["code"]) == (409, "key_reused")
    assert len((await desk.get(f"/hq/documents/{name}"))["commands"]) == 1


async def test_a_refusal_says_the_rule_and_its_figures(world, desk):
    _, name = await written(world)
    answer = await desk.command(name, "ship", lines={"l1": "400"})
    assert (answer.status_code, answer.json()["code"]) == (409, "more_than_allocated")
    assert answer.json()["figures"] == {"line": "l1", "quantity": "400", "rest": "3"}


async def test_roles_are_those_of_the_command(world, sign_in):
    _, name = await written(world)
    sales, finance, service = [await sign_in(role) for role in ("sales", "finance", "service")]
    for desk in (finance, service):
        answer = await desk.command(name, "ship", lines={"l1": "1"})
        assert (answer.status_code, answer.json()["code"]) == (403, "role_may_not")
    assert (await sales.command(name, "ship", lines={"l1": "1"})).status_code == 200
    assert (await sales.command(name, "invoice")).status_code == 403
    assert (await finance.command(name, "invoice")).status_code == 200


async def test_commands_that_are_none(world, desk):
    _, name = await written(world)
    whole = {"key": "k", "kind": "order", "document": name, "name": "ship", "params": {"lines": {"l1": "1"}}}
    for change, status, code in (
        ({"kind": "nothing"}, 404, "kind_unknown"),
        ({"name": "explode"}, 404, "command_unknown"),
        ({"document": "0" * 32}, 404, "document_unknown"),
        ({"document": None}, 404, "document_unknown"),
        ({"key": ""}, 400, "key_invalid"),
        ({"key": "k" * 101}, 400, "key_invalid"),
        ({"params": {"lines": {}}}, 400, "params_invalid"),
        ({"params": {"lines": {"l1": "1"}, "more": 1}}, 400, "params_invalid"),
        ({"params": []}, 400, "malformed"),
        ({"extra": 1}, 400, "malformed"),
    ):
        answer = await desk.client.post("/hq/commands", json=whole | change)
        assert (answer.status_code, answer.json()["code"]) == (status, code), change
    for content, kind, status in (
        (b"{}", "text/plain", 415), (b"{", "application/json", 400), (b"x" * 3_000_000, "application/json", 413),
    ):  # fmt: skip
        answer = await desk.client.post("/hq/commands", content=content, headers={"Content-Type": kind})
        assert answer.status_code == status
    answer = await desk.client.post("/hq/commands", json=whole, headers={"X-Daybook": ""})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_from_daybook")
    assert (await desk.get(f"/hq/documents/{name}"))["commands"] == []
