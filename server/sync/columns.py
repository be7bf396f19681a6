"""The columns of a change: run-length, delta and boolean encodings, read only in the one form that Automerge writes.

Run lengths are added up before anything is expanded, so that a few bytes cannot stand for millions of rows. That a column is
canonical (shortest numbers, longest runs) is checked while it is read: it then equals what encoding its values would give.

Most columns of most changes are a few bytes, and the same few bytes again and again: short ones are remembered.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .refusals import Refusal

U64_MAX = (1 << 64) - 1
_REMEMBERED_BYTES = 24
_REMEMBERED_COLUMNS = 4096


def read_unsigned(octets: bytes, at: int) -> tuple[int, int]:
    """An unsigned LEB128 number of at most 64 bits, in its shortest form -> (value, where it ends). IndexError at the end of the bytes."""
    value = octets[at]
    at += 1
    if value < 0x80:
        return value, at
    value &= 0x7F
    shift = 7
    while True:
        octet = octets[at]
        at += 1
        value |= (octet & 0x7F) << shift
        if octet < 0x80:
            break
        shift += 7
        if shift > 63:
            raise Refusal("number_malformed", "longer than 64 bits")
    if not octet:
        raise Refusal("number_malformed", "not in its shortest form")
    if value > U64_MAX:
        raise Refusal("number_malformed", "larger than 64 bits")
    return value, at


def read_signed(octets: bytes, at: int) -> tuple[int, int]:
    """A signed LEB128 number of at most 64 bits, in its shortest form -> (value, where it ends). IndexError at the end of the bytes."""
    octet = octets[at]
    at += 1
    if octet < 0x80:
        return (octet if octet < 0x40 else octet - 0x80), at
    value = octet & 0x7F
    shift = 7
    while True:
        before = octet
        octet = octets[at]
        at += 1
        value |= (octet & 0x7F) << shift
        shift += 7
        if octet < 0x80:
            break
        if shift > 63:
            raise Refusal("number_malformed", "longer than 64 bits")
    if (octet == 0 and not before & 0x40) or (octet == 0x7F and before & 0x40):
        raise Refusal("number_malformed", "not in its shortest form")
    if octet & 0x40:
        value -= 1 << shift
    if not -(1 << 63) <= value < 1 << 63:
        raise Refusal("number_malformed", "larger than 64 bits")
    return value, at


def _read_string(octets: bytes, at: int) -> tuple[str, int]:
    length = octets[at]
    if length < 0x80:
        at += 1
    else:
        length, at = read_unsigned(octets, at)
    end = at + length
    if end > len(octets):
        raise Refusal("column_malformed", "a string reaches past its column")
    try:
        return octets[at:end].decode(), end
    except UnicodeDecodeError:
        raise Refusal("text_not_utf8", "in a key") from None


def _runs(octets: bytes, limit: int, read: Callable[[bytes, int], tuple[Any, int]]) -> list[Any]:
    """Expands run-length encoding: n times a value; -n, then n values; 0, then how many nulls. At most `limit` rows."""
    rows: list[Any] = []
    end = len(octets)
    at = 0
    last: Any = None  # the value before, None after nulls: a run must not go on with it
    literal = False  # the run before was a literal one: two of them would be one
    while at < end:
        count, at = read_signed(octets, at)
        if count > 0:
            if count == 1:
                raise Refusal("not_canonical", "a run of one")
            if len(rows) + count > limit:
                _too_many(len(rows) + count, limit)
            value, at = read(octets, at)
            if value == last:
                raise Refusal("not_canonical", "two runs of one value")
            rows += [value] * count
            last, literal = value, False
        elif count:
            if literal:
                raise Refusal("not_canonical", "two literal runs")
            if len(rows) - count > limit:
                _too_many(len(rows) - count, limit)
            for _ in range(-count):
                value, at = read(octets, at)
                if value == last:
                    raise Refusal("not_canonical", "a run written as literals")
                rows.append(value)
                last = value
            literal = True
        else:
            nulls, at = read_unsigned(octets, at)
            if len(rows) + nulls > limit:
                _too_many(len(rows) + nulls, limit)
            if not nulls or (rows and last is None) or (at == end and not rows):
                raise Refusal("not_canonical", "a run of nulls that would not be written")
            rows += [None] * nulls
            last, literal = None, False
    return rows


def _too_many(rows: int, limit: int) -> None:
    raise Refusal("run_length_cap", f"a column stands for {rows} rows where {limit} are allowed")


def _unsigned_rows(octets: bytes, limit: int) -> list[int | None]:
    return _runs(octets, limit, read_unsigned)


def _string_rows(octets: bytes, limit: int) -> list[str | None]:
    return _runs(octets, limit, _read_string)


def _delta_rows(octets: bytes, limit: int) -> list[int | None]:
    """Run lengths of differences; null stays null and leaves the sum as it is."""
    rows = _runs(octets, limit, read_signed)
    total = 0
    for at, step in enumerate(rows):
        if step is not None:
            total += step
            if total < 0 or total > U64_MAX:
                raise Refusal("column_malformed", "a counter out of range")
            rows[at] = total
    return rows


def _boolean_rows(octets: bytes, limit: int) -> list[bool]:
    """Lengths of runs of false, true, false …; only the first may be 0."""
    rows: list[bool] = []
    value = False
    at, end = 0, len(octets)
    while at < end:
        first = not at
        count, at = read_unsigned(octets, at)
        if len(rows) + count > limit:
            _too_many(len(rows) + count, limit)
        if not count and (not first or at == end):
            raise Refusal("not_canonical", "an empty run of booleans")
        rows += [value] * count
        value = not value
    return rows


def _remembering(read: Callable[[bytes, int], list[Any]]) -> Callable[[bytes, int], list[Any]]:
    known: dict[bytes, list[Any]] = {}

    def rows(octets: bytes, limit: int) -> list[Any]:
        found = known.get(octets)
        if found is not None and len(found) <= limit:
            return found
        try:
            found = read(octets, limit)
        except IndexError:
            raise Refusal("column_malformed", "a column ends in the middle of a value") from None
        if len(octets) <= _REMEMBERED_BYTES and len(found) <= 64:
            if len(known) >= _REMEMBERED_COLUMNS:
                known.clear()
            known[octets] = found
        return found

    return rows


# Each: (the column's bytes, how many rows it may have) -> its rows, not to be changed. Refusal when it is not canonical.
unsigned_column = _remembering(_unsigned_rows)
delta_column = _remembering(_delta_rows)
string_column = _remembering(_string_rows)
boolean_column = _remembering(_boolean_rows)
