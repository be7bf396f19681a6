"""Prove what is derived: make every document, decision, posting and balance anew from the log, and compare.

The log is the raw changes, the commands, and every version of the master data. For each decision, in the order they were made, the
content is merged from the changes that were there then, the balances are those that the decisions before it left, and the rule
decides again. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from server.domain.costing import Entry, State, Step, moving_average
from server.domain.decision import BalanceKey, BookKey, Decision, Posting
from server.domain.facts import Capture, Command, Facts, RecordKey
from server.domain.registry import KINDS
from server.store import commands, records, stock
from server.store import replay as sql
from server.store.engine import Database
from server.store.transaction import Row, Transaction

from . import ruling
from .admission import Gate, Task, Verdict
from .books import Books, accounts_behind
from .known import AS_PUBLISHED, Kinds
from .subjects import command_of, conflict_paths
from .valuation import entry_of, folded, value_postings

PAGE = 500
MOST_KEPT = 1_000
"""Differences that are told one by one; the others are only counted."""
EVERY_PATH = ("**",)
Report = Callable[[int, int], None]


class Difference(msgspec.Struct, frozen=True):
    what: str
    """content, saved, heads, facts, decision, row, postings, balance, unbalanced, undecided."""
    document: str
    decision: int
    detail: str


class ReplayResult(msgspec.Struct):
    decisions: int = 0
    documents: int = 0
    postings: int = 0
    balances: int = 0
    found: int = 0
    """How many differences."""
    differences: list[Difference] = []

    def add(self, what: str, document: str, decision: int, detail: str) -> None:
        self.found += 1
        if len(self.differences) < MOST_KEPT:
            self.differences.append(Difference(what, document, decision, detail[:500]))


class KeptFacts(msgspec.Struct):
    """The facts as they are stored with a decision."""

    records: list[tuple[str, str, int]]
    balances: list[tuple[str, str, str, int]]
    commands: int
    changes: int
    capture: Capture
    books: list[tuple[str, str, int, int]] = []
    lots: list[tuple[str, str, int, int]] = []


class _Made(msgspec.Struct):
    """What the decisions so far have made."""

    books: Books
    published: dict[RecordKey, Any] = {}
    publishers: dict[RecordKey, str] = {}
    latest: dict[str, Decision] = {}

    def publish(self, document: str, decision: Decision) -> None:
        """Let its records stand, and those that it does not name any more fall."""
        before = self.latest.get(document)
        named = {RecordKey(each.kind, each.key): each.body for each in decision.records}
        if before is not None and not decision.keeps:
            for each in before.records:
                key = RecordKey(each.kind, each.key)
                if self.publishers.get(key) == document:
                    self.published.pop(key, None)
        for key, body in named.items():
            self.published.pop(key, None)
            self.publishers[key] = document
            if body is not None:
                self.published[key] = msgspec.json.decode(msgspec.json.encode(body))
        kept = before.records if before is not None and decision.keeps else ()
        self.latest[document] = (
            msgspec.structs.replace(decision, records=(*kept, *decision.records)) if kept else decision
        )


class _Page(msgspec.Struct):
    """What one page of decisions needs, looked up at once."""

    rows: list[Row]
    facts: list[KeptFacts]
    merged: list[Verdict | None]
    bodies: dict[tuple[str, str, int], Any]
    done: dict[str, list[Command]]
    postings: dict[int, list[tuple[str, Posting, int | None]]]
    caches: dict[str, Row]


async def replay(
    database: Database,
    gate: Gate,
    report: Report = lambda done, total: None,
    kinds: Kinds = KINDS,
    costing: Step = moving_average,
) -> ReplayResult:
    """Rebuild everything from the log in one snapshot. `report(done, total)` counts decisions. The gate must be started."""
    result = ReplayResult()
    made = _Made(Books())
    async with database.reading() as tx:
        total = (await sql.counts(tx))["decisions"]
        seen: set[str] = set()
        last = 0
        while rows := await sql.decisions(tx, last, PAGE):
            page = await _look_up(tx, gate, rows)
            for number in range(len(rows)):
                _again(page, number, made, kinds, result, seen)
            last = rows[-1]["id"]
            result.decisions += len(rows)
            report(result.decisions, total)
        result.documents = len(seen)
        await _compare_ledgers(tx, made, costing, result)
    return result


async def _look_up(tx: Transaction, gate: Gate, rows: list[Row]) -> _Page:
    facts = [msgspec.json.decode(row["facts"], type=KeptFacts) for row in rows]
    documents = sorted({row["document"] for row in rows})
    changes = await sql.changes(tx, documents)
    wanted = {name for kept in facts for name in kept.records if name[2] != AS_PUBLISHED}
    versions = await records.versions(tx, wanted)
    done: dict[str, list[Command]] = {}
    for row in await commands.of_documents(tx, documents):
        done.setdefault(row["document"], []).append(command_of(row))
    postings: dict[int, list[tuple[str, Posting, int | None]]] = {}
    for row in await sql.postings(tx, rows[0]["id"], rows[-1]["id"]):
        posting = Posting(row["ledger"], row["account"], row["item"], row["amount"])
        postings.setdefault(row["decision"], []).append((row["posting_set"], posting, row["happened_at"]))
    merged = await _merged(
        gate, [(row["document"], kept.changes) for row, kept in zip(rows, facts, strict=True)], changes
    )
    bodies = {(row["kind"], row["key"], row["version"]): msgspec.json.decode(row["body"] or "null") for row in versions}
    return _Page(rows, facts, merged, bodies, done, postings, await sql.caches(tx, documents))


async def _merged(
    gate: Gate, wanted: list[tuple[str, int]], changes: Mapping[str, list[tuple[str, bytes]]]
) -> list[Verdict | None]:
    """Each document as it was after so many of its changes; None for one that has none."""
    places = {each: None for each in wanted if each[1]}
    tasks = []
    for document, count in places:
        chunks = changes.get(document, [])[:count]
        device, newest = chunks[-1]
        history = [chunk for _, chunk in chunks[:-1]]
        tasks.append(Task(document, None, None, history, [newest], bytes.fromhex(device), EVERY_PATH))
    verdicts = dict(zip(places, await gate.examine(tasks), strict=True))
    return [verdicts.get(each) for each in wanted]


def _again(page: _Page, number: int, made: _Made, kinds: Kinds, result: ReplayResult, seen: set[str]) -> None:
    """Make one decision anew and compare it."""
    row, kept, verdict = page.rows[number], page.facts[number], page.merged[number]
    document, decision_id = row["document"], row["id"]
    cache = page.caches[document]
    conflicts: tuple[str, ...] = ()
    heads: list[str] = []
    if verdict is None:
        content = msgspec.json.decode(cache["content"])
    elif verdict.content is None:
        codes = [refused.code for refused in verdict.refused]
        result.add("content", document, decision_id, f"its changes do not merge any more: {codes}")
        return
    else:
        content, conflicts, heads = ruling.plain(verdict.content), conflict_paths(verdict.conflicts), verdict.heads
    if msgspec.json.decode(row["heads"]) != heads:
        result.add("heads", document, decision_id, f"{row['heads']} stored, {heads} now")
    facts = _facts(page, number, kept, made, conflicts, result)
    reading = ruling.read(kinds[row["kind"]], content)
    decision = ruling.rule(reading, row["scope"], facts)
    body = msgspec.json.encode(decision).decode()
    if body != row["body"]:
        result.add("decision", document, decision_id, f"{row['body']} stored, {body} now")
    posted = made.books.post(document, decision.posting_sets, decision.times)
    made.publish(document, decision)
    legs = [(leg.posting_set, leg.posting, leg.happened_at) for leg in posted]
    result.postings += len(legs)
    stored = page.postings.get(decision_id, [])
    if sorted(legs, key=str) != sorted(stored, key=str):
        result.add("postings", document, decision_id, f"{stored} stored, {legs} now")
    if kept.changes == row["changes"] and document not in seen:
        _compare_document(row, cache, verdict, content, result)
    seen.add(document)
    _compare_row(row, reading, decision, page, number, result)


def _facts(
    page: _Page, number: int, kept: KeptFacts, made: _Made, conflicts: tuple[str, ...], result: ReplayResult
) -> Facts:
    """The facts as they were; balances as the decisions before left them, not as they were noted."""
    row, books = page.rows[number], made.books
    document = row["document"]
    bodies = {}
    for kind, key, version in kept.records:
        if version == AS_PUBLISHED and RecordKey(kind, key) in made.published:
            bodies[RecordKey(kind, key)] = made.published[RecordKey(kind, key)]
        elif (kind, key, version) in page.bodies:
            bodies[RecordKey(kind, key)] = page.bodies[kind, key, version]
        else:
            result.add("facts", document, row["id"], f"version {version} of {kind}/{key} is gone")
    noted = {BalanceKey(*key): amount for *key, amount in kept.balances}  # type: ignore[arg-type]
    books.learn({key: 0 for key in noted if not books.known(key)})
    balances = books.without(document, noted)
    if balances != noted:
        wrong = {
            f"{key.ledger} {key.account} {key.item}": [noted[key], balances[key]]
            for key in noted
            if noted[key] != balances[key]
        }
        result.add("facts", document, row["id"], f"balances noted and now: {wrong}")
    said = {BookKey(location, item, at): amount for location, item, at, amount in kept.books}
    said |= {BookKey(location, item, at, "lot"): amount for location, item, at, amount in kept.lots}
    for book in said:
        books.learn({key: 0 for key in accounts_behind(book) if not books.known(key)})
    found = {book: books.at(document, book) for book in said}
    if found != said:
        result.add("facts", document, row["id"], f"stock noted {said}, now {found}")
    done = tuple(page.done.get(document, [])[: kept.commands])
    standing, times = books.standing_of(document), books.times_of(document)
    return Facts(bodies, balances, standing, done, kept.capture, conflicts, document, found, times)


def _compare_document(
    row: Row, cache: Row, verdict: Verdict | None, content: dict[str, Any], result: ReplayResult
) -> None:
    """The caches of a document against what its raw changes make."""
    document = row["document"]
    if verdict is None:
        return
    if msgspec.json.decode(row["heads_now"]) != verdict.heads:
        result.add("heads", document, row["id"], f"{row['heads_now']} cached, {verdict.heads} now")
    if msgspec.json.decode(cache["content"]) != msgspec.json.decode(msgspec.json.encode(content)):
        result.add("content", document, row["id"], "the cached content is not what the changes make")
    if cache["saved"] != verdict.saved:
        result.add("saved", document, row["id"], "the saved chunk is not what the changes make")


def _compare_row(
    row: Row, reading: ruling.Reading, decision: Decision, page: _Page, number: int, result: ReplayResult
) -> None:
    """The list row, when this is the document's newest decision on this page and says what the document says."""
    newer = any(later["document"] == row["document"] for later in page.rows[number + 1 :])
    if newer or len(page.rows) == PAGE or page.facts[number].changes != row["changes"]:
        return
    now = msgspec.json.decode(msgspec.json.encode(ruling.row(reading, decision)))
    if (msgspec.json.decode(row["row"]), row["verdict_now"]) != (now, decision.verdict):
        result.add("row", row["document"], row["id"], f"{row['row']} stored, {now} now")


