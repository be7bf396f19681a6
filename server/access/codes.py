"""Secrets that are given out once and kept only as hashes: tokens, enrolment codes, short codes.

Each is random and long enough that a plain SHA-256 is all it needs; only passwords, which people choose, are stretched.
"""

from __future__ import annotations

import hashlib
import re
import secrets

READABLE = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's alphabet: no I, L, O or U, so a code can be read out over a telephone. Five bits a letter."""

CODE_LETTERS = 12
SHORT_CODE_LETTERS = 4
DEVICE_ID = re.compile(r"[0-9a-f]{16}")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


def digest(secret: str) -> str:
    """What is stored of a token or a code: SHA-256 in hex."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_token() -> str:
    """32 random bytes, base64url without padding: 43 letters."""
    return secrets.token_urlsafe(32)


def is_token(text: str) -> bool:
    """Whether it has the form of a token; anything else is not looked up at all."""
    return _TOKEN.fullmatch(text) is not None


def new_device_id() -> str:
    return secrets.token_hex(8)


def new_short_code() -> str:
    """Four letters that begin the numbers of a device's documents. Not secret; the database keeps it unique."""
    return _letters(SHORT_CODE_LETTERS)


def new_code() -> str:
    """An enrolment code of 60 bits, as it is shown: ``7K3M-Q9TZ-04HW``."""
    text = _letters(CODE_LETTERS)
    return "-".join(text[start : start + 4] for start in range(0, CODE_LETTERS, 4))


def normal_code(text: str) -> str | None:
    """A code as typed, in its one form: upper case, no separators, misread letters mended. None if it cannot be one."""
    plain = re.sub(r"[\s-]", "", text[:64]).upper().translate(_MISREAD)
    return plain if len(plain) == CODE_LETTERS and all(letter in READABLE for letter in plain) else None


def _letters(count: int) -> str:
    return "".join(secrets.choice(READABLE) for _ in range(count))
