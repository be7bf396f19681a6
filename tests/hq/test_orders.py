"""The list of orders: filters, counts and pages; and what needs a person."""

from __future__ import annotations

import pytest

from tests.sync.world import order

OVER_THE_LIMIT = {"p1": 1, "p2": 99_000}


async def push(tablet, *contents) -> list[str]:
    pushed = [tablet.write(content) for content in contents]
    await tablet.push(*pushed)
    return [document.id for document in pushed]


async def found(desk, **query) -> list[str]:
    return [row["document"] for row in (await desk.get("/hq/orders", **query))["rows"]]


async def test_a_row_says_what_the_table_shows(world, desk):
    tablet = await world.device()
    (name,) = await push(tablet, order(p1=3))
    page = await desk.get("/hq/orders")
    (row,) = page["rows"]
    assert (row["document"], row["kind"], row["dealer"], row["dealer_name"]) == (name, "order", "alfki", "Alfki")
    assert (row["verdict"], row["stage"], row["lines"], row["total"], row["currency"]) == (
        "accepted", "submitted", 1, 3390, "CNY",
    )  # fmt: skip
    assert row["number"].startswith("T-")
    assert row["updated_at"] >= row["received_at"] > 0
    assert (page["next"], page["counts"]) == (None, {"accepted": 1})


async def test_filters_and_counts(world, desk):
    alfki, berga = await world.device(), await world.device("berga")
    accepted, draft = await push(alfki, order(p1=1), order(stage="draft", p1=1))
    (large,) = await push(berga, order("berga", p1=999))
    held = await push(berga, *(order("berga", **OVER_THE_LIMIT) for _ in range(3)))
    assert large in await found(desk, dealer="berga", limit=500)
    page = await desk.get("/hq/orders", dealer="alfki")
    assert page["counts"] == {"accepted": 1, "draft": 1}
    assert await found(desk, stage="draft") == [draft]
    assert await found(desk, verdict="accepted", dealer="alfki") == [accepted]
    assert (await desk.get("/hq/orders", verdict="draft", dealer="alfki"))["counts"] == {"accepted": 1, "draft": 1}
    needing = await desk.get("/hq/orders", needs=1, limit=500)
    assert all(row["attention"] for row in needing["rows"])
    assert set(needing["counts"]) == {"held"}
    assert {row["document"] for row in needing["rows"]} == set(held)
    assert await found(desk, verdict="refused") == []


async def test_search_by_number_and_dealer_whatever_the_case(world, desk):
    content = order(p1=1) | {"number": "7K3M-0042"}
    other = order("berga", p1=1) | {"number": "100%_\\x"}
    (one,) = await push(await world.device(), content)
    (two,) = await push(await world.device("berga"), {**other, "number": "AB.CD-1"})
    assert await found(desk, q="7k3m") == [one]
    assert await found(desk, q="  -0042 ") == [one]
    assert await found(desk, q="BERG") == [two]
    assert await found(desk, q="Alfki") == [one]
    for text in ("%", "_", "\\", "'", '"', "; DROP TABLE document"):
        assert await found(desk, q=text) == []


async def test_pages_by_key_miss_nothing_while_orders_arrive(world, desk):
    tablet = await world.device()
    first = await push(tablet, *(order(p1=1) for _ in range(7)))
    seen, after = [], None
    for _ in range(10):
        page = await desk.get("/hq/orders", limit=3, **({"after": after} if after else {}))
        seen += [row["document"] for row in page["rows"]]
        await push(tablet, order(p1=1))
        after = page["next"]
        if after is None:
            break
    assert seen == first[::-1]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"after": "x"}, 400), ({"after": "-1"}, 400), ({"after": "9" * 30}, 400), ({"limit": 0}, 400),
        ({"limit": 10**9}, 400), ({"limit": "x"}, 400), ({"q": "x" * 101}, 400), ({"q": "a\x00"}, 400),
        ({"dealer": "\x00"}, 400), ({"after": "٣"}, 400),
    ],
)  # fmt: skip
async def test_questions_that_are_none(desk, query, status):
    answer = await desk.client.get("/hq/orders", params=query)
    assert (answer.status_code, answer.json()["code"]) == (status, "malformed")


async def test_attention(world, desk):
    tablet = await world.device()
    (case,) = await push(tablet, order(p1=2))
    await desk.done(case, "ship", lines={"l1": "2"})
    edit = tablet.edit(case, lines__l1__quantity="5")
    await tablet.push(edit)
    held = await push(tablet, *(order(**OVER_THE_LIMIT) for _ in range(3)))
    bad = tablet.write(order(p1=1))
    bad.changes[0] = b"\x85\x6f\x4a\x83 no change"
    await tablet.push(bad)
    async with world.database.transaction() as tx:
        await tx.execute("UPDATE device SET synced_at = 1000")
    waiting = await desk.get("/hq/attention")
    assert [row["document"] for row in waiting["cases"]] == [case]
    assert waiting["cases"][0]["case"] is True
    rows = (await desk.get("/hq/orders", verdict="held", limit=500))["rows"]
    assert {row["document"] for row in waiting["held"]} == {row["document"] for row in rows} == set(held)
    first = waiting["held"][0]
    assert first["document"] == rows[-1]["document"]  # the longest waiting comes first
    assert "credit_over_limit" in {reason["code"] for reason in first["reasons"]}
    assert first["figures"]["credit"]
    (refused,) = waiting["quarantine"]
    assert (refused["device"], refused["device_name"]) == (tablet.principal.device, "tablet")
    assert refused["code"]
    assert (refused["dealer_name"], "chunk" in refused) == ("Alfki", False)
    assert [device["id"] for device in waiting["stale_devices"]] == [tablet.principal.device]
    assert waiting["counts"] == {"held": len(rows), "cases": 1, "quarantine": 1, "stale_devices": 1}


async def test_the_number_of_statements_does_not_grow_with_the_rows(world, desk, monkeypatch):
    from server.store.transaction import Transaction

    tablet = await world.device()
    counted: list[int] = []
    end = Transaction.end
    monkeypatch.setattr(Transaction, "end", lambda self: (counted.append(self.statements), end(self))[1])

    async def statements() -> dict[str, int]:
        told = {}
        for path in (
            "/hq/orders",
            "/hq/attention",
            "/hq/dealers",
            "/hq/devices",
            "/hq/people",
            "/hq/audit",
            "/hq/stock",
        ):
            counted.clear()
            await desk.get(path)
            told[path] = sum(counted)
        return told

    await push(tablet, order(p1=1))
    few = await statements()
    for _ in range(3):
        await world.device()
    await push(tablet, *(order(**OVER_THE_LIMIT) for _ in range(20)))
    assert await statements() == few