async def _compare_ledgers(tx: Transaction, made: _Made, costing: Step, result: ReplayResult) -> None:
    stored = {BalanceKey(row["ledger"], row["account"], row["item"]): row["amount"] for row in await sql.balances(tx)}
    amounts = {key: amount for key, amount in made.books.moves.items() if amount}
    values = folded(made.latest, costing)
    for (owner, item), entries in values.items():
        for posting in value_postings(owner, item, sum(value for _, value, _ in entries)):
            if posting.amount:
                amounts[posting.key] = posting.amount
    result.balances = len(stored)
    for key in sorted(stored.keys() | amounts.keys()):
        if stored.get(key, 0) != amounts.get(key, 0):
            account = f"{key.ledger} {key.account} {key.item}"
            result.add("balance", "", 0, f"{account}: {stored.get(key, 0)} stored, {amounts.get(key, 0)} from the log")
    await _compare_values(tx, values, result)
    for row in await sql.unbalanced(tx):
        result.add("unbalanced", row["document"], 0, f"{row['posting_set']}: {row['ledger']} off by {row['amount']}")
    for row in await sql.undecided(tx):
        result.add("undecided", row["id"], 0, "no decision")


async def _compare_values(
    tx: Transaction, values: Mapping[tuple[str, str], list[tuple[Entry, int, State]]], result: ReplayResult
) -> None:
    """Each entry of the stock's value against a fold from its beginning, and what is posted against the entries."""
    stored = {
        (row["owner"], row["item"], row["document"], row["posting_set"]): (
            entry_of(row), row["value"], msgspec.json.decode(row["state"], type=State),
        )
        for row in await stock.all_entries(tx)
    }  # fmt: skip
    made = {
        (*key, entry.document, entry.posting_set): (entry, value, state)
        for key, entries in values.items()
        for entry, value, state in entries
    }
    for name in sorted(stored.keys() | made.keys()):
        if stored.get(name) != made.get(name):
            result.add("value", name[2], 0, f"{name}: {stored.get(name)} stored, {made.get(name)} now")
    posted = {
        (
            row["account"].removeprefix("stock:"),
            row["item"],
            row["document"],
            row["posting_set"].removeprefix("value:"),
        ): row["amount"]
        for row in await sql.values(tx)
    }
    for name in sorted(posted.keys() | made.keys()):
        worth = made[name][1] if name in made else 0
        if posted.get(name, 0) != worth:
            result.add("value", name[2], 0, f"{name}: {posted.get(name, 0)} posted, {worth} now")
