"""Sales and returns on the real pipeline, in the worst order: the return before the sale, the sale before the goods came."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_asyncio

from server.domain.moments import iso
from server.problems import Problem
from server.store.engine import Database
from server.sync.admission import Gate
from server.sync.masters import RecordPut
from server.sync.pipeline import Pipeline
from server.sync.replay import replay
from tests.sync.world import World, now_ms, order


@pytest_asyncio.fixture(loop_scope="session")
async def world(database: Database, pipeline: Pipeline) -> World:
    made = await World(database, pipeline).begin()
    await pipeline.put_records(
        "test", [RecordPut("catalog", "warranty_policy", "default", {"id": "default", "months": 12})]
    )
    return made


def hours_ago(hours: int) -> str:
    return iso(now_ms() // 1000 * 1000 - hours * 3_600_000)


def head(kind: str, number: str, at: str, **fields: Any) -> dict[str, Any]:
    stage = "confirmed" if kind == "goods_receipt" else "done"
    when = "received_at" if kind == "goods_receipt" else "captured_at"
    common = {
        "kind": kind,
        "schema": 1,
        "number": number,
        "dealer": "alfki",
        "stage": stage,
        "created_at": at,
        when: at,
    }
    return {**common, "note": "", **fields}


def sale(at: str, number: str = "T-V1", serial: str = "P-1", paid: int = 1130) -> dict[str, Any]:
    line = {"product": "p1", "quantity": "1", "unit": "pcs", "price": 1130, "serials": [serial]}
    payments = {"a": {"method": "cash", "amount": paid}}
    return head("sale", number, at, currency="CNY", payments=payments, lines={"l1": line})


async def decision(world: World, document: str) -> tuple[str, list[str]]:
    await world.rows("SELECT 1 AS one")
    tablet = await world.device()
    await tablet.sync()
    body = tablet.records["decision", document]
    return body["verdict"], [reason["code"] for reason in body["reasons"]]


async def stock(world: World, account: str, item: str = "p1", ledger: str = "stock") -> int:
    return await world.balance(ledger, account, item) // 1000


@pytest.mark.rule("S4")
@pytest.mark.rule("S5")
@pytest.mark.rule("S7")
@pytest.mark.rule("T1")
@pytest.mark.rule("T4")
@pytest.mark.rule("T5")
async def test_everything_arrives_backwards_and_twice(world: World, database: Database, gate: Gate) -> None:
    one, other = await world.device(), await world.device(role="staff")
    bought = one.write(order(p1=10) | {"number": "T-O1"})
    received = one.write(
        head(
            "goods_receipt", "T-R1", hours_ago(5), shipment="T-O1-S1",
            lines={"a": {"product": "p1", "unit": "pcs", "received": "10", "serials": ["P-1"]}},
        )
    )  # fmt: skip
    sold = one.write(sale(hours_ago(4)))
    twice = other.write(sale(hours_ago(3), "T-V2", paid=500))
    back = other.write(
        head(
            "goods_return", "T-B1", hours_ago(2), source=sold.id, refund={"method": "cash"},
            lines={"r": {"line": "l1", "quantity": "1", "condition": "damaged", "serials": ["P-1"]}},
        )
    )  # fmt: skip
    for document in (back, twice, sold, sold, received, bought, bought):
        await (one if document in (sold, received, bought) else other).push(document)
    assert (await decision(world, received.id))[0] == "held"
    assert "stock_short" in (await decision(world, sold.id))[1]
    await world.command(bought.id, "ship", key="ship-1", lines={"l1": "10"})
    assert await decision(world, received.id) == ("closed", ["goods_received"])
    # The first sale had the machine, and it came back; the second one is of a machine that was with a customer then.
    assert await decision(world, sold.id) == ("closed", ["sold"])
    assert await decision(world, twice.id) == ("closed", ["sold", "serial_sold_before"])
    assert await decision(world, back.id) == ("closed", ["taken_back"])
    assert [await stock(world, f"dealer:alfki{place}") for place in ("", ":damaged")] == [8, 1]
    assert await stock(world, "customer:alfki") == 1
    assert await world.balance("lot", "dealer:alfki:damaged", "p1#P-1") == 1000
    assert await world.balance("money", "till:alfki", "CNY") == 500
    assert await world.balance("money", "customer_due:alfki", "CNY") == 630
    assert await world.balance("money", "sales:alfki", "CNY") == -1000
    assert await world.balance("money", "receivable:alfki", "CNY") == 0
    # The dealer's goods cost 1000 each; what came back is worth what the others are.
    assert await world.balance("value", "stock:dealer:alfki", "p1") == 9 * 1000
    await one.sync()
    assert ("warranty", "alfki/P-1") not in one.records or one.records["warranty", "alfki/P-1"] is None
    await world.check_ledgers()
    assert (await replay(database, gate)).differences == []


@pytest.mark.rule("S7")
@pytest.mark.rule("S8")
async def test_a_warranty_passes_to_the_sale_that_is_left(world: World, database: Database, gate: Gate) -> None:
    tablet = await world.device()
    first, second = tablet.write(sale(hours_ago(4))), tablet.write(sale(hours_ago(3), "T-V2"))
    await tablet.push(second)
    await tablet.push(first)

    async def holder() -> str:
        rows = await world.rows("SELECT scope, body FROM record WHERE kind = 'warranty' AND key = 'alfki/P-1'")
        assert [row["scope"] for row in rows] == ["service:alfki"]
        return str(rows[0]["body"])

    assert first.id in await holder()
    await tablet.push(tablet.edit(first.id, stage="cancelled"))
    assert second.id in await holder()
    await tablet.push(tablet.edit(second.id, stage="cancelled"))
    assert await holder() == "None"
    await world.check_ledgers()
    assert (await replay(database, gate)).differences == []


@pytest.mark.rule("T3")
@pytest.mark.rule("T6")
@pytest.mark.rule("T7")
async def test_a_return_to_headquarters(world: World, database: Database, gate: Gate) -> None:
    tablet = await world.device()
    bought = tablet.write(order(p1=10) | {"number": "T-O1"})
    await tablet.push(bought)
    await world.command(bought.id, "ship", key="ship-1", lines={"l1": "10"})
    await world.command(bought.id, "invoice")
    await world.command(bought.id, "deliver", shipment="ship-1")
    lines = {"r": {"line": "l1", "quantity": "6"}}
    sent = [
        tablet.write(
            head("goods_return", f"T-B{n}", hours_ago(0), direction="to_headquarters", source="T-O1-S1", lines=lines)
        )
        for n in range(2)
    ]
    await tablet.push(*sent)
    first, second = sorted(document.id for document in sent)
    assert (await decision(world, first))[0] == "accepted"
    assert (await decision(world, second)) == ("held", ["returned_too_much"])
    assert await stock(world, "transit:alfki") == 6
    await world.act("goods_return", first, "receive", {"lines": {"r": {"good": "3", "scrapped": "1"}}})
    await world.act("goods_return", first, "credit", {})
    await world.act("goods_return", first, "reject", {"reason": "opened"})
    with pytest.raises(Problem) as refused:
        await world.act("goods_return", first, "credit", {})
    assert refused.value.code == "nothing_to_credit"
    assert (await decision(world, first))[0] == "closed"
    assert [await stock(world, name) for name in ("transit:alfki", "dealer:alfki", "loss:returns")] == [0, 6, 1]
    assert await stock(world, "warehouse:main") == 993
    assert await world.balance("money", "receivable:alfki", "CNY") == 6 * 1130
    assert await world.balance("value", "stock:dealer:alfki", "p1") == 6 * 1000
    await world.check_ledgers()
    assert (await replay(database, gate)).differences == []


@pytest.mark.rule("T1")
@pytest.mark.parametrize("first", [True, False])
async def test_what_is_named_by_number_is_found_in_the_same_push(
    world: World, database: Database, gate: Gate, first: bool
) -> None:
    tablet = await world.device()
    sold = tablet.write(sale(hours_ago(4)))
    lines = {"r": {"line": "l1", "quantity": "1", "serials": ["P-1"]}}
    back = tablet.write(head("goods_return", "T-B1", hours_ago(2), source="T-V1", lines=lines))
    await tablet.push(*((back, sold) if first else (sold, back)))
    assert await decision(world, back.id) == ("closed", ["taken_back"])
    assert await stock(world, "customer:alfki") == 0
    assert (await replay(database, gate)).differences == []
