"""The values that operations set: every one of a known type, of the right length and in range."""

from __future__ import annotations

from collections.abc import Sequence

from .columns import read_signed, read_unsigned
from .refusals import Refusal

_SET = 1
NULL, FALSE, TRUE, UNSIGNED, SIGNED, FLOAT, STRING, BYTES, COUNTER, TIMESTAMP = range(10)
YEAR_1_MS = -62_135_596_800_000
YEAR_10000_MS = 253_402_300_800_000
I64_MAX = (1 << 63) - 1


def check_values(actions: list[int], shapes: Sequence[int | None], octets: bytes) -> None:
    """`shapes`: a row's length << 4 | type; `octets`: the values, one after the other. Refusal for the first that is wrong."""
    at, end = 0, len(octets)
    for action, shape in zip(actions, shapes, strict=True):
        if not shape:
            if shape is None:
                raise Refusal("column_malformed", "a row without a value")
            continue
        if action != _SET:
            raise Refusal("operation_malformed", "a value where none is set")
        kind = shape & 15
        begin, at = at, at + (shape >> 4)
        if at > end:
            raise Refusal("column_malformed", "a value reaches past its column")
        if kind == STRING:
            try:
                octets[begin:at].decode()
            except UnicodeDecodeError:
                raise Refusal("text_not_utf8", "in a value") from None
        elif kind <= TRUE:
            if at != begin:
                raise Refusal("column_malformed", "a value of the wrong length")
        elif kind == FLOAT:
            if at - begin != 8:
                raise Refusal("column_malformed", "a value of the wrong length")
        elif kind in (UNSIGNED, SIGNED, TIMESTAMP):
            if at - begin != 1 or octets[begin] >= 0x80:  # one byte is a small number of any of the three
                _check_number(kind, octets[begin:at])
        elif kind == COUNTER:
            raise Refusal("counter_forbidden", "")
        elif kind != BYTES:
            raise Refusal("value_type_unknown", f"value type {kind}")
    if at != end:
        raise Refusal("trailing_bytes", f"{end - at} bytes of values")


def _check_number(kind: int, octets: bytes) -> None:
    try:
        value, at = (read_unsigned if kind == UNSIGNED else read_signed)(octets, 0)
    except IndexError:
        raise Refusal("column_malformed", "a value ends in its middle") from None
    if at != len(octets):
        raise Refusal("column_malformed", "a value of the wrong length")
    if kind == UNSIGNED and value > I64_MAX:
        raise Refusal("value_out_of_range", "an integer beyond 63 bits")
    if kind == TIMESTAMP and not YEAR_1_MS <= value < YEAR_10000_MS:
        raise Refusal("value_out_of_range", "a date outside the years 1 to 9999")
