"""Exact quantities: integer thousandths of a unit inside, decimal strings on the wire and in documents."""

from __future__ import annotations

import re
from functools import lru_cache

THOUSANDTHS = 1000
_FORM = re.compile(r"-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,3})?")


@lru_cache(maxsize=4096)
def parse_quantity(text: str) -> int:
    """The thousandths in a decimal string such as ``"12"`` or ``"0.5"``; ValueError for any other form."""
    if not _FORM.fullmatch(text):
        raise ValueError(f"a quantity is a decimal with at most three places, not {text!r}")
    sign = -1 if text.startswith("-") else 1
    whole, _, fraction = text.lstrip("-").partition(".")
    return sign * (int(whole) * THOUSANDTHS + int(fraction.ljust(3, "0") or "0"))


@lru_cache(maxsize=4096)
def format_quantity(thousandths: int) -> str:
    """The shortest decimal string of so many thousandths: 12000 is ``"12"``, 500 is ``"0.5"``."""
    sign = "-" if thousandths < 0 else ""
    whole, rest = divmod(abs(thousandths), THOUSANDTHS)
    return f"{sign}{whole}" + (f".{rest:03d}".rstrip("0") if rest else "")
