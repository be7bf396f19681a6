"""The feed: a reader with cursors gets everything once, in pages of any size, while others write."""

from __future__ import annotations

import asyncio
import os
import random

import pytest
import pytest_asyncio

from server.problems import Problem
from server.store.engine import Database
from server.sync.feed import Cursor, pull, read_cursor
from server.sync.pipeline import Pipeline
from server.sync.protocol import Feed, SyncAnswer
from server.sync.wire import MESSAGEPACK, json_reader
from tests.sync.world import World, order


@pytest_asyncio.fixture(loop_scope="session")
async def world(database: Database, pipeline: Pipeline) -> World:
    return await World(database, pipeline).begin()


@pytest.mark.rule("SY9")
async def test_a_fresh_device_gets_one_saved_chunk_a_document(world: World) -> None:
    tablet, fresh = await world.device(), await world.device()
    documents = [tablet.write(order(p1=1)) for _ in range(7)]
    await tablet.push(*documents)
    await tablet.push(*(tablet.edit(each.id, lines__l1__quantity="2") for each in documents))
    answers = await fresh.sync(limit=3)
    assert len(answers) > 3
    entries = [entry for answer in answers for feed in answer.feeds for entry in feed.documents]
    assert sorted(entry.id for entry in entries) == sorted(each.id for each in documents)
    assert all(entry.saved is not None and entry.changes == [] for entry in entries)
    for each in documents:
        assert fresh.heads(each.id) == tablet.heads(each.id)
        assert fresh.verdicts[each.id] == "accepted"
        assert fresh.rows[each.id]["lines"] == 1
        assert fresh.records["decision", each.id]["changes"] == len(tablet.chunks[each.id])
    assert fresh.records["product", "p1"]["base_unit"] == "pcs"
    assert fresh.records["account_balance", "alfki"]["open_orders"] == 7 * 2 * 1130


async def test_after_that_only_what_moved_comes(world: World) -> None:
    tablet, reader = await world.device(), await world.device()
    documents = [tablet.write(order(p1=1)) for _ in range(20)]
    await tablet.push(*documents)
    await reader.sync()
    edit = tablet.edit(documents[4].id, lines__l1__quantity="9")
    await tablet.push(edit)
    (answer,) = await reader.sync()
    entries = [entry for feed in answer.feeds for entry in feed.documents]
    assert [(entry.id, entry.saved, entry.changes) for entry in entries] == [(edit.id, None, edit.changes)]
    (nothing,) = await reader.sync()
    assert [(feed.documents, feed.records, feed.more) for feed in nothing.feeds] == [([], [], False)] * 4


async def test_news_is_for_who_was_here(world: World) -> None:
    """Notices come to a device that had a cursor when they were told; one that comes later gets the decisions."""
    tablet, other = await world.device(), await world.device()
    await other.sync()
    await tablet.push(tablet.write(order(p1=1)))
    late = await world.device()

    def kinds(answers: list[SyncAnswer]) -> list[str]:
        return [record.kind for answer in answers for feed in answer.feeds for record in feed.records]

    news, history = kinds(await other.sync(limit=2)), kinds(await late.sync(limit=2))
    assert (news.count("notice"), news.count("decision")) == (1, 1)
    assert (history.count("notice"), history.count("decision")) == (0, 1)


async def test_what_a_device_pushed_does_not_come_back(world: World) -> None:
    tablet = await world.device()
    first = tablet.write(order(p1=1))
    (answer,) = await tablet.sync(first)
    (entry,) = [entry for feed in answer.feeds for entry in feed.documents]
    assert (entry.saved, entry.changes, entry.verdict) == (None, [], "accepted")
    second, edit = tablet.write(order(p1=1)), tablet.edit(first.id, lines__l1__quantity="2")
    (answer,) = await tablet.sync(second, edit)
    entries = [entry for feed in answer.feeds for entry in feed.documents]
    assert {(entry.id, entry.saved) for entry in entries} == {(first.id, None), (second.id, None)}
    assert all(entry.changes == [] and entry.row["lines"] == 1 for entry in entries)


async def test_the_author_gets_the_others_part_only(world: World) -> None:
    author, other = await world.device(), await world.device()
    await author.sync()
    pushed = author.write(order(p1=1))
    await author.push(pushed)
    await other.sync()
    edit = other.edit(pushed.id, lines__l1__quantity="2")
    await other.push(edit)
    (answer,) = await author.sync()
    (entry,) = [entry for feed in answer.feeds for entry in feed.documents]
    assert (entry.saved, entry.changes) == (None, edit.changes)
    assert author.heads(pushed.id) == other.heads(pushed.id)


