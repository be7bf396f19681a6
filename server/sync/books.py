"""The ledgers as one transaction sees them: what was read, plus what its own decisions moved so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from server.domain.decision import BalanceKey, BookKey, Posting
from server.domain.ledger import reverse
from server.domain.locations import accounts_of

from .ruling import LARGEST_AMOUNT, netted

Sets = dict[str, tuple[Posting, ...]]
Times = Mapping[str, int]
"""Set -> when its goods moved. A set without a time is a promise or money."""
FULL = 2**62
"""No balance may pass it: it would not fit the column."""


class Leg(msgspec.Struct, frozen=True):
    """A posting row to be written."""

    document: str
    posting_set: str
    posting: Posting
    happened_at: int | None = None


class Movement(msgspec.Struct, frozen=True):
    """What a document moved on an account at a moment, as it is read back from the ledger."""

    happened_at: int
    document: str
    amount: int


def accounts_behind(book: BookKey) -> list[BalanceKey]:
    """The accounts that together are what lies there."""
    return [BalanceKey(book.ledger, account, book.item) for account in accounts_of(book.location)]


class Books:
    """Balances and standing sets in memory. Pure: loading and saving is done around it."""

    def __init__(self) -> None:
        self.balances: dict[BalanceKey, int] = {}
        self.standing: dict[str, Sets] = {}
        self.times: dict[str, dict[str, int]] = {}
        self.moves: dict[BalanceKey, int] = {}
        """What the transaction adds to each balance."""
        self._moved: dict[BalanceKey, tuple[int, str]] = {}
        self._steps = 0
        self._since: dict[BalanceKey, int] = {}
        self._read: dict[BalanceKey, list[Movement]] = {}
        """Movements by account as the ledger has them, from `_since` on."""
        self._made: dict[BalanceKey, list[tuple[int, Movement]]] = {}
        """Movements of this transaction, with their steps."""
        self._largest = 0
        """No balance that is known here was ever further from nothing."""

    def known(self, key: BalanceKey) -> bool:
        return key in self.balances

    def learn(self, amounts: Mapping[BalanceKey, int]) -> None:
        """Balances as the database has them, before this transaction's own moves."""
        for key, amount in amounts.items():
            self.balances[key] = amount + self.moves.get(key, 0)
            if abs(self.balances[key]) > self._largest:
                self._largest = abs(self.balances[key])

    def stand(self, document: str, sets: Sets, times: Times | None = None) -> None:
        """The posting sets of a document as the database has them."""
        self.standing[document] = sets
        self.times[document] = dict(times or {})

    def standing_of(self, document: str) -> Sets:
        return self.standing.get(document, {})

    def times_of(self, document: str) -> dict[str, int]:
        return self.times.get(document, {})

    def without(self, document: str, keys: Iterable[BalanceKey]) -> dict[BalanceKey, int]:
        """These balances, less what the document itself posted."""
        balances = self.balances
        if not self.standing.get(document):
            return {key: balances.get(key, 0) for key in keys}
        own: dict[BalanceKey, int] = {}
        for postings in self.standing_of(document).values():
            for posting in postings:
                own[posting.key] = own.get(posting.key, 0) + posting.amount
        return {key: balances.get(key, 0) - own.get(key, 0) for key in keys}

    # --- the ledgers of goods by time

    def reaches(self, key: BalanceKey, since: int) -> bool:
        """Are the movements of that account known from this moment on?"""
        return self._since.get(key, since + 1) <= since

    def learn_movements(self, key: BalanceKey, since: int, movements: list[Movement]) -> None:
        """All that moved on an account from that moment on, as the database has it."""
        self._since[key] = since
        self._read[key] = movements

    def at(self, document: str, book: BookKey) -> int:
        """What the ledger says for a moment, without what the document itself posted. What moved at the very same moment counts if
        its document's id comes before: so any order of arrival gives the same."""
        end = (book.at, document)
        found = 0
        for key in accounts_behind(book):
            found += self.balances.get(key, 0)
            for each in (*self._read.get(key, ()), *(each for _, each in self._made.get(key, ()))):
                if each.document != document and (each.happened_at, each.document) > end:
                    found -= each.amount
            for postings in self.standing_of(document).values():
                found -= sum(posting.amount for posting in postings if posting.key == key)
        return found

    # --- posting

    def fits(self, sets: Mapping[str, tuple[Posting, ...]]) -> bool:
        """Could these sets be posted without a balance growing out of its column?"""
        if self._largest + LARGEST_AMOUNT < FULL:  # as ever: no balance is near
            return True
        return all(
            abs(self.balances.get(posting.key, 0)) + abs(posting.amount) < FULL
            for postings in sets.values()
            for posting in postings
        )

    def post(self, document: str, sets: Mapping[str, tuple[Posting, ...]], times: Times | None = None) -> list[Leg]:
        """Let these sets stand for the document instead of those that do; the legs to write. The same sets: none. A reversal bears
        the time of what it reverses, so that the ledger reads the same at every moment before."""
        times = times or {}
        wanted = {name: net for name, postings in sets.items() if (net := netted(postings))}
        standing, stood = self.standing_of(document), self.times_of(document)
        legs: list[Leg] = []
        self._steps += 1
        for name in sorted(standing.keys() | wanted.keys()):
            before, after = standing.get(name, ()), wanted.get(name, ())
            if not before:
                legs += self._move(document, name, after, times.get(name))
            elif stood.get(name) != times.get(name) or sorted(before) != sorted(after):
                legs += self._move(document, name, reverse(before), stood.get(name))
                legs += self._move(document, name, after, times.get(name))
        self.standing[document] = wanted
        self.times[document] = {name: times[name] for name in wanted if name in times}
        return legs

    def _move(self, document: str, name: str, postings: tuple[Posting, ...], happened_at: int | None) -> list[Leg]:
        legs = []
        balances, moves, moved = self.balances, self.moves, self._moved
        largest = self._largest
        here = (self._steps, document)
        for posting in postings:
            legs.append(Leg(document, name, posting, happened_at))
            key, amount = posting.key, posting.amount
            moves[key] = moves.get(key, 0) + amount
            known = balances.get(key)
            if known is not None:  # what was not looked up yet is learnt with the moves added
                balances[key] = balance = known + amount
                if balance > largest or -balance > largest:
                    largest = abs(balance)
            moved[key] = here
            if happened_at is not None:
                self._made.setdefault(key, []).append((self._steps, Movement(happened_at, document, amount)))
        self._largest = largest
        return legs

    @property
    def step(self) -> int:
        """The number of the last posting; it grows with every decision."""
        return self._steps

    def moved_since(self, step: int, keys: Iterable[BalanceKey], but: str) -> bool:
        """Did another document move one of these balances after that step?"""
        return any((last := self._moved.get(key)) is not None and last[0] > step and last[1] != but for key in keys)

    def moved_before(self, step: int, books: Iterable[BookKey], but: str) -> bool:
        """Did another document, after that step, move something there that happened before those moments?"""
        return any(
            made > step and each.document != but and each.happened_at <= book.at
            for book in books
            for key in accounts_behind(book)
            for made, each in self._made.get(key, ())
        )

    def last_mover(self, keys: Iterable[BalanceKey], but: str) -> str | None:
        """The other document that moved one of these balances last."""
        last = [self._moved[key] for key in keys if key in self._moved and self._moved[key][1] != but]
        return max(last)[1] if last else None

    def moved(self) -> dict[BalanceKey, int | None]:
        """What was moved, and the earliest moment at which goods did; None: they did not, it was a promise or money."""
        return {
            key: min((each.happened_at for _, each in self._made.get(key, ())), default=None) for key in self._moved
        }
