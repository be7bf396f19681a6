"""What a rule may know. A kind names the facts it needs as data; the pipeline looks them up and keeps which it gave."""

from __future__ import annotations

from typing import Any

import msgspec

from .decision import BalanceKey, BookKey, Posting


class RecordKey(msgspec.Struct, frozen=True, order=True):
    """A master-data record: ``product`` / ``SKU-1``, ``dealer`` / ``alfki``, ``price_list`` / ``retail@3``."""

    kind: str
    key: str


THIS = "@this"
"""In a key that a kind asks for: the document's own id, which its content does not hold."""


def step(name: str) -> str:
    """A name as one step of a record's key: a stroke in it does not divide the key."""
    return name.replace("%", "%25").replace("/", "%2F")


class FactRequests(msgspec.Struct, frozen=True):
    records: tuple[RecordKey, ...] = ()
    balances: tuple[BalanceKey, ...] = ()
    books: tuple[BookKey, ...] = ()
    below: tuple[RecordKey, ...] = ()
    """All records of that kind whose key begins with ``<key>/``: what other documents have published about this one (`THIS`)."""

    def of(self, document: str) -> FactRequests:
        """The same, with that document's id in the place of `THIS`."""
        if not any(key.key == THIS for key in (*self.records, *self.below)):
            return self
        records, below = (
            tuple(RecordKey(key.kind, document) if key.key == THIS else key for key in keys)
            for keys in (self.records, self.below)
        )
        return FactRequests(records, self.balances, self.books, below)


class Command(msgspec.Struct, frozen=True):
    """A thing that headquarters did to this document, in the order it was done. `at` is UTC milliseconds."""

    id: str
    name: str
    params: dict[str, Any]
    by: str
    at: int


class Clock(msgspec.Struct, frozen=True):
    """What is known of the clock of one of a document's devices."""

    offset: int
    """As measured when a change of it came last."""
    received_at: int
    """When that was."""


class Capture(msgspec.Struct, frozen=True, omit_defaults=True):
    """When it happened, as far as can be known. All UTC milliseconds (SY7)."""

    received_at: int
    """When the server first stored a change of the document."""
    decided_at: int
    """When the batch or command arrived that this decision answers."""
    clock_offset: int = 0
    """Server clock minus device clock, as measured at the last push; add it to a time that the device wrote."""
    clocks: dict[str, Clock] = {}
    """By device, for kinds that several devices write at once and that ask for moments (`Kind.moments`); else empty."""


class Facts(msgspec.Struct, frozen=True):
    records: dict[RecordKey, dict[str, Any]]
    """Only records that exist are here; ``.get`` gives None for one that does not."""
    balances: dict[BalanceKey, int]
    """As they stand, **without** this document's own postings; every requested key is here, 0 if nothing was posted."""
    standing: dict[str, tuple[Posting, ...]]
    """The posting sets of this document that stand now: what was promised before."""
    commands: tuple[Command, ...]
    capture: Capture
    conflicts: tuple[str, ...] = ()
    """Paths (``lines/l1/quantity``) where two values were set at once and nobody has chosen yet."""
    document: str = ""
    """The document's id, for the records that a decision publishes."""
    books: dict[BookKey, int] = {}
    """Thousandths, without this document's own postings."""
    times: dict[str, int] = {}
    """When the goods of the standing sets moved, for those that have a time."""

    def below(self, key: RecordKey) -> dict[str, dict[str, Any]]:
        """What was published below a key, by the rest of its own key."""
        start = f"{key.key}/"
        found = {
            each.key[len(start) :]: body
            for each, body in self.records.items()
            if each.kind == key.kind and each.key.startswith(start)
        }
        return dict(sorted(found.items())) if len(found) > 1 else found
