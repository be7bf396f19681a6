"""Write down what a session decided: decisions, postings, balances, rows, and the records that devices receive."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any

from server.domain.account import BalanceRecord, balance_records
from server.domain.costing import Step, moving_average
from server.domain.decision import BalanceKey, Decision
from server.store import ledger, log
from server.store.transaction import Transaction

from . import ruling
from .append import Arrival, change_rows
from .books import Leg, accounts_behind
from .counters import Counters
from .decide import RECORD, Session
from .shown import (
    HEADQUARTERS,
    MadeNotice,
    Newest,
    Published,
    key_of,
    needed,
    newest,
    shown_balances,
    text_of,
    write_published,
)
from .subjects import Ruled
from .valuation import Valuation


class Publication:
    """One transaction's writing. `changes` may be called once, before anything is decided; `finish` is, after everything was."""

    def __init__(
        self, tx: Transaction, session: Session, counters: Counters, now: int, costing: Step = moving_average
    ) -> None:
        self.costing = costing
        self.tx = tx
        self.session = session
        self.counters = counters
        self.now = now
        self.notices: list[MadeNotice] = []
        self._numbers: dict[int, int] = {}
        self._latest: dict[str, Ruled] = {}
        self._first: dict[str, int] = {}
        self._seq: dict[str, int] = {}

    async def changes(self, arrivals: Sequence[Arrival], device: str, clock_offset: int) -> None:
        """Write what these documents brought: it depends on no decision, and is written while they are made."""
        rows: list[tuple[Any, ...]] = []
        for arrival in arrivals:
            seq = self._seq[arrival.id] = self.counters.take(arrival.pushed.scope)
            rows += change_rows(arrival, seq, device, self.now, clock_offset)
        await log.insert_changes(self.tx, rows)

    async def finish(
        self,
        arrivals: Sequence[Arrival] = (),
        states: dict[str, dict[str, Any]] | None = None,
        created: Iterable[str] = (),
    ) -> None:
        """`arrivals` brought changes, which are written; `states` are the stored documents among them; `created` are new documents
        that headquarters wrote, which have no changes."""
        ruled = self.session.ruled
        ids = await ledger.decision_numbers(self.tx, len(ruled)) if ruled else []
        self._numbers = {id(each): number for each, number in zip(ruled, ids, strict=True)}
        for each, number in zip(ruled, ids, strict=True):
            self._latest[each.subject.id] = each
            self._first.setdefault(each.subject.id, number)
        existed = [name for name, (subject, _, _) in self.session.latest.items() if subject.arrived is not None]
        # SQLite's writer works in order: all that is asked is asked before it is given rows that nobody waits for.
        values = await self._values(existed)
        await self._hold(values)
        shown, balances, before = await self._look_up()
        await self._documents(arrivals, states or {}, set(created))
        await self._decisions(values, existed)
        await self._records(shown, balances, before)
        await self.counters.save()

    async def _hold(self, values: list[tuple[str, Leg]]) -> None:
        """Every balance that is about to move, before more scopes are entered. A transaction that holds such a balance may wait for a
        scope: none that holds the scope may wait for the balance. SQLite has one writer."""
        if not self.tx.for_update:
            return
        moved = {key for key, amount in self.session.known.books.moves.items() if amount}
        moved |= {leg.posting.key for _, leg in values}
        if moved:
            await ledger.lock_balances(self.tx, [key_of(key) for key in moved])

    async def _look_up(self) -> tuple[list[BalanceRecord], dict[BalanceKey, int], Newest]:
        """The balances to show, and what stands of everything that is published. Its scopes are held from here on."""
        session = self.session
        moves = session.known.books.moves
        shown = balance_records(key for key, amount in moves.items() if amount)
        writes = [(each, write) for each in session.ruled for write in (*each.decision.records, *each.gone)]
        scopes = {each.scope for each in shown} | {write.scope or each.subject.scope for each, write in writes}
        if any(notice.audience == "hq" for each in session.ruled if each.told for notice in each.decision.notices):
            scopes.add(HEADQUARTERS)
        await self.counters.enter(scopes | {each.subject.scope for each in session.ruled})
        await session.known.load_records(*(each.records for each in shown))
        shown = needed(shown, session.known.bodies)
        # Of a new document there is no decision yet.
        names = [("decision", name) for name, each in self._latest.items() if each.subject.arrived is not None]
        names += [(write.kind, write.key) for _, write in writes]
        names += [(each.kind, each.key) for each in shown]
        before = await newest(self.tx, names)
        return shown, await session.known.balances(key for each in shown for key in each.balances), before

    async def _documents(
        self, arrivals: Sequence[Arrival], states: dict[str, dict[str, Any]], created: set[str]
    ) -> None:
        inserted: list[tuple[Any, ...]] = []
        updated: list[tuple[Any, ...]] = []
        brought = {arrival.id for arrival in arrivals}
        for arrival in arrivals:
            state = states.get(arrival.id)
            (inserted if state is None else updated).append(self._document_row(arrival, state, self._seq[arrival.id]))
        verdicts: list[tuple[Any, ...]] = []
        for name, each in self._latest.items():
            if name in brought:
                continue
            seq = self.counters.take(each.subject.scope)
            if name in created:
                inserted.append(self._written_row(each, seq))
            else:
                verdicts.append((seq, text_of(each.row), each.decision.verdict, self.now, name))
        await log.insert_documents(self.tx, inserted)
        await log.update_documents(self.tx, updated)
        await log.update_verdicts(self.tx, verdicts)

    def _document_row(self, arrival: Arrival, state: dict[str, Any] | None, seq: int) -> tuple[Any, ...]:
        """A row of `log.DOCUMENT_COLUMNS` for a document that got changes."""
        each = self._latest.get(arrival.id)
        subject = self.session.latest[arrival.id][0]
        verdict = arrival.admitted_verdict
        if each is not None:
            row, name = text_of(each.row), each.decision.verdict
        else:
            row, name = (state or {})["row"], (state or {})["verdict"]
        return (
            arrival.id, arrival.pushed.kind, arrival.pushed.scope, state["first_seq"] if state else seq, seq,
            state["arrived"] if state else self._first[arrival.id], text_of(verdict.heads), row, name,
            subject.changes, subject.received_at, self.now, subject.clock_offset, text_of(subject.content),
            text_of(verdict.conflicts), verdict.saved, verdict.index,
        )  # fmt: skip

    def _written_row(self, each: Ruled, seq: int) -> tuple[Any, ...]:
        """A row of `log.DOCUMENT_COLUMNS` for a document that headquarters wrote."""
        subject = each.subject
        return (
            subject.id, subject.kind, subject.scope, seq, seq, self._first[subject.id], "[]", text_of(each.row),
            each.decision.verdict, 0, self.now, self.now, 0, text_of(subject.content), "[]", None, None,
        )  # fmt: skip

    async def _decisions(self, values: list[tuple[str, Leg]], existed: list[str]) -> None:
        rows, postings = [], []
        for each in self.session.ruled:
            number = self._numbers[id(each)]
            cause = each.cause if each.after is None else f"{each.cause}:{self._numbers[id(each.after)]}"
            subject = each.subject
            rows.append(
                (
                    number,
                    subject.id,
                    each.decision.verdict,
                    each.body,
                    each.facts,
                    text_of(subject.heads),
                    cause,
                    self.now,
                )
            )
            postings += [
                (
                    number, leg.document, leg.posting_set, leg.posting.ledger, leg.posting.account, leg.posting.item,
                    leg.posting.amount, self.now, leg.happened_at,
                )
                for leg in each.legs
            ]  # fmt: skip
        moves = {key_of(key): amount for key, amount in self.session.known.books.moves.items()}
        for by, leg in values:
            number, posting = self._numbers[id(self._latest[by])], leg.posting
            postings.append(
                (
                    number, leg.document, leg.posting_set, posting.ledger, posting.account, posting.item, posting.amount,
                    self.now, None,
                )
            )  # fmt: skip
            moves[key_of(posting.key)] = moves.get(key_of(posting.key), 0) + posting.amount
        await ledger.insert_decisions(self.tx, rows)
        await ledger.insert_postings(self.tx, postings)
        await ledger.add_to_balances(self.tx, moves)
        waits = {name: waits_of(decision) for name, (_, decision, _) in self.session.latest.items()}
        await ledger.set_waits(self.tx, waits, existed)

    async def _values(self, existed: list[str]) -> list[tuple[str, Leg]]:
        """What the goods that moved are worth, and what that changes for others."""
        decisions = {name: each.decision for name, each in self._latest.items()}
        return await Valuation(self.tx, self.costing).run(decisions, [name for name in existed if name in decisions])

    async def _records(self, shown: list[BalanceRecord], balances: Mapping[BalanceKey, int], before: Newest) -> None:
        published: Published = {}
        for name, each in self._latest.items():
            published["decision", name] = (each.subject.scope, self._decision_body(each))
        for each in self.session.ruled:
            for write in (*each.decision.records, *each.gone):
                body = None if write.body is None else text_of(write.body)
                published[write.kind, write.key] = (write.scope or each.subject.scope, body)
            if each.told:
                published |= self._notices(each)
        made, notices = shown_balances(shown, self.session.known.bodies, balances, before, self.now)
        self.notices += notices
        published |= made
        # A threshold that was crossed is told to headquarters, too, whose scope nobody else may have entered.
        await self.counters.enter(scope for scope, _ in published.values())
        await write_published(self.tx, self.counters, published, before)

    def _decision_body(self, each: Ruled) -> str | None:
        """None for a draft that nothing is to be said of: nobody has decided anything, and its author knows its figures."""
        if each.decision.verdict == "draft" and not each.decision.reasons:
            return None
        body = {
            "verdict": each.decision.verdict,
            "reasons": each.decision.reasons,
            "figures": ruling.published(self.session.known.reading(each.subject), each.decision),
            "at": self.now,
            "changes": each.subject.changes,
        }
        return text_of(body)

    def _notices(self, each: Ruled) -> Published:
        found: Published = {}
        subject = each.subject
        for number, notice in enumerate(each.decision.notices):
            scope = HEADQUARTERS if notice.audience == "hq" else subject.scope
            made = MadeNotice(
                scope,
                f"{subject.id}:{self._numbers[id(each)]}:{number}",
                subject.id,
                subject.kind,
                notice.code,
                notice.params,
            )
            self.notices.append(made)
            body = {"document": subject.id, "kind": subject.kind, "code": notice.code, "params": notice.params}
            found["notice", made.key] = (scope, text_of({**body, "at": self.now}))
        return found


def waits_of(decision: Decision) -> set[tuple[str, str, str, int | None]]:
    """Rows of `ledger.set_waits` for what a decision waits for."""
    latest: dict[tuple[str, str, str], int | None] = {key_of(key): None for key in decision.waits}
    latest |= {(RECORD, kind, key): None for kind, key in decision.records_read}
    for book in decision.books:
        for account in accounts_behind(book):
            key = key_of(account)
            until = latest.get(key, book.at)
            latest[key] = None if until is None else max(until, book.at)
    return {(*key, until) for key, until in latest.items()}


Outbox = Callable[[Transaction, list[MadeNotice]], Awaitable[None]]
"""Awaited in the transaction with the notices that it published, so that what tells people is written with them."""
