"""Texts that screens ask with."""

from __future__ import annotations

from server.problems import Problem

LONGEST_TEXT = 100


def plain(text: str) -> str:
    """Problem 400 for a text that no database looks for."""
    if len(text) > LONGEST_TEXT or "\x00" in text:
        raise Problem(400, "malformed", f"At most {LONGEST_TEXT} letters, and no NUL.")
    return text.strip()
