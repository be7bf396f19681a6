"""A camera that sees a barcode, and a scanner that types: what the browser gets from either, without the devices."""

from __future__ import annotations

import time
from pathlib import Path

from playwright.async_api import Page

WIDTH, HEIGHT, MODULE = 640, 480, 4
LEFT = ("0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011")
PARITY = ("LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG", "LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL")
GS = "\x1d"


def ean13_bars(digits: str) -> str:
    """The 95 modules of the symbol, 1 for a bar."""

    def left(digit: str, parity: str) -> str:
        bars = LEFT[int(digit)]
        return bars if parity == "L" else _inverted(bars)[::-1]

    half = "".join(left(digit, parity) for digit, parity in zip(digits[1:7], PARITY[int(digits[0])], strict=True))
    other = "".join(_inverted(LEFT[int(digit)]) for digit in digits[7:])
    return f"101{half}01010{other}101"


def _inverted(bars: str) -> str:
    return bars.translate(str.maketrans("01", "10"))


def film(path: Path, digits: str) -> Path:
    """A film for Chromium's fake camera: an EAN-13 on paper that nobody moves. Chromium plays it over and over."""
    bars = "".join("\x10" * MODULE if bar == "1" else "\xe6" * MODULE for bar in ean13_bars(digits)).encode("latin-1")
    margin = (WIDTH - len(bars)) // 2
    paper = b"\xe6" * WIDTH
    row = b"\xe6" * margin + bars + b"\xe6" * (WIDTH - margin - len(bars))
    luma = paper * 140 + row * 200 + paper * (HEIGHT - 340)
    frame = b"FRAME\n" + luma + b"\x80" * (WIDTH * HEIGHT // 2)
    path.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420\n".encode() + frame * 5)
    return path


async def wedge(page: Page, code: str, *, gap_ms: float = 8, end: str = "Enter") -> None:
    """Types as a scanner does. The times are those that the keyboard tells, so that a slow machine is not a slow scanner."""
    session = await page.context.new_cdp_session(page)
    at = time.time()
    for sign in [*code, end]:
        at += gap_ms / 1000
        told = {"key": "]", "code": "BracketRight", "modifiers": 2} if sign == GS else {"key": sign}
        if len(sign) == 1 and sign != GS:
            told["text"] = sign
        await session.send("Input.dispatchKeyEvent", {"type": "keyDown", "timestamp": at, **told})
        await session.send("Input.dispatchKeyEvent", {"type": "keyUp", "timestamp": at, **told | {"text": ""}})
    await session.detach()
