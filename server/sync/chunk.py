"""The frame and the header of a change chunk, as the Automerge binary format specification defines them."""

from __future__ import annotations

from hashlib import sha256
from itertools import pairwise

from .columns import read_signed, read_unsigned
from .refusals import Refusal

MAGIC = b"\x85\x6f\x4a\x83"
CHANGE = 1
MAX_CHANGE_BYTES = 256 * 1024
MAX_MESSAGE_BYTES = 2_000
MAX_DEPENDENCIES = 1_024
ACTOR_BYTES = 16
DEVICE_BYTES = 8
_MS_FROM = 100_000_000_000
"""A time from here on counts milliseconds (1973 and later); below, seconds (until the year 5138). JavaScript writes seconds,
the Python binding milliseconds, and the specification leaves it open."""
_MS_YEAR_10000 = 253_402_300_800_000


class Change:
    """A change whose frame and header were read; its columns are only located."""

    __slots__ = (
        "actor",
        "chunk",
        "columns",
        "deps",
        "hash",
        "made_at",
        "message",
        "others",
        "position",
        "seq",
        "start",
    )

    chunk: bytes
    position: int
    hash: bytes
    deps: list[bytes]
    actor: bytes
    seq: int
    start: int
    """Counter of its first operation."""
    made_at: int
    message: str
    others: list[bytes]
    columns: dict[int, bytes]
    """Column specification -> its bytes, in the order of the file."""


def _framed(chunk: bytes) -> tuple[bytes, int]:
    """Checks the frame -> (hash, where the body begins)."""
    size = len(chunk)
    if size < 10 or chunk[:4] != MAGIC:
        raise Refusal("chunk_malformed", "no Automerge chunk begins here")
    if size > MAX_CHANGE_BYTES:
        raise Refusal("change_too_large", f"{size} bytes where {MAX_CHANGE_BYTES} are allowed")
    if chunk[8] != CHANGE:
        raise Refusal("chunk_type", f"chunk type {chunk[8]}")
    try:
        length, at = read_unsigned(chunk, 9)
    except IndexError:
        raise Refusal("chunk_malformed", "the chunk ends in its length") from None
    if at + length != size:
        raise Refusal("chunk_length", f"states {length} bytes, has {size - at}")
    digest = sha256(chunk[8:]).digest()
    if digest[:4] != chunk[4:8]:
        raise Refusal("checksum_mismatch", "")
    return digest, at


def change_hash(chunk: bytes) -> bytes:
    """The identity of a change: SHA-256 over type, length and body. Refusal when the frame is wrong."""
    return _framed(chunk)[0]


def read_change(chunk: bytes, position: int = 0) -> Change:
    """Frame and header. Refusal when anything is amiss; the columns' contents are not looked at yet."""
    change = Change()
    change.chunk = chunk
    change.position = position
    change.hash, at = _framed(chunk)
    try:
        _read_header(change, chunk, at)
    except IndexError:
        raise Refusal("header_malformed", "the change ends in its header") from None
    return change


def _read_header(change: Change, chunk: bytes, at: int) -> None:
    size = len(chunk)
    count, at = read_unsigned(chunk, at)
    if count > MAX_DEPENDENCIES or at + 32 * count > size:
        raise Refusal("header_malformed", f"{count} dependencies")
    change.deps = deps = [chunk[place : place + 32] for place in range(at, at + 32 * count, 32)]
    if count > 1 and any(former >= later for former, later in pairwise(deps)):
        raise Refusal("not_canonical", "dependencies are not in order")
    at += 32 * count
    change.actor, at = _read_actor(chunk, at, size)
    change.seq, at = read_unsigned(chunk, at)
    change.start, at = read_unsigned(chunk, at)
    time, at = read_signed(chunk, at)
    if time < _MS_FROM:
        time *= 1000
    if not 0 <= time < _MS_YEAR_10000:
        raise Refusal("time_implausible", "")
    change.made_at = time
    length, at = read_unsigned(chunk, at)
    change.message, at = _read_message(chunk, at, length) if length else ("", at)
    count, at = read_unsigned(chunk, at)
    change.others, at = _read_others(change.actor, chunk, at, count) if count else ([], at)
    change.columns = _read_columns(chunk, at)


def _read_actor(chunk: bytes, at: int, size: int) -> tuple[bytes, int]:
    length, at = read_unsigned(chunk, at)
    end = at + length
    if end > size:
        raise Refusal("header_malformed", "an actor id reaches past the change")
    if length != ACTOR_BYTES:
        raise Refusal("actor_not_of_device", f"an actor id of {length} bytes")
    return chunk[at:end], end


def _read_others(actor: bytes, chunk: bytes, at: int, count: int) -> tuple[list[bytes], int]:
    size = len(chunk)
    if count * (ACTOR_BYTES + 1) > size - at:
        raise Refusal("header_malformed", f"{count} other actors")
    others: list[bytes] = []
    before = b""
    for _ in range(count):
        other, at = _read_actor(chunk, at, size)
        if other <= before or other == actor:
            raise Refusal("not_canonical", "other actors are not in order")
        others.append(other)
        before = other
    return others, at


def _read_message(chunk: bytes, at: int, length: int) -> tuple[str, int]:
    end = at + length
    if length > MAX_MESSAGE_BYTES or end > len(chunk):
        raise Refusal("message_invalid", f"{length} bytes")
    try:
        message = chunk[at:end].decode()
    except UnicodeDecodeError:
        raise Refusal("message_invalid", "not UTF-8") from None
    if "\x00" in message:  # a database may be unable to hold it as text
        raise Refusal("message_invalid", "holds a NUL")
    return message, end


def _read_columns(chunk: bytes, at: int) -> dict[int, bytes]:
    count, at = read_unsigned(chunk, at)
    if 2 * count > len(chunk) - at:
        raise Refusal("header_malformed", f"{count} columns")
    lengths: list[tuple[int, int]] = []
    before = -1
    for _ in range(count):
        spec, length = chunk[at], chunk[at + 1]
        if spec < 0x80 and length < 0x80:
            at += 2
        else:
            spec, at = read_unsigned(chunk, at)
            length, at = read_unsigned(chunk, at)
        if spec <= before:
            raise Refusal("column_order", f"column {spec} after {before}")
        if not length:
            raise Refusal("not_canonical", "an empty column")
        lengths.append((spec, length))
        before = spec
    columns: dict[int, bytes] = {}
    size = len(chunk)
    for spec, length in lengths:
        end = at + length
        if end > size:
            raise Refusal("column_malformed", "a column reaches past the change")
        columns[spec] = chunk[at:end]
        at = end
    if at != size:
        raise Refusal("trailing_bytes", f"{size - at} bytes")
    return columns
