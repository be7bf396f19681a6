"""The value of stock after the decisions of one transaction: folded anew from the earliest moment that one of them touched.

What a late fact changes in the value of earlier documents is posted at once, by the decision that brought it: so the list of what
it changed is what it posted on other documents.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from server.domain.costing import Entry, State, Step, fold
from server.domain.decision import Decision, Ledger, Posting
from server.domain.locations import owner_of
from server.store import ledger, stock
from server.store.transaction import Row, Transaction

from .books import Leg

Stock = tuple[str, str]
"""Owner and item."""
Name = tuple[str, str]
"""Document and posting set."""
VALUE: Ledger = "value"


class Valued(msgspec.Struct):
    """An entry, what it added to the value so far (0 for a new one), and the state after it; None: it is to be written anew."""

    entry: Entry
    value: int = 0
    state: State | None = None


def entries_of(document: str, decision: Decision) -> dict[Stock, dict[str, Entry]]:
    """What the goods of a decision do to the stock of their owners, by posting set."""
    found: dict[Stock, dict[str, Entry]] = {}
    for name, happened_at in decision.times.items():
        sums: dict[Stock, int] = {}
        for posting in decision.posting_sets.get(name, ()):
            owner = owner_of(posting.account) if posting.ledger == "stock" else None
            if owner is not None:
                sums[owner, posting.item] = sums.get((owner, posting.item), 0) + posting.amount
        costs = decision.costs.get(name, {})
        for (owner, item), quantity in sums.items():
            if quantity:
                cost = costs.get(item) if quantity > 0 else None
                found.setdefault((owner, item), {})[name] = Entry(happened_at, document, name, quantity, cost)
    return found


def value_postings(owner: str, item: str, value: int) -> tuple[Posting, ...]:
    """Against the owner's cost account: what came in was paid there, what went out is a cost there."""
    return (
        Posting(VALUE, f"cost:{owner}", item, -value),
        Posting(VALUE, f"stock:{owner}", item, value),
    )


class Valuation:
    """One transaction's work on the values. `run` is called once, after everything was decided."""

    def __init__(self, tx: Transaction, step: Step) -> None:
        self._tx = tx
        self._step = step
        self._touched: dict[Stock, tuple[int, str]] = {}
        """From when on an owner's stock of an item is folded again, and because of which document."""
        self._wanted: dict[Stock, dict[Name, Entry]] = {}
        self._gone: dict[Stock, set[Name]] = {}

    async def run(self, decisions: Mapping[str, Decision], existed: Iterable[str]) -> list[tuple[str, Leg]]:
        """`decisions` by document, as they stand now; `existed` are those that may have entries. The legs to post, each with the
        document whose decision posts it."""
        documents = sorted(existed)
        stored = await stock.entries_of(self._tx, documents) if documents else []
        self._compare(decisions, stored)
        if not self._touched:
            return []
        keys = [(VALUE, f"stock:{owner}", item) for owner, item in self._touched]
        await ledger.lock_balances(self._tx, keys)  # nobody else folds these meanwhile
        return await self._fold()

    def _compare(self, decisions: Mapping[str, Decision], stored: list[Row]) -> None:
        before: dict[str, dict[Stock, dict[str, Entry]]] = {}
        for row in stored:
            entry = entry_of(row)
            mine = before.setdefault(entry.document, {})
            mine.setdefault((row["owner"], row["item"]), {})[entry.posting_set] = entry
        for document, decision in decisions.items():
            after = entries_of(document, decision)
            stood = before.get(document, {})
            for key in after.keys() | stood.keys():
                old, new = stood.get(key, {}), after.get(key, {})
                for name in old.keys() | new.keys():
                    was, is_ = old.get(name), new.get(name)
                    if was == is_:
                        continue
                    since = min(each.happened_at for each in (was, is_) if each is not None)
                    self._touched[key] = min(self._touched.get(key, (since, document)), (since, document))
                    if is_ is not None:
                        self._wanted.setdefault(key, {})[document, name] = is_
                    else:
                        self._gone.setdefault(key, set()).add((document, name))

    async def _fold(self) -> list[tuple[str, Leg]]:
        since = [(owner, item, at) for (owner, item), (at, _) in sorted(self._touched.items())]
        states = {
            (row["owner"], row["item"]): msgspec.json.decode(row["state"], type=State)
            for row in await stock.states_before(self._tx, since)
        }
        tails: dict[Stock, dict[Name, Valued]] = {}
        for row in await stock.entries_from(self._tx, since):
            entry = entry_of(row)
            valued = Valued(entry, row["value"], msgspec.json.decode(row["state"], type=State))
            tails.setdefault((row["owner"], row["item"]), {})[entry.document, entry.posting_set] = valued
        legs: list[tuple[str, Leg]] = []
        gone: list[tuple[str, str, str, str]] = []
        rows: list[tuple[object, ...]] = []
        for key, (_, by) in sorted(self._touched.items()):
            tail = tails.get(key, {})
            legs += self._one(key, by, tail, states.get(key, State()), rows)
            gone += [(document, name, *key) for document, name in self._gone.get(key, ())]
        await stock.replace(self._tx, gone, rows)
        return legs

    def _one(
        self, key: Stock, by: str, tail: dict[Name, Valued], state: State, rows: list[tuple[object, ...]]
    ) -> list[tuple[str, Leg]]:
        """Fold one owner's stock of one item from the touched moment on."""
        legs: list[tuple[str, Leg]] = []
        for name in self._gone.get(key, ()):
            legs += self._leg(key, by, name, -tail.pop(name).value)
        for name, entry in self._wanted.get(key, {}).items():
            valued = tail.setdefault(name, Valued(entry))
            if valued.entry != entry:
                valued.entry, valued.state = entry, None
        for valued in sorted(tail.values(), key=lambda each: each.entry.place):
            entry = valued.entry
            state, value = self._step(state, entry.quantity, entry.cost)
            name = (entry.document, entry.posting_set)
            if value != valued.value:
                legs += self._leg(key, by, name, value - valued.value)
            if state != valued.state or value != valued.value:
                text = msgspec.json.encode(state).decode()
                rows.append((*key, *entry.place, entry.quantity, entry.cost, value, text))
        return legs

    def _leg(self, key: Stock, by: str, name: Name, value: int) -> list[tuple[str, Leg]]:
        if not value:
            return []
        document, posting_set = name
        return [(by, Leg(document, f"value:{posting_set}", each)) for each in value_postings(*key, value)]


def folded(decisions: Mapping[str, Decision], step: Step) -> dict[Stock, list[tuple[Entry, int, State]]]:
    """Everything from its beginning, for the replay: each entry with what it adds and the state after it."""
    found: dict[Stock, list[Entry]] = {}
    for document, decision in decisions.items():
        for key, entries in entries_of(document, decision).items():
            found.setdefault(key, []).extend(entries.values())
    whole: dict[Stock, list[tuple[Entry, int, State]]] = {}
    for key, listed in found.items():
        listed.sort(key=lambda entry: entry.place)
        steps = fold(step, State(), listed)
        whole[key] = [(entry, value, state) for entry, (value, state) in zip(listed, steps, strict=True)]
    return whole


def entry_of(row: Row) -> Entry:
    return Entry(row["happened_at"], row["document"], row["posting_set"], row["quantity"], row["cost"])
