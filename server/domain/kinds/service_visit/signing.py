"""What the customer signs: one text, the same on every device, whose SHA-256 stands beside the pen's strokes (V9).

The text is lines of ``<name>: <value>`` with a line feed after each, in UTF-8. Values are as the document has them, moments in UTC with
milliseconds; in a value a backslash is written ``\\\\`` and a line feed ``\\n``; what is not set is empty. Parts come by their ids. What is
not signed: photos, the parts that are asked for, and who wrote the visit down.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from ...moments import iso, milliseconds
from .document import ServiceVisit

_FIELDS = (
    "number", "serial", "model", "arrived_at", "started_at", "ended_at", "diagnosis", "cause", "action", "labour_minutes", "meter",
    "outcome",
)  # fmt: skip


def signed_text(visit: ServiceVisit) -> str:
    lines = ["daybook service_visit: 1"]
    lines += [f"{name}: {_value(getattr(visit, name))}" for name in _FIELDS]
    lines += [f"check {name}: {value}" for name, value in sorted(visit.checklist.items())]
    lines += [
        f"part {name}: {part.quantity} {part.unit} {part.product} {_value(part.lot)}".rstrip(" ")
        for name, part in sorted(visit.parts.items())
    ]
    return "".join(f"{line}\n" for line in lines)


def signed_hash(visit: ServiceVisit) -> str:
    return sha256(signed_text(visit).encode()).hexdigest()


def _value(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return iso(milliseconds(value))
    return str(value).replace("\\", "\\\\").replace("\n", "\\n")
