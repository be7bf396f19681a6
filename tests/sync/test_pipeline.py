"""The pipeline on real documents: known changes, refusals, decisions in order of arrival, ledgers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest
import pytest_asyncio

from server.domain.decision import Decision, Posting
from server.domain.ledger import move
from server.domain.registry import KINDS
from server.problems import Problem
from server.store import ledger, log
from server.store.engine import Database
from server.store.transaction import Transaction
from server.sync import pipeline as pipeline_module
from server.sync.admission import Gate
from server.sync.pipeline import Pipeline
from server.sync.protocol import PushedDocument
from tests.sync.world import World, order


@pytest_asyncio.fixture(loop_scope="session")
async def world(database: Database, pipeline: Pipeline) -> World:
    return await World(database, pipeline).begin()


async def test_an_order_is_stored_and_decided(world: World) -> None:
    tablet = await world.device()
    pushed = tablet.write(order(p1=3, p2=5))
    answer = await tablet.push(pushed)
    assert [(result.stored, result.refused) for result in answer.results] == [(1, [])]
    (document,) = await world.rows("SELECT * FROM document WHERE kind = 'order'")
    assert (document["id"], document["verdict"], document["changes"]) == (pushed.id, "accepted", 1)
    assert await world.balance("stock", "warehouse:main", "p1") == 997_000
    assert await world.balance("commitment", "open_orders:alfki", "CNY") == 8 * 1130
    await world.check_ledgers()


@pytest.mark.rule("O17")
async def test_who_never_opens_a_draft_learns_that_two_values_compete(world: World) -> None:
    owner, staff, third = [await world.device() for _ in range(3)]
    draft = owner.write(order(stage="draft", p1=3))
    await owner.sync(draft)
    await staff.sync()
    mine, theirs = owner.edit(draft.id, lines__l1__quantity="4"), staff.edit(draft.id, lines__l1__quantity="5")
    await owner.sync(mine)
    await third.sync()
    assert third.verdicts[draft.id] == "draft"
    assert ("decision", draft.id) not in third.records
    await staff.sync(theirs)
    await third.sync()
    (said,) = third.records["decision", draft.id]["reasons"]
    assert (said["code"], said["params"]) == ("competing_values", {"count": 1, "paths": "lines/l1/quantity"})
    await owner.sync()
    await owner.sync(owner.edit(draft.id, lines__l1__quantity="5"))
    await third.sync()
    assert third.records["decision", draft.id] is None
    assert await world.rows("SELECT id FROM posting WHERE document = ?", draft.id) == []


@pytest.mark.rule("SY1")
async def test_the_same_push_again_changes_nothing(world: World) -> None:
    tablet = await world.device()
    first = tablet.write(order(p1=3))
    second = tablet.edit(first.id, lines__l1__quantity="4")
    both = PushedDocument(first.id, "order", tablet.scope, [*second.changes, *first.changes, *first.changes])
    answer = (await tablet.push(both)).results
    assert [(result.stored, result.refused) for result in answer] == [(3, [])]
    before = await world.rows("SELECT * FROM decision"), await world.rows("SELECT * FROM scope")
    for changes in ([*first.changes, *second.changes], both.changes, second.changes):
        again = (await tablet.push(PushedDocument(first.id, "order", tablet.scope, changes))).results
        assert [(result.stored, result.refused) for result in again] == [(len(changes), [])]
    assert (await world.rows("SELECT * FROM decision"), await world.rows("SELECT * FROM scope")) == before
    assert len(await world.rows("SELECT hash FROM change")) == 2
    await world.check_ledgers()


@pytest.mark.rule("SY1")
async def test_the_same_push_many_times_at_once(world: World) -> None:
    tablet = await world.device()
    documents = [tablet.write(order(p1=1)) for _ in range(5)]
    answers = await asyncio.gather(*(tablet.push(*documents) for _ in range(8)))
    for answer in answers:
        assert [(result.stored, result.refused) for result in answer.results] == [(1, [])] * 5
    assert len(await world.rows("SELECT hash FROM change")) == 5
    assert await world.balance("stock", "warehouse:main", "p1") == 995_000
    await world.check_ledgers()


@pytest.mark.rule("SY4")
async def test_a_bad_change_does_not_stop_the_others(world: World) -> None:
    tablet = await world.device()
    good = [tablet.write(order(p1=1)) for _ in range(50)]
    bad = PushedDocument("ab" * 16, "order", tablet.scope, [b"no change at all", good[0].changes[0][:-1]])
    half = tablet.write(order(p2=1))
    half = PushedDocument(half.id, half.kind, half.scope, [b"\x85oJ\x83rubbish", *half.changes])
    results = (await tablet.push(*good[:25], bad, half, *good[25:])).results
    assert [result.stored for result in results] == [1] * 25 + [0, 1] + [1] * 25
    assert [refused.code for refused in results[25].refused] == ["chunk_malformed", "chunk_length"]
    assert [refused.position for refused in results[26].refused] == [0]
    kept = await world.rows("SELECT document, code, chunk, device FROM quarantine ORDER BY id")
    assert [(row["document"], row["code"], row["chunk"]) for row in kept] == [
        (bad.id, "chunk_malformed", b"no change at all"),
        (bad.id, "chunk_length", bad.changes[1]),
        (half.id, "chunk_type", half.changes[0]),
    ]
    assert {row["device"] for row in kept} == {tablet.principal.device}
    await tablet.push(bad)
    assert len(await world.rows("SELECT id FROM quarantine")) == 3


@pytest.mark.rule("SY5")
@pytest.mark.parametrize(
    ("about", "code"),
    [
        ({"id": "short"}, "document_id_invalid"),
        ({"id": "A" * 32}, "document_id_invalid"),
        ({"kind": "spaceship"}, "kind_unknown"),
        ({"kind": "payment"}, "role_forbidden"),
        ({"scope": "dealer:berga"}, "scope_forbidden"),
        ({"scope": "hq"}, "scope_forbidden"),
        ({"scope": "dealer:alfki\0"}, "scope_forbidden"),
    ],
)
async def test_what_a_device_may_not_push(world: World, about: dict[str, str], code: str) -> None:
    tablet = await world.device()
    pushed = tablet.write(order(p1=1))
    for name, value in about.items():
        setattr(pushed, name, value)
    (result,) = (await tablet.push(pushed)).results
    assert (result.stored, [refused.code for refused in result.refused]) == (0, [code])
    assert await world.rows("SELECT id FROM document WHERE kind = 'order'") == []


@pytest.mark.rule("SY5")
async def test_an_actor_of_another_device(world: World) -> None:
    tablet, other = await world.device(), await world.device()
    pushed = other.write(order(p1=1))
    (result,) = (await tablet.push(pushed)).results
    assert [refused.code for refused in result.refused] == ["actor_not_of_device"]


@pytest.mark.rule("SY10")
async def test_a_document_of_another_dealer_is_answered_like_any_taken_id(world: World) -> None:
    tablet, stranger = await world.device("alfki"), await world.device("berga")
    secret = stranger.write(order("berga", p1=1))
    await stranger.push(secret)
    same_id = tablet.write(order(p1=1), secret.id)
    copied = PushedDocument(secret.id, "order", tablet.scope, secret.changes)
    own = tablet.write(order(p1=1))
    await tablet.push(own)
    async with world.database.transaction() as tx:
        await tx.execute("UPDATE document SET kind = 'stock_count' WHERE id = ?", own.id)
    answers = [(await tablet.push(pushed)).results[0] for pushed in (same_id, copied, tablet.edit(own.id, note="x"))]
    assert [(answer.stored, answer.refused) for answer in answers] == [(0, answers[0].refused)] * 3
    assert answers[0].refused[0].code == "document_elsewhere"
    assert len(await world.rows("SELECT id FROM change WHERE document = ?", secret.id)) == 1


async def test_content_that_says_another_scope_is_kept_and_refused(world: World) -> None:
    tablet = await world.device("alfki")
    pushed = tablet.write(order("berga", p1=1))
    (result,) = (await tablet.push(pushed)).results
    assert result.stored == 1
    (document,) = await world.rows("SELECT verdict, scope FROM document WHERE id = ?", pushed.id)
    assert document == {"verdict": "refused", "scope": "dealer:alfki"}
    assert await world.rows("SELECT id FROM posting WHERE document = ?", pushed.id) == []


async def test_content_that_no_kind_can_read_is_kept(world: World) -> None:
    tablet = await world.device("alfki")
    good = tablet.write(order(p1=5))
    await tablet.push(good)
    assert await world.balance("stock", "warehouse:main", "p1") == 995_000
    (result,) = (await tablet.push(tablet.edit(good.id, lines__l1__quantity="many\0"))).results
    assert result.stored == 1
    (document,) = await world.rows("SELECT verdict, row FROM document WHERE id = ?", good.id)
    assert document["verdict"] == "refused"
    assert await world.balance("stock", "warehouse:main", "p1") == 995_000, "a bad edit takes no promise back"
    await tablet.push(tablet.edit(good.id, lines__l1__quantity="7"))
    assert await world.balance("stock", "warehouse:main", "p1") == 993_000
    await world.check_ledgers()


async def test_arrival_decides_who_gets_the_last_pieces(world: World) -> None:
    tablet, other = await world.device("alfki"), await world.device("berga")
    one, two, three = (tablet.write(order(p1=quantity)) for quantity in (600, 300, 200))
    late = other.write(order("berga", p1=50))
    await tablet.push(one, two, three)
    await other.push(late)
    verdicts = {row["id"]: row["verdict"] for row in await world.rows("SELECT id, verdict FROM document")}
    assert [verdicts[each.id] for each in (one, two, three, late)] == ["accepted", "accepted", "in_part", "in_part"]
    assert await world.balance("stock", "warehouse:main", "p1") == 0
    await tablet.push(tablet.edit(two.id, stage="withdrawn"))
    verdicts = {row["id"]: row["verdict"] for row in await world.rows("SELECT id, verdict FROM document")}
    assert [verdicts[each.id] for each in (one, two, three, late)] == ["accepted", "withdrawn", "accepted", "accepted"]
    assert await world.balance("stock", "warehouse:main", "p1") == 150_000
    causes = [row["cause"] for row in await world.rows("SELECT cause FROM decision WHERE document = ?", late.id)]
    assert causes[0] == "change"
    assert causes[1].startswith("balance:")
    await world.check_ledgers()


@pytest.mark.rule("SY5")
@pytest.mark.parametrize("lost", ["saved = NULL", '"index" = NULL', "saved = ?", '"index" = ?'])
async def test_a_lost_or_damaged_cache_is_made_anew(world: World, lost: str) -> None:
    tablet = await world.device()
    pushed = tablet.write(order(p1=3))
    await tablet.push(pushed)
    async with world.database.transaction() as tx:
        damage = [b"\x00 not what it was"] if "?" in lost else []
        await tx.execute(f"UPDATE document SET {lost} WHERE id = ?", *damage, pushed.id)
    (result,) = (await tablet.push(tablet.edit(pushed.id, lines__l1__quantity="4"))).results
    assert (result.stored, result.refused) == (1, [])
    await tablet.push(tablet.edit(pushed.id, lines__l1__quantity="5"))
    assert await world.balance("stock", "warehouse:main", "p1") == 995_000


@pytest.mark.rule("SY8")
async def test_an_old_client_is_served(database: Database, gate: Gate) -> None:
    """A tablet that still writes schema 0, where the dealer was called the customer."""

    def upgrade(content: dict[str, Any]) -> dict[str, Any]:
        kept = {name: value for name, value in content.items() if name != "customer"}
        return {**kept, "schema": 1, "dealer": content["customer"]}

    kind = msgspec.structs.replace(KINDS["order"], upgrade=upgrade, writable={"owner": ("**",)})
    world = await World(database, Pipeline(database, gate, {**KINDS, "order": kind})).begin()
    tablet = await world.device()
    old = {**order(p1=2), "schema": 0}
    old["customer"] = old.pop("dealer")
    pushed, unknown = tablet.write(old), tablet.write({**order(p1=2), "schema": 7})
    await tablet.sync(pushed, unknown, tablet.write(order(p1=3)))
    assert (tablet.verdicts[pushed.id], tablet.rows[pushed.id]["dealer"]) == ("accepted", "alfki")
    assert tablet.verdicts[unknown.id] == "refused", "a schema that nobody knows is kept, and named"
    assert await world.balance("stock", "warehouse:main", "p1") == 995_000
    (stored,) = await world.rows("SELECT content FROM document WHERE id = ?", pushed.id)
    assert '"schema":0' in stored["content"], "what was written stays as it was written"
    await tablet.push(tablet.edit(pushed.id, lines__l1__quantity="4"))
    assert await world.balance("stock", "warehouse:main", "p1") == 993_000, "and may still be edited by the old client"
    chunks = await world.rows("SELECT chunk FROM change WHERE document = ? ORDER BY seq", pushed.id)
    assert [bytes(row["chunk"]) for row in chunks] == tablet.chunks[pushed.id]


async def test_a_failing_rule_loses_nothing(database: Database, gate: Gate) -> None:
    """One document whose rule fails, one whose postings do not sum to zero, one that is too large; the others go on."""
    real = KINDS["order"].decide

    def decide(document: Any, facts: Any) -> Decision:
        if document.number == "fails":
            raise ZeroDivisionError
        if document.number == "unsound":
            return Decision("accepted", posting_sets={"x": (Posting("stock", "a", "p1", 5),)})
        if document.number == "huge":
            return Decision("accepted", posting_sets={"x": move("stock", "a", "b", "p1", 2**60)})
        return real(document, facts)

    kinds = {**KINDS, "order": msgspec.structs.replace(KINDS["order"], decide=decide)}
    world = await World(database, Pipeline(database, gate, kinds)).begin()
    tablet = await world.device()
    documents = {
        name: tablet.write({**order(p1=1), "number": name}) for name in ("good-1", "fails", "unsound", "huge", "good-2")
    }
    (answer,) = await tablet.sync(*documents.values())
    assert [result.stored for result in answer.results] == [1] * 5
    verdicts = [tablet.verdicts[each.id] for each in documents.values()]
    assert verdicts == ["accepted", "held", "held", "held", "accepted"]
    codes = [
        tablet.records["decision", documents[name].id]["reasons"][0]["code"] for name in ("fails", "unsound", "huge")
    ]
    assert codes == ["rule_failed", "posting_unsound", "posting_unsound"]
    assert await world.balance("stock", "warehouse:main", "p1") == 998_000
    await world.check_ledgers()


async def test_two_devices_edit_one_order(world: World) -> None:
    one, two = await world.device(), await world.device(role="staff")
    pushed = one.write(order(p1=3))
    await one.push(pushed)
    two.chunks[pushed.id] = list(pushed.changes)
    answers = await asyncio.gather(
        one.push(one.edit(pushed.id, lines__l1__quantity="4")), two.push(two.edit(pushed.id, lines__l1__quantity="6"))
    )
    assert [answer.results[0].stored for answer in answers] == [1, 1]
    (document,) = await world.rows("SELECT changes, conflicts, heads FROM document WHERE id = ?", pushed.id)
    assert document["changes"] == 3
    assert "lines/l1/quantity" in document["conflicts"]
    await world.check_ledgers()


@pytest.mark.rule("SY2")
async def test_a_long_push_is_stored_in_portions(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each portion is a transaction of its own. When a later one cannot be written, what the earlier ones stored stays, the
    answer is an error, and the same push again gets the whole answer and posts nothing twice."""
    monkeypatch.setattr(pipeline_module, "FIRST_PORTION", 3)
    monkeypatch.setattr(pipeline_module, "PORTION", 3)
    tablet = await world.device()
    documents = [tablet.write(order(p1=1)) for _ in range(8)]
    append, written = world.pipeline._append, []

    async def failing(*given: Any) -> Any:
        if len(written) == 2:
            raise Problem(503, "busy", "the database is busy")
        written.append(given)
        return await append(*given)

    monkeypatch.setattr(world.pipeline, "_append", failing)
    with pytest.raises(Problem):
        await tablet.push(*documents)
    stored = {row["id"] for row in await world.rows("SELECT id FROM document WHERE kind = 'order'")}
    assert stored == {each.id for each in documents[:6]}
    monkeypatch.setattr(world.pipeline, "_append", append)
    answer = await tablet.push(*documents)
    assert [(result.id, result.stored) for result in answer.results] == [(each.id, 1) for each in documents]
    assert await world.balance("stock", "warehouse:main", "p1") == 992_000
    await world.check_ledgers()


