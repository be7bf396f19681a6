"""Service through the real pipeline: machines, requests and visits in any order of arrival, and who sees what of them."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
import pytest_asyncio

from server.store.engine import Database
from server.store.transaction import Row
from server.sync.admission import Gate
from server.sync.masters import RecordPut
from server.sync.pipeline import Pipeline
from server.sync.replay import replay
from tests.server_fixtures import empty
from tests.sync.service_world import ServiceDevice, service_device, technician
from tests.sync.world import SALES, World

MACHINE, REQUEST, VISIT, LATE = ("a" * 32, "b" * 32, "c" * 32, "d" * 32)
START = datetime.fromtimestamp(time.time() - 3 * 86_400, UTC).replace(microsecond=0)
ALL_DAY = [[{"start": "00:00", "end": "24:00"}]] * 7


def moment(hours: float) -> str:
    return (START + timedelta(hours=hours)).isoformat()


def machine(serial: str = "TR90-1") -> dict[str, Any]:
    return {
        "kind": "machine", "schema": 1, "dealer": "alfki", "created_at": moment(0), "serial": serial, "product": "p1",
        "installed_at": (START - timedelta(days=40)).date().isoformat(), "note": "", "photos": {},
    }  # fmt: skip


def request() -> dict[str, Any]:
    return {
        "kind": "service_request", "schema": 1, "number": "T-1", "dealer": "alfki", "stage": "submitted", "opened_at": moment(0),
        "machine": MACHINE, "serial": "TR90-1", "fault": "Leaks", "urgency": "down", "photos": {},
    }  # fmt: skip


def visit(device: ServiceDevice, begin: float, outcome: str, parts: str = "2", number: str = "V-1") -> dict[str, Any]:
    technician = device.principal.account
    part = {
        "position": 1,
        "product": "p2",
        "quantity": parts,
        "unit": "pcs",
        "source": f"van:{technician}",
        "lot": "L1",
    }
    return {
        "kind": "service_visit", "schema": 1, "number": number, "dealer": "alfki", "technician": technician,
        "device": device.principal.device, "stage": "submitted", "created_at": moment(begin), "request": REQUEST,
        "machine": MACHINE, "serial": "TR90-1", "arrived_at": moment(begin), "started_at": moment(begin),
        "ended_at": moment(begin + 1), "diagnosis": "", "cause": "", "action": "", "checklist": {}, "parts": {"p1": part},
        "labour_minutes": 60, "photos_before": {}, "photos_after": {}, "outcome": outcome, "requested": {},
    }  # fmt: skip


@pytest_asyncio.fixture(loop_scope="session")
async def world(database: Database, pipeline: Pipeline) -> World:
    return await begun(database, pipeline)


async def begun(database: Database, pipeline: Pipeline) -> World:
    now = time.time_ns() // 1_000_000
    pipeline.clock = lambda: now
    world = await World(database, pipeline).begin()
    hours = {"id": "main", "utc_offset_minutes": 480, "week": ALL_DAY, "holidays": []}
    levels = {"id": "main", "urgency": {"down": {"respond": 120, "fix": 600}}}
    policy = {"id": "default", "months": 12}
    await pipeline.put_records(
        "",
        [
            RecordPut("catalog", "service_hours", "main", hours),
            RecordPut("catalog", "sla", "main", levels),
            RecordPut("catalog", "warranty_policy", "default", policy),
        ],
    )
    return world


async def state(world: World) -> list[Row]:
    """Everything that was decided last, without what depends on when it arrived."""
    return await world.rows(
        "SELECT o.id, o.verdict, o.\"row\" FROM document o WHERE o.kind IN ('machine', 'service_request', 'service_visit')"
        " ORDER BY o.id"
    )


async def shown(world: World) -> list[Row]:
    kinds = "'visit', 'machine_visit', 'machine', 'machine_serial', 'bearer', 'stock_on_hand'"
    return await world.rows(
        f"SELECT kind, key, body FROM record WHERE kind IN ({kinds}) AND body IS NOT NULL ORDER BY kind, key"
    )


@pytest.mark.rule("Q3")
@pytest.mark.rule("V7")
async def test_any_order_of_arrival_ends_the_same(database: Database, pipeline: Pipeline, gate: Gate) -> None:
    ends = []
    account, device = secrets.token_hex(8), secrets.token_hex(8)
    for order in permutations((MACHINE, REQUEST, VISIT, LATE)):
        world = await begun(database, pipeline)
        tech = await technician(world, "alfki", account=account, device=device)
        writings = {
            MACHINE: machine(),
            REQUEST: request(),
            VISIT: visit(tech, 1, "parts_needed"),
            LATE: visit(tech, 30, "fixed", "1", "V-2"),
        }
        for name in order:
            (result,) = (await tech.push(tech.new(writings[name], name))).results
            assert result.refused == []
        ends.append((await state(world), await shown(world), await world.balance("stock", "used:alfki", "p2")))
        await world.check_ledgers()
        if order[0] in (VISIT, LATE):
            assert (await replay(database, gate)).differences == []
        await empty(database)
    assert all(end == ends[0] for end in ends[1:])
    rows, records, used = ends[0]
    assert [row["verdict"] for row in rows] == ["accepted"] * 4
    assert used == 3_000
    told = next(row["row"] for row in rows if row["id"] == REQUEST)
    assert '"state":"fixed"' in told
    assert '"respond":"met"' in told
    assert '"fix":"met"' in told, "the clock stood still while it waited for parts"
    assert [record["key"] for record in records if record["kind"] == "machine_visit"] == [
        f"{MACHINE}/{VISIT}",
        f"{MACHINE}/{LATE}",
    ]


@pytest.mark.rule("V5")
async def test_a_late_visit_lessens_the_van_at_its_own_time_and_flags_what_was_short(world: World, gate: Gate) -> None:
    tech = await technician(world, "alfki")
    await tech.push(tech.new(visit(tech, 30, "fixed", "2"), LATE))
    van = f"van:{tech.principal.account}"
    assert await world.balance("stock", van, "p2") == -2_000
    assert await world.balance("lot", van, "p2#L1") == -2_000
    (row,) = await world.rows("SELECT body FROM record WHERE kind = 'decision' AND key = ?", LATE)
    assert "part_not_in_stock" in row["body"]
    rows = await world.rows("SELECT DISTINCT happened_at FROM posting WHERE document = ? AND ledger = 'stock'", LATE)
    offset = await world.rows("SELECT clock_offset FROM document WHERE id = ?", LATE)
    assert rows[0]["happened_at"] == int((START + timedelta(hours=31)).timestamp() * 1000) + offset[0]["clock_offset"]
    await tech.push(tech.new(visit(tech, 1, "revisit", "1", "V-2"), VISIT))
    assert await world.balance("stock", van, "p2") == -3_000
    assert (await replay(world.database, gate)).differences == []


@pytest.mark.rule("M3")
@pytest.mark.rule("M4")
async def test_the_same_serial_number_twice_is_settled_by_headquarters(world: World, gate: Gate) -> None:
    owner, tech = await service_device(world, "alfki"), await technician(world, "alfki")
    await owner.push(owner.new(machine(), MACHINE))
    await tech.push(tech.new(machine("tr90 1"), "e" * 32))
    decisions = await world.rows("SELECT key, body FROM record WHERE kind = 'decision' AND key <> '' ORDER BY key")
    told = {row["key"]: row["body"] for row in decisions}
    assert all("duplicate_serial" in told[name] for name in (MACHINE, "e" * 32))
    answer = await world.pipeline.command(SALES, "machine", "e" * 32, "merge_into", {"other": MACHINE}, "merge-1")
    assert answer.verdict == "withdrawn"
    (row,) = await world.rows("SELECT body FROM record WHERE kind = 'decision' AND key = ?", MACHINE)
    assert "duplicate_serial" not in row["body"]
    await tech.push(tech.new(visit(tech, 1, "fixed") | {"machine": "e" * 32}, VISIT))
    assert [record["key"] for record in await shown(world) if record["kind"] == "machine_visit"] == [
        f"{MACHINE}/{VISIT}"
    ]
    assert (await replay(world.database, gate)).differences == []


@pytest.mark.rule("SY10")
async def test_a_technician_of_another_dealer_gets_nothing(world: World) -> None:
    tech, stranger = await technician(world, "alfki"), await technician(world, "berga")
    await tech.push(
        tech.new(machine(), MACHINE), tech.new(request(), REQUEST), tech.new(visit(tech, 1, "fixed"), VISIT)
    )
    await stranger.sync()
    assert stranger.rows == {}
    mine = {MACHINE, REQUEST, VISIT}
    assert not [key for _, key in stranger.records if mine & set(key.split("/"))]
    stranger.dealer = "alfki"
    (result,) = (await stranger.push(stranger.new(machine("X"), "f" * 32))).results
    assert [each.code for each in result.refused] == ["scope_forbidden"]
    stranger.dealer = "berga"
    twin = {**machine(), "dealer": "berga"}
    (result,) = (await stranger.push(stranger.new(twin, "f" * 32))).results
    assert result.refused == []
    await stranger.sync()
    assert stranger.records["decision", "f" * 32]["reasons"] == []
    assert stranger.rows.keys() == {"f" * 32}


async def test_the_dealer_and_the_technician_see_the_same(world: World) -> None:
    owner, tech = await service_device(world, "alfki"), await technician(world, "alfki")
    opened = await world.pipeline.command(
        SALES, "service_request", None, "open", {"dealer": "alfki", "fault": "x", "urgency": "down"}, "open-2"
    )
    who = {"technician": tech.principal.account, "planned_on": "2026-03-04"}
    await world.pipeline.command(SALES, "service_request", opened.document, "assign", who, "assign-2")
    await tech.sync()
    await tech.push(tech.new(visit(tech, 1, "fixed") | {"request": opened.document, "machine": None}, VISIT))
    for device in (owner, tech):
        await device.sync()
        assert device.rows[opened.document]["state"] == "fixed"
        assert device.rows[opened.document]["technician"] == tech.principal.account
        assert device.rows[VISIT]["outcome"] == "fixed"
    van = f"van:{tech.principal.account}/p2"
    assert ("stock_on_hand", van) in tech.records
    assert ("stock_on_hand", van) not in owner.records
