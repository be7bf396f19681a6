"""Who may push what where: asked for each document before its changes are looked at."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from server.access.principal import Principal

from .known import Kinds
from .protocol import PushedDocument

DOCUMENT_ID = re.compile(r"[0-9a-f]{32}")

SCOPE_REFUSALS: dict[str, str] = {
    "document_id_invalid": "A document id is 32 lower-case hex digits.",
    "kind_unknown": "The server knows no documents of this kind.",
    "scope_forbidden": "This device does not write in that scope.",
    "role_forbidden": "This role does not write documents of that kind.",
    "document_elsewhere": "A document of this id has another kind or scope.",
}


def refusal_of(
    pushed: PushedDocument,
    principal: Principal,
    kinds: Kinds,
    stored: Mapping[str, Any] | None,
    writes: Collection[str],
) -> str | None:
    """The code under which all of a document's changes are refused, or None.

    `writes`: the scopes that the device writes in. What is said depends only on the device's own rights and on whether the id is taken; never on whose it is (SY10).
    """
    if not DOCUMENT_ID.fullmatch(pushed.id):
        return "document_id_invalid"
    kind = kinds.get(pushed.kind)
    if kind is None:
        return "kind_unknown"
    if pushed.scope not in writes:
        return "scope_forbidden"
    if not kind.writable.get(principal.role):
        return "role_forbidden"
    if stored is not None and (stored["kind"], stored["scope"]) != (pushed.kind, pushed.scope):
        return "document_elsewhere"
    return None
