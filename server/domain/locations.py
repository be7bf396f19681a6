"""Places where goods are: a location is named by its account in the stock ledger.

`warehouse:<name>` and `van:<technician>` belong to headquarters, `dealer:<dealer>` and `dealer:<dealer>:<place>` to a dealer. What
is promised for orders lies in headquarters' warehouse still: it is counted with it.
"""

from __future__ import annotations

import re

HEADQUARTERS = "hq"
_LOCATION = re.compile(r"(warehouse|van|dealer)(:[A-Za-z0-9._@-]{1,64}){1,2}")
_WITH = {"warehouse:main": ("warehouse:main", "reserved")}


def is_location(name: str) -> bool:
    """Can goods be counted there?"""
    return _LOCATION.fullmatch(name) is not None


def accounts_of(location: str) -> tuple[str, ...]:
    """The accounts of the stock ledger that together are what lies at a location."""
    return _WITH.get(location, (location,))


def owner_of(account: str) -> str | None:
    """Whose goods an account holds, in whose books they have a value: ``hq`` or ``dealer:<dealer>``; None: they have left."""
    head, _, rest = account.partition(":")
    if head in ("warehouse", "van", "transit") or account == "reserved":
        return HEADQUARTERS
    return f"dealer:{rest.partition(':')[0]}" if head == "dealer" else None


def scope_of(location: str) -> str:
    """The scope whose devices see what lies at a location."""
    head, _, rest = location.partition(":")
    if head == "van":
        return f"technician:{rest}"
    return f"dealer:{rest.partition(':')[0]}" if head == "dealer" else "hq"
