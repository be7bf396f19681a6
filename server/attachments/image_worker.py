"""Decodes one image and writes it anew. A process of its own for each image, started by `images.py`.

    python -m server.attachments.image_worker <memory limit, bytes> <processor seconds>  <file  >answer

It limits itself before it reads a byte, opens no file and no socket, and answers a READY byte and one MessagePack message.
"""

from __future__ import annotations

import io
import os
import sys
import warnings
from typing import Any, BinaryIO

import msgspec
from PIL import Image

from .verdict import LARGEST_ATTACHMENT, MOST_PIXELS, READY, REFUSALS, Picture, Refused

try:
    import resource
except ImportError:  # Windows: no limits but the server's clock
    resource = None  # type: ignore[assignment]

THUMB = 320
"""Pixels of a thumbnail's longer side."""

JPEG: dict[str, Any] = {"format": "JPEG", "quality": 88, "optimize": True}
LARGEST_WEBP = 16_000_000
"""Pixels."""
THUMB_JPEG: dict[str, Any] = {"format": "JPEG", "quality": 80, "optimize": True}
ORIENTATION = 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# Pillow refuses above twice this number, before it decodes anything; below, it only warns.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2
warnings.simplefilter("ignore")


def main(memory_bytes: int, seconds: int) -> None:
    sink = _claim_output()
    limit(memory_bytes, seconds)
    sink.write(READY)
    sink.flush()
    sink.write(msgspec.msgpack.encode(examine(sys.stdin.buffer.read(LARGEST_ATTACHMENT + 1))))
    sink.flush()


def limit(memory_bytes: int, seconds: int) -> None:
    """Memory, processor time, no file may grow, no dump of memory."""
    if resource is None:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 2))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def examine(octets: bytes) -> Picture | Refused:
    """The image anew, or why not."""
    kind = format_of(octets)
    if kind is None:
        return _refused("image_type_unknown", "")
    try:
        return _anew(octets, kind)
    except Image.DecompressionBombError as error:
        return _refused("image_too_many_pixels", str(error))
    except MemoryError:
        return _refused("image_too_costly", "memory")
    except Exception as error:  # whatever a decoder says of hostile bytes
        return _refused("image_unreadable", f"{type(error).__name__}: {error}")


def format_of(octets: bytes) -> str | None:
    """Pillow's name of the format, by content alone."""
    if octets.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if octets.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    return "WEBP" if octets[:4] == b"RIFF" and octets[8:12] == b"WEBP" else None


def _anew(octets: bytes, kind: str) -> Picture | Refused:
    with Image.open(io.BytesIO(octets), formats=(kind,)) as opened:
        # The first picture of several: of an animation, or of a camera's pair.
        opened.load()
        image = _upright(opened).convert(_mode_of(opened, kind))
    image.info.clear()  # comments and profiles, which Pillow would write again
    written, form = io.BytesIO(), _form(image, octets, kind)
    image.save(written, **form)
    width, height = image.size
    if written.tell() > 2 * LARGEST_ATTACHMENT:
        return _refused("image_too_costly", f"{written.tell()} bytes when written anew")
    return Picture(f"image/{form['format'].lower()}", width, height, written.getvalue(), _thumb(image))


def _upright(image: Image.Image) -> Image.Image:
    """Turned as the camera says; a damaged note about it turns nothing."""
    try:
        turn = TURNS.get(image.getexif().get(ORIENTATION, 1))
    except MemoryError:
        raise
    except Exception:
        turn = None
    return image if turn is None else image.transpose(turn)


def _mode_of(image: Image.Image, kind: str) -> str:
    if kind != "JPEG" and (image.has_transparency_data or image.mode in ("LA", "PA", "RGBA")):
        return "RGBA"
    return "L" if image.mode in ("1", "L") else "RGB"


def _form(image: Image.Image, octets: bytes, kind: str) -> dict[str, Any]:
    """The format stays what it was, but for large WebP, whose encoder takes several times the memory of the picture."""
    if kind == "WEBP" and image.width * image.height > LARGEST_WEBP:
        kind = "PNG" if image.mode == "RGBA" else "JPEG"
    if kind == "JPEG":
        return JPEG
    if kind == "PNG":
        return {"format": "PNG", "compress_level": 6}
    return {"format": "WEBP", "quality": 88, "method": 4, "lossless": octets[12:16] == b"VP8L"}


def _thumb(image: Image.Image) -> bytes:
    """Changes the image."""
    image.thumbnail((THUMB, THUMB), Image.Resampling.LANCZOS)
    if image.mode == "RGBA":
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A"))
        image = ground
    written = io.BytesIO()
    image.save(written, **THUMB_JPEG)
    return written.getvalue()


def _refused(code: str, detail: str) -> Refused:
    return Refused(code, (detail or REFUSALS[code])[:200])


def _claim_output() -> BinaryIO:
    """Standard output for the answer alone: whatever else prints goes to standard error."""
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return sink


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
