"""A CSV file as typed rows, or the list of everything that is wrong with it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import msgspec

_MOST_ROWS = 1_000_000


class Fault(msgspec.Struct, frozen=True):
    """One thing that is wrong. `row` is the line in the file, 1 being the headings."""

    row: int
    column: str
    got: str
    expected: str


class Column(msgspec.Struct, frozen=True):
    """A value that a row has. `parse` raises ValueError; `expected` says in words what it takes."""

    name: str
    parse: Callable[[str], Any]
    expected: str
    required: bool = True
    default: Any = None


class Row(msgspec.Struct, frozen=True):
    number: int
    values: dict[str, Any]


class Sheet(msgspec.Struct):
    rows: list[Row]
    faults: list[Fault]

    def unique(self, *names: str) -> None:
        """Adds a fault for every row whose values of these columns an earlier row has already."""
        seen: dict[tuple[Any, ...], int] = {}
        for row in self.rows:
            key = tuple(row.values.get(name) for name in names)
            if None not in key and key in seen:
                shown = " ".join(map(str, key))
                self.faults.append(Fault(row.number, names[-1], shown, f"not in line {seen[key]} already"))
            seen.setdefault(key, row.number)


def read_sheet(
    path: Path,
    columns: Sequence[Column],
    headings: Mapping[str, str] | None = None,
    constants: Mapping[str, str] | None = None,
) -> Sheet:
    """Reads the file. `headings`: a column's heading where it is another; `constants`: one value for all rows.

    UTF-8 with or without a mark, or GB18030, as spreadsheets in China write. A file that is no CSV gives a fault.
    """
    headings, constants = headings or {}, constants or {}
    faults: list[Fault] = []
    known = {column.name for column in columns}
    for name in [*headings, *constants]:
        if name not in known:
            faults.append(Fault(1, name, name, "one of " + ", ".join(sorted(known))))
    reader = csv.reader(io.StringIO(_text(path.read_bytes()), newline=""), strict=True)
    try:
        heads = [head.strip() for head in next(reader, [])]
        places = _places(columns, heads, headings, constants, faults)
        if faults:
            return Sheet([], faults)
        rows: list[Row] = []
        for cells in reader:
            if not any(cells):
                continue
            if len(rows) >= _MOST_ROWS:
                faults.append(Fault(reader.line_num, "", "more rows", f"at most {_MOST_ROWS}"))
                break
            if len(cells) != len(heads):
                faults.append(Fault(reader.line_num, "", f"{len(cells)} cells", f"{len(heads)}, as in the headings"))
                continue
            rows.append(Row(reader.line_num, _values(reader.line_num, cells, columns, places, constants, faults)))
    except csv.Error as error:
        faults.append(Fault(reader.line_num, "", str(error), "a CSV file"))
        rows = []
    return Sheet(rows, faults)


def _text(octets: bytes) -> str:
    try:
        return octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        return octets.decode("gb18030", errors="replace")


def _places(
    columns: Sequence[Column],
    heads: list[str],
    headings: Mapping[str, str],
    constants: Mapping[str, str],
    faults: list[Fault],
) -> dict[str, int]:
    places = {}
    for column in columns:
        head = headings.get(column.name, column.name)
        if column.name in constants:
            continue
        if heads.count(head) > 1:
            faults.append(Fault(1, head, "twice", "each heading once"))
        elif head in heads:
            places[column.name] = heads.index(head)
        elif column.required or column.name in headings:
            faults.append(Fault(1, head, "no such heading", f"a column {head}: {column.expected}"))
    return places


def _values(
    number: int,
    cells: list[str],
    columns: Sequence[Column],
    places: Mapping[str, int],
    constants: Mapping[str, str],
    faults: list[Fault],
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for column in columns:
        cell = constants.get(column.name, cells[places[column.name]].strip() if column.name in places else "")
        values[column.name] = column.default
        if cell == "" or cell == "NULL":
            if column.required:
                faults.append(Fault(number, column.name, "nothing", column.expected))
            continue
        try:
            values[column.name] = column.parse(cell)
        except (ValueError, KeyError, ArithmeticError):  # 1e9999999 is a decimal, and overflows
            faults.append(Fault(number, column.name, cell[:80], column.expected))
    return values


# --- what a cell may hold --------------------------------------------------------------------------------------------

_KEY = re.compile(r"[A-Za-z0-9._:@-]{1,64}")


def key(cell: str) -> str:
    if not _KEY.fullmatch(cell):
        raise ValueError
    return cell


def words(cell: str) -> str:
    if len(cell) > 500 or "\0" in cell:
        raise ValueError
    return cell


def day(cell: str) -> str:
    return date.fromisoformat(cell[:10]).isoformat()


def flag(cell: str) -> bool:
    return {"1": True, "true": True, "yes": True, "是": True, "0": False, "false": False, "no": False, "否": False}[
        cell.lower()
    ]


def _scaled(cell: str, scale: int, *, exact: bool) -> int:
    number = Decimal(cell.replace(",", ""))
    if not number.is_finite() or abs(number) > 10**12:
        raise ValueError
    scaled = number * scale
    whole = scaled.to_integral_value(ROUND_HALF_UP)
    # Exported floats (9.80000019) are a decimal with noise; a real third place is not noise.
    if abs(scaled - whole) > (0 if exact else Decimal("0.01")):
        raise ValueError
    return int(whole)


def minor(cell: str) -> int:
    """Minor units of a currency with two places."""
    return _scaled(cell, 100, exact=False)


def basis_points(cell: str) -> int:
    points = _scaled(cell, 10_000, exact=False)
    if not 0 <= points <= 10_000:
        raise ValueError
    return points


def thousandths(cell: str) -> int:
    return _scaled(cell, 1_000, exact=True)


def one_of(*choices: str) -> Callable[[str], str]:
    def parse(cell: str) -> str:
        if cell not in choices:
            raise ValueError
        return cell

    return parse
