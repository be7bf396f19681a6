"""The list of documents of any kind, and what one document changed in others."""

from __future__ import annotations

import pytest

from tests.hq.test_locations import deliver
from tests.sync.world import order


async def test_documents_of_a_kind_with_filters(world, desk):
    mine, other = await world.device(), await world.device("berga")
    small, large = mine.write(order(p1=2)), mine.write(order(p2=100_000))
    theirs = other.write(order("berga", p1=1))
    for tablet, pushed in ((mine, small), (mine, large), (other, theirs)):
        await tablet.push(pushed)
    page = await desk.get("/hq/documents", kind="order")
    assert [row["document"] for row in page["rows"]] == [theirs.id, large.id, small.id]
    assert (page["next"], page["counts"]) == (None, {"accepted": 2, "held": 1})
    first = page["rows"][0]
    assert (first["kind"], first["dealer"], first["dealer_name"]) == ("order", "berga", "Berga")
    assert first["number"].startswith("T-")
    assert "reasons" not in first

    async def found(**wanted: object) -> list[str]:
        return [row["document"] for row in (await desk.get("/hq/documents", kind="order", **wanted))["rows"]]

    assert await found(verdict="held") == await found(attention=1) == [large.id]
    assert await found(dealer="berga") == await found(q="berg") == [theirs.id]
    assert await found(q=first["number"].upper()) == [theirs.id]
    assert await found(days=1) == [theirs.id, large.id, small.id]
    assert await found(q="%") == await found(dealer="' OR 1=1") == []
    # Counts are of what the other filters leave.
    held = await desk.get("/hq/documents", kind="order", verdict="held", dealer="alfki")
    assert held["counts"] == {"accepted": 1, "held": 1}
    (told,) = (await desk.get("/hq/documents", kind="order", verdict="held", decided=1))["rows"]
    assert "credit_over_limit" in {reason["code"] for reason in told["reasons"]}
    assert told["figures"]["total"] > 0
    assert (await desk.get("/hq/attention"))["kinds"] == {"order": 1}


async def test_days_are_counted_from_now(world, desk, monkeypatch):
    tablet = await world.device()
    await tablet.push(tablet.write(order(p1=1)))
    monkeypatch.setattr("server.hq.field_routes.now_ms", lambda: 2**45)
    assert (await desk.get("/hq/documents", kind="order", days=7))["rows"] == []
    assert len((await desk.get("/hq/documents", kind="order"))["rows"]) == 1


async def test_pages_by_arrival(world, desk):
    tablet = await world.device()
    written = [tablet.write(order(p1=1)) for _ in range(5)]
    await tablet.push(*written)
    seen, after = [], None
    while True:
        page = await desk.get("/hq/documents", kind="order", limit=2, **({"after": after} if after else {}))
        seen += [row["document"] for row in page["rows"]]
        after = page["next"]
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 5
    for after in ("x", "1", "1.x", f"-1.{'0' * 32}", f"{'9' * 30}.{'0' * 32}"):
        answer = await desk.client.get("/hq/documents", params={"kind": "order", "after": after})
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


@pytest.mark.parametrize("kind", ["nothing", "' OR 1=1"])
async def test_kinds_that_are_none(desk, kind):
    answer = await desk.client.get("/hq/documents", params={"kind": kind})
    assert (answer.status_code, answer.json()["code"]) == (404, "kind_unknown")


async def test_a_list_asks_the_database_the_same_for_one_row_or_many(world, desk, monkeypatch):
    """No query in a loop."""
    from server.store.transaction import Transaction

    asked: list[str] = []
    rows = Transaction.rows
    tablet = await world.device()

    async def counted(self, sql, *args):
        asked.append(sql)
        return await rows(self, sql, *args)

    numbers = []
    for _ in range(2):
        await tablet.push(*[tablet.write(order(p1=1)) for _ in range(3)])
        with monkeypatch.context() as patch:
            patch.setattr(Transaction, "rows", counted)
            asked.clear()
            await desk.get("/hq/documents", kind="order", decided=1)
            numbers.append(len(asked))
    assert numbers[0] == numbers[1] <= 4


async def test_what_a_receipt_changed_in_an_order(world, desk):
    """The order waited for stock; the receipt's decision is the cause that it was decided again."""
    tablet = await world.device()
    waits = tablet.write(order(p1=1_500))
    await tablet.push(waits)
    receipt = await desk.done(None, "record", "stock_receipt", warehouse="main", lines={"p1": "600"})
    told = await desk.get(f"/hq/documents/{receipt['document']}/consequences")
    (again,) = told["decisions"]
    assert (again["document"], again["kind"], again["dealer"]) == (waits.id, "order", "alfki")
    assert (again["verdict_before"], again["verdict"]) == ("in_part", "accepted")
    assert (await desk.get(f"/hq/documents/{waits.id}/consequences")) == {"decisions": [], "values": []}


async def test_what_a_late_receipt_changed_in_the_value_of_what_had_left(world, desk):
    tablet = await world.device()
    sold = tablet.write(order(p1=10))
    await tablet.push(sold)
    await desk.done(sold.id, "ship", lines={"l1": "10"})
    await deliver(desk, sold.id)
    late = await desk.done(
        None, "record", "stock_receipt", warehouse="main", lines={"p1": "1000"}, costs={"p1": 500_000},
        received_on="2020-01-01",
    )  # fmt: skip
    told = await desk.get(f"/hq/documents/{late['document']}/consequences")
    mine = [each for each in told["values"] if each["document"] == sold.id]
    stood = await world.rows(
        "SELECT SUM(amount) AS amount FROM posting WHERE document = ? AND ledger = 'value' AND account = 'stock:hq'",
        sold.id,
    )
    assert sum(each["amount"] for each in mine) == stood[0]["amount"] == -10 * 500
    for each in mine:
        assert (each["owner"], each["product"], each["currency"]) == ("hq", "p1", "CNY")
        assert each["name"] == {"zh": "p1", "en": "p1"}


@pytest.mark.parametrize("name", ["0" * 32, "x", "%00"])
async def test_consequences_of_what_is_none(desk, name):
    answer = await desk.client.get(f"/hq/documents/{name}/consequences")
    assert (answer.status_code, answer.json()["code"]) == (404, "document_unknown")
