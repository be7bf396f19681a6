"""The server's VAPID key pair: who it is to a push service. Made at the first start and kept; a new one would silence every
subscription made with the old."""

from __future__ import annotations

import base64
import os
import re
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from server.settings import write_secret

if TYPE_CHECKING:
    from server.settings import Settings

VARIABLE = "DAYBOOK_VAPID_PRIVATE_KEY"
"""For servers on several machines, which must all have the same: 32 bytes, base64url."""

_FILE = "vapid_private_key"


def load_vapid(settings: Settings) -> Vapid02:
    """The key pair, from the environment or from the data folder. ValueError if what stands there is none."""
    text = os.environ.get(VARIABLE, "").strip()
    if not text:
        path = settings.secret_file(_FILE)
        if not path.exists():
            number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
            write_secret(path, _base64url(number.to_bytes(32, "big")).encode())
        text = path.read_text().strip()
    if not re.fullmatch(r"[A-Za-z0-9_-]{43}=?", text):
        raise ValueError("the VAPID private key is not 32 bytes in base64url")
    return Vapid02.from_raw(text.rstrip("=").encode())


def public_key(vapid: Vapid02) -> str:
    """What a browser subscribes with: the uncompressed point, base64url without padding."""
    return _base64url(vapid.public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def _base64url(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