@pytest.mark.rule("SY10")
async def test_nothing_of_another_dealer_comes(world: World) -> None:
    tablet, stranger = await world.device("alfki"), await world.device("berga")
    await stranger.push(*(stranger.write(order("berga", p1=1)) for _ in range(3)))
    await tablet.sync()
    assert tablet.chunks == {}
    assert {key for kind, key in tablet.records if kind == "dealer"} == {"alfki"}
    assert "berga" not in repr(tablet.records)
    tablet.cursors["dealer:berga"] = "0:0"
    answer = await tablet.ask()
    assert [feed.scope for feed in answer.feeds] == ["catalog", "tier:retail", "dealer:alfki", "service:alfki"]


@pytest.mark.parametrize(
    "text", ["", "1", "1:", "a:b", "5:4", "-1:2", "01:2", "1:2:3", "1:9999999999999999999", "１:２"]
)
def test_a_cursor_that_was_never_given_out(text: str) -> None:
    with pytest.raises(Problem) as raised:
        read_cursor(text)
    assert (raised.value.status, raised.value.code) == (400, "cursor_malformed")


def test_a_cursor_reads_as_it_is_written() -> None:
    assert read_cursor(str(Cursor(3, 17))) == Cursor(3, 17)


async def test_a_cursor_beyond_the_head_starts_over(world: World) -> None:
    reader = await world.device()
    await reader.sync()
    count = len(reader.records)
    reader.records.clear()
    reader.cursors = dict.fromkeys(reader.cursors, "900:900")
    await reader.sync()
    assert len(reader.records) == count


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_pages_while_others_write_miss_nothing(world: World, seed: int) -> None:
    """Between any two pages documents move and appear; at the end the reader holds exactly what the server holds."""
    pick = random.Random(seed)
    tablet, reader = await world.device(), await world.device()
    for _ in range(12):
        await tablet.push(*(tablet.write(order(p1=1)) for _ in range(pick.randrange(1, 4))))
    for _ in range(15):
        edits = [
            tablet.edit(name, lines__l1__note=f"edit {pick.random()}")
            for name in pick.sample(sorted(tablet.chunks), pick.randrange(3))
        ]
        new = [tablet.write(order(p1=1)) for _ in range(pick.randrange(2))]
        await tablet.push(*edits, *new)
        reader.take(await reader.ask(limit=pick.randrange(1, 5)))
        if pick.random() < 0.2:
            reader.take(await reader.ask(limit=3))
    await reader.sync(limit=4)
    assert set(reader.chunks) == set(tablet.chunks)
    for name in tablet.chunks:
        assert reader.heads(name) == tablet.heads(name)
        assert reader.records["decision", name]["changes"] == len(tablet.chunks[name])


async def _insert_rows(database: Database, scope: str, writer: int, count: int, batch: int) -> None:
    """Take numbers from the counter row and insert records, as every transaction of the pipeline does."""
    from server.store import log, records

    for start in range(0, count, batch):
        async with database.transaction() as tx:
            numbers = await log.lock_scopes(tx, [scope])
            rows = []
            for number in range(start, min(start + batch, count)):
                numbers[scope] += 1
                rows.append(("row", f"{writer}:{number}", scope, numbers[scope], "{}"))
            await records.write(tx, rows)
            await asyncio.sleep(random.random() * 0.002)
            await log.set_scopes(tx, numbers)


@pytest.mark.rule("SY3")
async def test_a_reader_misses_no_row_of_sixteen_writers(database: Database) -> None:
    """5,000 rows; 100,000 with DAYBOOK_LONG=1."""
    writers = 16
    each = (100_000 if os.environ.get("DAYBOOK_LONG") else 5_000) // writers
    seen: list[int] = []
    keys: set[str] = set()
    writing = asyncio.gather(*(_insert_rows(database, "busy", writer, each, 10) for writer in range(writers)))
    cursor = str(Cursor())
    finished = False
    while True:
        last_look = finished = writing.done()
        async with database.reading() as tx:
            feed: Feed = (await pull(tx, ["busy"], {"busy": cursor}, 700, "", {}, json_reader(MESSAGEPACK)))[0]
        seen += [record.seq for record in feed.records]
        keys |= {record.key for record in feed.records}
        cursor = feed.cursor
        if last_look and finished and not feed.more:
            break
        await asyncio.sleep(0.001)
    await writing
    assert len(keys) == each * writers
    assert seen == list(range(1, each * writers + 1)), "every number once, in order"