async def test_a_push_waits_for_a_balance_before_it_holds_the_scope_that_shows_it(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """Else a count of the warehouse, which holds the balance first and then wants the scope, and the push would wait for each other."""
    tablet = await world.device()
    await tablet.push(tablet.write(order(p1=1)))
    caplog.set_level(logging.INFO, "server.sync.pipeline")
    async with world.database.transaction() as tx:
        await ledger.lock_balances(tx, [("stock", "reserved", "p1")])
        pushed = asyncio.create_task(tablet.push(tablet.write(order(p1=2))))
        await asyncio.sleep(0.4)
        assert not pushed.done()
        await log.lock_scopes(tx, ["catalog"])
    await pushed
    assert not [record for record in caplog.records if "another try" in record.message]
    assert await world.balance("stock", "reserved", "p1") == 3_000
    await world.check_ledgers()


async def test_the_number_of_statements_does_not_grow(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[int] = []
    transaction, reading = world.database._transaction, world.database._reading
    for name, opened in (("_transaction", transaction), ("_reading", reading)):

        @asynccontextmanager
        async def counting(opened: Any = opened) -> AsyncIterator[Transaction]:
            async with opened() as tx:
                yield tx
                counted.append(tx.statements)

        monkeypatch.setattr(world.database, name, counting)
    tablet = await world.device()
    await tablet.push(tablet.write(order(p1=1, p2=2, p3=3)))  # PostgreSQL makes missing counter rows once
    counts = []
    for size in (2, 40):
        documents = [tablet.write(order(p1=1, p2=2, p3=3)) for _ in range(size)]
        for batch in (documents, [tablet.edit(each.id, lines__l1__quantity="2") for each in documents]):
            counted.clear()
            await tablet.push(*batch)
            counts.append(sum(counted))
    assert counts[:2] == counts[2:]
    assert max(counts) < 50
