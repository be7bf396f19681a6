"""What a rule answers: a verdict with reasons, the postings that should stand, records and notices.

A decision is a whole, not a step: it names every posting set that should stand for its document. The pipeline compares
that with what does stand, reverses what differs and posts what is new, so a rule never needs to know what it said before.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

Verdict = Literal["draft", "accepted", "held", "refused", "withdrawn", "in_part", "closed"]
"""draft: not submitted yet. in_part: accepted with something left over (back order). closed: all is done."""

Ledger = Literal["stock", "money", "commitment"]
"""stock: thousandths of a product's base unit. money, commitment: minor units of a currency."""


class BalanceKey(msgspec.Struct, frozen=True, order=True):
    """One account of one ledger, for one item: a product id in the stock ledger, a currency in the others."""

    ledger: Ledger
    account: str
    item: str


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


class RecordWrite(msgspec.Struct, frozen=True):
    """A record that this decision publishes into the document's scope (a shipment, an invoice); None deletes it."""

    kind: str
    key: str
    body: dict[str, Any] | None


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
