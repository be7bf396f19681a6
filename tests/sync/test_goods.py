"""Goods through the whole pipeline: counts that late movements reach, values that late receipts change, and the replay of it all."""

from __future__ import annotations

import secrets
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio

from server.store.engine import Database
from server.sync.admission import Gate
from server.sync.masters import RecordPut
from server.sync.pipeline import Pipeline
from server.sync.replay import replay
from tests.sync.world import SALES, Device, World, now_ms, order

HOUR = 3_600_000


@pytest_asyncio.fixture(loop_scope="session")
async def world(database: Database, pipeline: Pipeline) -> World:
    return await World(database, pipeline).begin()


def iso(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def tally(product: str, quantity: str, at: int, **more: str) -> dict[str, str]:
    about = {"product": product, "quantity": quantity, "place": "", "batch": "", "serial": "", "by": "Li"}
    return {**about, "counted_at": iso(at), **more}


def count(at: int, stage: str = "closed", **tallies: dict[str, str]) -> dict[str, Any]:
    """The content of a count of the store; its tallies by key, `_` for `.`."""
    return {
        "kind": "stock_count", "schema": 1, "number": f"C-{secrets.token_hex(4)}", "location": "dealer:alfki",
        "stage": stage, "created_at": iso(at), "note": "", "products": {},
        "tallies": {key.replace("_", "."): body for key, body in tallies.items()},
    }  # fmt: skip


def receipt(order_number: str, at: int, product: str, quantity: str) -> dict[str, Any]:
    line = {"line": "l1", "product": product, "unit": "pcs", "received": quantity}
    return {
        "kind": "goods_receipt", "schema": 1, "number": f"R-{secrets.token_hex(4)}", "dealer": "alfki", "note": "",
        "shipment": f"{order_number}-S1", "stage": "confirmed", "created_at": iso(at), "received_at": iso(at),
        "lines": {"a": line},
    }  # fmt: skip


async def sent(world: World, tablet: Device, product: str, pieces: int) -> str:
    """An order that has left; its number."""
    content = order(**{product: pieces})
    pushed = tablet.write(content)
    await tablet.push(pushed)
    await world.command(pushed.id, "ship", lines={"l1": str(pieces)})
    return str(content["number"])


async def decisions(world: World, document: str) -> list[Any]:
    return await world.rows("SELECT id, verdict, body, cause FROM decision WHERE document = ? ORDER BY id", document)


async def expect_replay(world: World, gate: Gate) -> None:
    await world.check_ledgers()
    result = await replay(world.database, gate)
    assert result.differences == []


@pytest.mark.rule("C4")
async def test_a_late_movement_before_a_count_decides_it_again(world: World, gate: Gate) -> None:
    tablet, late = await world.device(), await world.device()
    now = now_ms()
    number = await sent(world, tablet, "p1", 10)
    device = tablet.principal.device
    counted = tablet.write(count(now, **{f"{device}_1": tally("p1", "8", now - HOUR)}))
    await tablet.push(counted)
    assert await world.balance("stock", "difference:dealer:alfki", "p1") == -8000
    # Written before the count, on a tablet that had no signal.
    receipts = late.write(receipt(number, now - 5 * HOUR, "p1", "10"))
    await late.push(receipts)
    assert await world.balance("stock", "dealer:alfki", "p1") == 8000
    assert await world.balance("stock", "difference:dealer:alfki", "p1") == 2000
    made = await decisions(world, counted.id)
    assert len(made) == 2
    assert '"difference":"-2"' in made[1]["body"]
    (cause,) = await decisions(world, receipts.id)
    assert made[1]["cause"] == f"balance:{cause['id']}"
    # What moves after the count leaves it alone.
    number = await sent(world, tablet, "p1", 3)
    await late.push(late.write(receipt(number, now - HOUR // 2, "p1", "3")))
    assert len(await decisions(world, counted.id)) == 2
    assert await world.balance("stock", "dealer:alfki", "p1") == 11_000
    await expect_replay(world, gate)


@pytest.mark.rule("C4")
async def test_what_a_late_receipt_changes_in_the_value_of_others_is_its_own_posting(world: World, gate: Gate) -> None:
    """Ten pieces at 5, then a late receipt says that ten more had come at 15 before the shipment: it left at 10."""
    tablet = await world.device()
    params = {"lines": {"p9": "10"}, "costs": {"p9": 50}, "received_on": "2026-01-02"}
    product = {"id": "p9", "name": {"zh": "p9", "en": "p9"}, "base_unit": "pcs", "units": [], "tax_bp": 0}
    price = {"product": "p9", "list": "retail", "version": 1, "units": {"pcs": {"price": 1000}}}

    puts = [RecordPut("catalog", "product", "p9", product), RecordPut("tier:retail", "price", "retail@1/p9", price)]
    await world.pipeline.put_records("test", puts)
    await world.pipeline.command(SALES, "stock_receipt", None, "record", params, "first")
    number = await sent(world, tablet, "p9", 4)
    now = now_ms()
    came = tablet.write(receipt(number, now, "p9", "4"))
    await tablet.push(came)
    assert await world.balance("value", "stock:hq", "p9") == 30
    params = {"lines": {"p9": "10"}, "costs": {"p9": 150}, "received_on": "2026-01-03"}
    late = await world.pipeline.command(SALES, "stock_receipt", None, "record", params, "late")
    assert await world.balance("value", "stock:hq", "p9") == 200 - 40
    (decided,) = await decisions(world, late.document)
    elsewhere = await world.rows(
        "SELECT document, posting_set, account, amount FROM posting WHERE decision = ? AND document <> ?"
        " AND ledger = 'value' AND account = 'stock:hq'",
        decided["id"],
        late.document,
    )
    assert [(row["posting_set"], row["amount"]) for row in elsewhere] == [("value:receipt", -20)]
    assert {row["document"] for row in elsewhere} == {came.id}
    assert await world.balance("value", "stock:dealer:alfki", "p9") == 4000, "the dealer paid what the dealer paid"
    await expect_replay(world, gate)


@pytest.mark.rule("C1")
@pytest.mark.rule("C3")
async def test_two_tablets_count_at_once_each_by_its_own_clock(world: World, gate: Gate) -> None:
    """Both write into one count without signal; one clock is two hours slow. Whoever pushes last changes neither sum nor time."""
    first, second = await world.device(), await world.device()
    now = now_ms()
    began = first.write(count(now, "open"))
    await first.push(began)
    second.chunks[began.id], second.kinds[began.id] = list(first.chunks[began.id]), "stock_count"
    mine, theirs = str(first.principal.device), str(second.principal.device)
    slow = second.edit(began.id, **{f"tallies__{theirs}.1": tally("p1", "5", now - 3 * HOUR)})
    quick = first.edit(began.id, **{f"tallies__{mine}.1": tally("p1", "7", now - 2 * HOUR)})
    closed = first.edit(began.id, stage="closed")
    await world.pipeline.push(second.principal, [slow], now_ms() - 2 * HOUR)
    assert (await decisions(world, began.id))[-1]["verdict"] == "draft"
    quick.changes += closed.changes
    await first.push(quick)
    assert await world.balance("stock", "dealer:alfki", "p1") == 12_000
    (moved,) = await world.rows(
        "SELECT happened_at FROM posting WHERE document = ? AND account = 'dealer:alfki' AND ledger = 'stock'", began.id
    )
    assert moved["happened_at"] == now - HOUR, "three hours ago by a clock that is two hours slow"
    await expect_replay(world, gate)


@pytest.mark.rule("C10")
async def test_batches_by_time(world: World, gate: Gate) -> None:
    tablet = await world.device()
    now, device = now_ms(), tablet.principal.device
    later = count(now, **{f"{device}_1": tally("p1", "6", now - HOUR, batch="L7")})
    earlier = count(now, **{f"{device}_1": tally("p1", "4", now - 2 * HOUR, batch="L7")})
    for content, difference in ((later, 6000), (earlier, 4000)):
        await tablet.push(tablet.write(content))
        sets = await world.rows(
            "SELECT SUM(amount) AS n FROM posting WHERE ledger = 'lot' AND account = 'dealer:alfki' AND item = 'p1#L7'"
            " AND happened_at = ?",
            now - (HOUR if content is later else 2 * HOUR),
        )
        assert int(sets[0]["n"]) == difference
    assert await world.balance("lot", "dealer:alfki", "p1#L7") == 6000
    assert await world.balance("stock", "dealer:alfki", "p1") == 6000
    await expect_replay(world, gate)


@pytest.mark.rule("C7")
@pytest.mark.rule("C8")
async def test_headquarters_asks_accepts_and_a_new_count_answers(world: World, gate: Gate) -> None:

    policy = {"id": "main", "max_value": 5_000, "currency": "CNY", "price_list": None}
    await world.pipeline.put_records("test", [RecordPut("catalog", "count_policy", "main", policy)])
    tablet = await world.device()
    now, device = now_ms(), tablet.principal.device
    tallies = {f"{device}_1": tally("p1", "6", now), f"{device}_2": tally("p2", "9", now)}
    content = count(now, **tallies)
    counted = tablet.write(content)
    await tablet.push(counted)
    assert await world.balance("stock", "dealer:alfki", "p1") == 0

    async def act(name: str, **params: Any) -> Any:
        return await world.pipeline.command(SALES, "stock_count", counted.id, name, params, uuid.uuid4().hex)

    assert (await act("ask_recount", products=["p1"], note="again")).verdict == "held"
    again = count(now, **{f"{device}_1": tally("p1", "5", now + 1000)}) | {"answers": content["number"]}
    await tablet.push(tablet.write(again))
    assert await world.balance("stock", "dealer:alfki", "p1") == 5000
    assert (await act("accept", note="seen")).verdict == "closed"
    assert await world.balance("stock", "dealer:alfki", "p2") == 9000
    await tablet.sync()
    assert tablet.verdicts[counted.id] == "closed"
    told = await world.rows("SELECT scope, body FROM record WHERE kind = 'notice'")
    assert any(row["scope"] == tablet.scope and "count_recount" in row["body"] for row in told)
    assert any(row["scope"] == "hq" and "count_held" in row["body"] for row in told)
    assert any(kind == "stock_recount" for kind, _ in tablet.records)
    await expect_replay(world, gate)
