"""What the image worker says of a file. Codes are stable; docs/attachments.md lists them."""

from __future__ import annotations

import msgspec

READY = b"R"
"""The worker's first byte: from here on, what goes wrong is the file's doing and not the machine's."""

LARGEST_ATTACHMENT = 12 * 1024 * 1024
"""Bytes of one attachment as the device has it."""

MOST_PIXELS = 50_000_000

TYPES = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
"""What is taken, and how such a file is called when a person saves it."""


class Picture(msgspec.Struct, frozen=True, tag="picture", tag_field="is"):
    """Decoded, upright, and written anew: nothing of the original but its pixels is in it."""

    type: str
    width: int
    height: int
    image: bytes
    thumb: bytes
    """JPEG."""


class Refused(msgspec.Struct, frozen=True, tag="refused", tag_field="is"):
    code: str
    detail: str


REFUSALS: dict[str, str] = {
    "image_type_unknown": "It is not a JPEG, PNG or WebP file, whatever it is called.",
    "image_unreadable": "It cannot be decoded.",
    "image_too_many_pixels": f"It has more than {MOST_PIXELS // 1_000_000} million pixels.",
    "image_too_costly": "Decoding it takes more time or memory than a photo does.",
}
