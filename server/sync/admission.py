"""Admission of changes: the names that the rest of the server uses.

from server.sync.admission import Admitted, Gate, Refused, Task, Verdict, change_hash
"""

from __future__ import annotations

from .chunk import change_hash
from .gate import Gate
from .refusals import REFUSALS, Refusal
from .verdict import Admitted, Refused, Task, Verdict

__all__ = ["REFUSALS", "Admitted", "Gate", "Refusal", "Refused", "Task", "Verdict", "change_hash"]
