"""What a rule answers: a verdict with reasons, the postings that should stand, records and notices.

A decision is a whole, not a step: it names every posting set that should stand for its document. The pipeline compares
that with what does stand, reverses what differs and posts what is new, so a rule never needs to know what it said before.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

Verdict = Literal["draft", "accepted", "held", "refused", "withdrawn", "in_part", "closed"]
"""draft: not submitted yet. in_part: accepted with something left over (back order). closed: all is done."""

Ledger = Literal["stock", "lot", "money", "commitment", "value", "identity"]
"""stock: thousandths of a product's base unit. lot: the same by batch or serial (`<product>#<lot>`). money, commitment: minor units
of a currency. value: minor units, by product; posted by the pipeline alone. identity: how many documents bear a name."""


class BalanceKey(msgspec.Struct, frozen=True, order=True):
    """One account of one ledger, for one item: a product id in the stock ledger, a currency in the others."""

    ledger: Ledger
    account: str
    item: str


class BookKey(msgspec.Struct, frozen=True, order=True):
    """What the stock ledger says that a location held of an item just before a moment (UTC milliseconds), by the times at which
    things happened, whenever they arrived. In the ledger `lot` the item is a batch or a serial number of a product."""

    location: str
    item: str
    at: int
    ledger: Literal["stock", "lot"] = "stock"


class Posting(msgspec.Struct, frozen=True, order=True):
    """One leg. The legs of a set sum to zero for every (ledger, item)."""

    ledger: Ledger
    account: str
    item: str
    amount: int

    @property
    def key(self) -> BalanceKey:
        return BalanceKey(self.ledger, self.account, self.item)


class Reason(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why. `code` is said in the reader's language; `params` are its figures; `line` is the line it is about."""

    code: str
    params: dict[str, Any] = {}
    line: str | None = None
    rule: str = ""
    """The rule's number in the kind's RULES.md."""


class RecordWrite(msgspec.Struct, frozen=True, omit_defaults=True):
    """A record that this decision publishes (a shipment, an invoice); None deletes it. One that a decision does not name any
    more is deleted without being asked."""

    kind: str
    key: str
    body: dict[str, Any] | None
    scope: str = ""
    """Where; empty: the document's own scope."""


class Notice(msgspec.Struct, frozen=True, omit_defaults=True):
    """Somebody is to be told. `audience` is ``"scope"`` (the devices of the document's scope) or ``"hq"``."""

    audience: Literal["scope", "hq"]
    code: str
    params: dict[str, Any] = {}


class Decision(msgspec.Struct, frozen=True, omit_defaults=True):
    verdict: Verdict
    reasons: tuple[Reason, ...] = ()
    figures: dict[str, Any] = {}
    """What the reader is shown: totals, both prices, allocation per line. JSON values; its shape is the kind's own."""
    posting_sets: dict[str, tuple[Posting, ...]] = {}
    """Every set that should stand, by a key that is stable for the document (``reservation``, ``shipment:<command>``)."""
    records: tuple[RecordWrite, ...] = ()
    notices: tuple[Notice, ...] = ()
    """Sent only when the verdict or the reasons differ from the decision before."""
    waits: tuple[BalanceKey, ...] = ()
    """The document is decided again, in order of arrival, when one of these balances moves."""
    times: dict[str, int] = {}
    """When the goods of a posting set moved, UTC milliseconds by the server's clock: the stock ledger is read by these times. A set
    that is not named here is a promise or a matter of money: it stands where it arrived."""
    costs: dict[str, dict[str, int]] = {}
    """Set -> item -> what the goods cost their new owner, minor units for the whole quantity. Goods that come in without a cost
    are taken at what the owner's others are worth."""
    books: tuple[BookKey, ...] = ()
    """The document is decided again when something moves there that happened before that moment, in the order of the moments."""
    records_read: tuple[tuple[str, str], ...] = ()
    """(kind, key) of published records: the document is decided again when one of them changes, or one below it
    (``<key>/…``)."""
    keeps: bool = False
    """True: nothing could be decided; the records that were published before stay."""
