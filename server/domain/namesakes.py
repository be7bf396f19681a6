"""Names that should be borne once: a serial number, a telephone number, a person's name.

Each document posts its names to the ledger `identity`, one account a dealer: the balance of the others says whether somebody bears
a name already, and the record `bearer` / `<dealer>/<what>/<name>/<document>` says who. A document that headquarters has merged into
another, or said to be another one by the same name, posts it no more.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

from .decision import BalanceKey, Posting, RecordWrite
from .facts import Command, FactRequests, Facts, RecordKey
from .ledger import move
from .master import Id

BEARER = "bearer"
MERGE, KEEP = "merge_into", "keep_both"


class Bearer(BaseModel):
    """Record `bearer` / `<dealer>/<what>/<name>/<document>`, scope `service:<dealer>`: who bears a name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    document: str
    dealer: Id
    kind: Id


def normal_name(text: str) -> str:
    """Letters and digits of a name, as people would compare it: no case, no width, no spaces."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in plain if letter.isalnum())[:80]


def normal_phone(text: str) -> str:
    """The digits of a telephone number without a prefix of the country: the last eleven of more. Empty below six."""
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", text))
    return digits[-11:] if len(digits) >= 6 else ""


Names = Mapping[str, str]
"""What (`serial`, `phone`, `name`) -> the normal form; empty ones are borne by nobody."""


def key_of(dealer: str, what: str, name: str) -> BalanceKey:
    return BalanceKey("identity", f"{what}:{dealer}", name)


def above(dealer: str, what: str, name: str) -> RecordKey:
    """The key that the bearers of a name lie below."""
    return RecordKey(BEARER, f"{dealer}/{what}/{name}")


def requests(dealer: str, names: Names) -> FactRequests:
    borne = [(what, name) for what, name in sorted(names.items()) if name]
    return FactRequests(
        balances=tuple(key_of(dealer, what, name) for what, name in borne),
        below=tuple(above(dealer, what, name) for what, name in borne),
    )


def others(dealer: str, names: Names, facts: Facts) -> dict[str, list[str]]:
    """What -> the other documents that bear the same, for those that are borne by others."""
    found = {}
    for what, name in sorted(names.items()):
        if name and facts.balances.get(key_of(dealer, what, name), 0) > 0:
            found[what] = [each for each in facts.below(above(dealer, what, name)) if each != facts.document]
    return found


def settled(facts: Facts) -> Command | None:
    """What headquarters said last of a document with namesakes."""
    return next((each for each in reversed(facts.commands) if each.name in (MERGE, KEEP)), None)


def kept(names: Names, facts: Facts) -> frozenset[str]:
    """The names of which headquarters said that two may bear them: until they are written otherwise."""
    last = settled(facts)
    if last is None or last.name != KEEP:
        return frozenset()
    return frozenset(what for what, name in last.params["names"].items() if names.get(what) == name)


def postings(dealer: str, names: Names, apart: frozenset[str]) -> dict[str, tuple[Posting, ...]]:
    """`apart`: names that the document may share."""
    legs = [
        leg
        for what, name in sorted(names.items())
        if name and what not in apart
        for leg in move("identity", "nobody", f"{what}:{dealer}", name, 1)
    ]
    return {"names": tuple(legs)} if legs else {}


def bearers(dealer: str, names: Names, kind: str, document: str) -> tuple[RecordWrite, ...]:
    body = {"document": document, "dealer": dealer, "kind": kind}
    return tuple(
        RecordWrite(BEARER, f"{dealer}/{what}/{name}/{document}", body) for what, name in sorted(names.items()) if name
    )
