"""The numbers of the feeds in one transaction: taken from the scopes' counter rows, which are held until it commits (SY3)."""

from __future__ import annotations

from collections.abc import Iterable

from server.store import log
from server.store.transaction import Transaction


class Counters:
    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._last: dict[str, int] = {}
        self.moved: dict[str, int] = {}
        """Scopes that got numbers, with the last of them."""

    async def enter(self, scopes: Iterable[str]) -> None:
        """Hold these scopes' counters, besides those that are held."""
        new = set(scopes) - self._last.keys()
        if new:
            self._last.update(await log.lock_scopes(self._tx, new))

    def take(self, scope: str) -> int:
        """The next number of a scope that was entered."""
        self._last[scope] += 1
        self.moved[scope] = self._last[scope]
        return self._last[scope]

    async def save(self) -> None:
        await log.set_scopes(self._tx, self.moved)
