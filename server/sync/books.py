"""The ledgers as one transaction sees them: what was read, plus what its own decisions moved so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from server.domain.decision import BalanceKey, Posting
from server.domain.ledger import difference

from .ruling import LARGEST_AMOUNT, netted

Sets = dict[str, tuple[Posting, ...]]
FULL = 2**62
"""No balance may pass it: it would not fit the column."""


class Leg(msgspec.Struct, frozen=True):
    """A posting row to be written."""

    document: str
    posting_set: str
    posting: Posting


class Books:
    """Balances and standing sets in memory. Pure: loading and saving is done around it."""

    def __init__(self) -> None:
        self.balances: dict[BalanceKey, int] = {}
        self.standing: dict[str, Sets] = {}
        self.moves: dict[BalanceKey, int] = {}
        """What the transaction adds to each balance."""
        self._moved: dict[BalanceKey, tuple[int, str]] = {}
        self._steps = 0
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

    def stand(self, document: str, sets: Sets) -> None:
        """The posting sets of a document as the database has them."""
        self.standing[document] = sets

    def standing_of(self, document: str) -> Sets:
        return self.standing.get(document, {})

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

    def fits(self, sets: Mapping[str, tuple[Posting, ...]]) -> bool:
        """Could these sets be posted without a balance growing out of its column?"""
        if self._largest + LARGEST_AMOUNT < FULL:  # as ever: no balance is near
            return True
        return all(
            abs(self.balances.get(posting.key, 0)) + abs(posting.amount) < FULL
            for postings in sets.values()
            for posting in postings
        )

    def post(self, document: str, sets: Mapping[str, tuple[Posting, ...]]) -> list[Leg]:
        """Let these sets stand for the document instead of those that do; the legs to write. The same sets: none."""
        wanted = {name: net for name, postings in sets.items() if (net := netted(postings))}
        legs: list[Leg] = []
        balances, moves, moved = self.balances, self.moves, self._moved
        largest = self._largest
        self._steps += 1
        here = (self._steps, document)
        for name, postings in difference(self.standing_of(document), wanted).items():
            for posting in postings:
                legs.append(Leg(document, name, posting))
                key, amount = posting.key, posting.amount
                moves[key] = moves.get(key, 0) + amount
                before = balances.get(key)
                if before is not None:  # what was not looked up yet is learnt with the moves added
                    balances[key] = balance = before + amount
                    if balance > largest or -balance > largest:
                        largest = abs(balance)
                moved[key] = here
        self._largest = largest
        self.standing[document] = wanted
        return legs

    @property
    def step(self) -> int:
        """The number of the last posting; it grows with every decision."""
        return self._steps

    def moved_since(self, step: int, keys: Iterable[BalanceKey], but: str) -> bool:
        """Did another document move one of these balances after that step?"""
        return any((last := self._moved.get(key)) is not None and last[0] > step and last[1] != but for key in keys)

    def last_mover(self, keys: Iterable[BalanceKey], but: str) -> str | None:
        """The other document that moved one of these balances last."""
        last = [self._moved[key] for key in keys if key in self._moved and self._moved[key][1] != but]
        return max(last)[1] if last else None

    def moved(self) -> set[BalanceKey]:
        return set(self._moved)
