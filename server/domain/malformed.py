"""What is answered to a document whose content does not fit its kind's schema: well-formed changes can still merge into it.

The changes are kept, as ever; the document is refused with its first problem named, and what was promised or shipped stands
until the document can be read again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .decision import Decision, Notice, Posting, Reason

_ROW_TEXTS = ("number", "title", "dealer", "stage", "currency", "wanted_date")


def malformed(
    errors: Sequence[Mapping[str, Any]],
    standing: Mapping[str, tuple[Posting, ...]] | None = None,
    times: Mapping[str, int] | None = None,
) -> Decision:
    """The decision for `ValidationError.errors()`. Postings that stand are kept: a bad edit takes no promise back (O15)."""
    first = errors[0] if errors else {}
    path = "/".join(str(step) for step in first.get("loc", ()))[:200]
    problem = str(first.get("type", "unknown"))[:80]
    reason = Reason("document_malformed", {"path": path, "problem": problem, "count": len(errors)})
    return Decision(
        "refused",
        (reason,),
        posting_sets=dict(standing or {}),
        notices=(Notice("scope", "document_malformed"), Notice("hq", "document_malformed")),
        times=dict(times or {}),
        keeps=True,
    )


def malformed_row(content: Mapping[str, Any] | None) -> dict[str, Any]:
    """A list row of whatever can be read from such content."""
    row: dict[str, Any] = dict.fromkeys(("number", "title", "total", "currency", "at"))
    for name in _ROW_TEXTS:
        value = (content or {}).get(name)
        if isinstance(value, str):
            row[name] = value[:80]
    row["attention"] = True
    row["case"] = False
    return row
