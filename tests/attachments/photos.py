"""Photos and what only looks like one, made as bytes."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image, PngImagePlugin

GPS = {1: "N", 2: (31.0, 13.0, 48.0), 3: "E", 4: (121.0, 28.0, 25.0)}


def photo(width: int = 64, height: int = 48, seed: int = 0, **form: object) -> bytes:
    """A JPEG of its own for each seed."""
    image = Image.new("RGB", (width, height), (seed % 256, seed // 256 % 256, 120))
    image.paste((200, 30, 30), (0, 0, width // 2, height // 2))
    return written(image, **{"format": "JPEG", "quality": 90, "comment": f"{seed}".encode(), **form})


def large_photo(size: int, seed: int = 0) -> bytes:
    """A JPEG of at least so many bytes."""
    noise = Image.effect_noise((1200, 900), 90).convert("RGB")
    octets = written(noise, format="JPEG", quality=95, comment=f"{seed}".encode())
    return octets + b"\0" * max(0, size - len(octets))


def written(image: Image.Image, **form: object) -> bytes:
    out = io.BytesIO()
    image.save(out, **form)  # type: ignore[arg-type]
    return out.getvalue()


def photo_with_everything() -> bytes:
    """Where it was taken, by what, a comment, a profile, an orientation, another file behind it."""
    image = Image.new("RGB", (60, 40), "white")
    image.paste("red", (0, 0, 30, 40))
    exif = Image.Exif()
    exif[0x010F] = "SecretMaker"
    exif[0x0112] = 6  # to be turned by 90 degrees
    exif.get_ifd(0x8825).update(GPS)
    octets = written(
        image, format="JPEG", exif=exif, comment=b"SecretComment", icc_profile=b"SecretProfile" * 20, quality=95
    )
    return octets + b"<html><script>alert('SecretScript')</script></html>"


def png_with_text() -> bytes:
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "SecretAuthor")
    text.add_itxt("XML:com.adobe.xmp", "<x>SecretXmp</x>")
    return written(Image.new("RGBA", (40, 30), (9, 9, 9, 90)), format="PNG", pnginfo=text)


def webp(lossless: bool = False) -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "SecretMaker"
    image = Image.new("RGB", (40, 30), "green")
    return written(image, format="WEBP", exif=exif, xmp=b"<x>SecretXmp</x>", lossless=lossless)


def png_bomb(width: int, height: int) -> bytes:
    """A whole, valid PNG of that many white pixels; a thousand times smaller than they are."""

    def chunk(kind: bytes, octets: bytes) -> bytes:
        return struct.pack(">I", len(octets)) + kind + octets + struct.pack(">I", zlib.crc32(kind + octets))

    # Rows of zeros, deflated once and repeated: after a full flush what follows depends on nothing before it.
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    line = packer.compress(bytes(1 + width * 3)) + packer.flush(zlib.Z_FULL_FLUSH)
    check = (height * (1 + width * 3) % 65521 << 16) | 1
    rows = b"\x78\xda" + line * height + b"\x03\x00" + check.to_bytes(4, "big")
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def polyglot() -> bytes:
    """A JPEG to one reader and a page with a script to another: the page stands in a comment."""
    page = b"<!doctype html><html><body><script>alert(document.cookie)</script></body></html>"
    octets = photo()
    return octets[:2] + b"\xff\xfe" + struct.pack(">H", len(page) + 2) + page + octets[2:]


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
GIF = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
HTML = b"<!doctype html><script>alert(1)</script>"
