"""What the one writer of a SQLite file remembers of balances and records, so that it need not ask for the same rows again.

A push of many documents is stored in several transactions that look at the same products; so do the pushes that follow. What is
remembered is true while nobody else has written: the file itself says so (`PRAGMA data_version`, asked as each transaction
begins), and a transaction that does not commit, or that writes these tables in another way than `server.store.records` and
`server.store.ledger` do, ends what is remembered. PostgreSQL has many writers and remembers nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache

from .transaction import BalanceName, RecordName, Row

MOST = 20_000
"""Rows, some 15 MB of them: with more, it begins anew."""
_NAMED = re.compile(r"\b(balance|record)\b")
_READS = re.compile(r"\s*(SELECT|PRAGMA)\b", re.IGNORECASE)


class Remembered:
    def __init__(self) -> None:
        self.balances: dict[BalanceName, int | None] = {}
        self.records: dict[RecordName, Row | None] = {}
        """None: there is none of that name. The rows are not to be changed."""
        self._version: int | None = None

    def begin(self, version: int) -> None:
        """A transaction has begun; `version` is the file's `data_version`, which every other connection's commit changes."""
        if version != self._version or len(self.balances) + len(self.records) > MOST:
            self.forget()
        self._version = version

    def forget(self) -> None:
        self.balances.clear()
        self.records.clear()

    def heed(self, sql: str) -> None:
        """A statement that nobody noted here is about to run."""
        if _may_change(sql):
            self.forget()


@lru_cache(maxsize=1024)
def _may_change(sql: str) -> bool:
    return bool(_NAMED.search(sql)) and not _READS.match(sql)
