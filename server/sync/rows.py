"""The operations of a change as rows, column by column: decoded, counted and every value checked, without any document."""

from __future__ import annotations

from typing import cast

from .columns import boolean_column, delta_column, string_column, unsigned_column
from .refusals import Refusal
from .values import check_values

MAX_OPERATIONS = 20_000
MAX_PREDECESSORS = 20_000

SET, DELETE, INCREMENT, TABLE, MARK = 1, 3, 5, 6, 7
_FORBIDDEN = {INCREMENT: "counter_forbidden", TABLE: "table_forbidden", MARK: "mark_forbidden"}

# Column specifications: id << 4 | type.
_OBJECT_ACTOR, _OBJECT_COUNTER = 0x01, 0x02
_KEY_ACTOR, _KEY_COUNTER, _KEY_STRING = 0x11, 0x13, 0x15
_INSERT, _ACTION, _VALUE_SHAPE, _VALUE = 0x34, 0x42, 0x56, 0x57
_PREDECESSORS, _PREDECESSOR_ACTOR, _PREDECESSOR_COUNTER = 0x70, 0x71, 0x73
_EXPAND, _MARK_NAME = 0x94, 0xA5
_READ = {
    _OBJECT_ACTOR: unsigned_column,
    _OBJECT_COUNTER: unsigned_column,
    _KEY_ACTOR: unsigned_column,
    _KEY_COUNTER: delta_column,
    _KEY_STRING: string_column,
    _INSERT: boolean_column,
    _ACTION: unsigned_column,
    _VALUE_SHAPE: unsigned_column,
    _PREDECESSORS: unsigned_column,
}

_Ids = list[int | None]


class Rows:
    """The rows of a change, column by column. All have the same length; a column that is absent is None."""

    __slots__ = (
        "actions",
        "count",
        "inserts",
        "key_actors",
        "key_counters",
        "keys",
        "names_element",
        "object_actors",
        "object_counters",
        "predecessor_actors",
        "predecessor_counters",
        "predecessors",
        "shapes",
    )

    object_actors: _Ids
    object_counters: _Ids
    key_actors: _Ids
    key_counters: _Ids
    keys: list[str | None]
    names_element: bool
    """Does any row name an element of a list or text, or insert one?"""
    inserts: list[bool]
    shapes: list[int]
    predecessors: list[int]
    predecessor_actors: list[int]
    predecessor_counters: list[int]

    def __init__(self, columns: dict[int, bytes]) -> None:
        """Refusal when a column is unknown, malformed, of another length than the rest, or a value is not allowed."""
        self.count = 0
        self.actions: list[int] = []
        if not columns:  # a change of nothing but its dependencies
            self.object_actors = self.object_counters = self.key_actors = self.key_counters = []
            self.keys, self.inserts, self.shapes = [], [], []
            self.names_element = False
            self.predecessors, self.predecessor_actors, self.predecessor_counters = [], [], []
            return
        for spec in columns:
            if spec not in _READ and spec not in (_VALUE, _PREDECESSOR_ACTOR, _PREDECESSOR_COUNTER):
                if spec in (_EXPAND, _MARK_NAME):
                    raise Refusal("mark_forbidden", "a column of marks")
                raise Refusal("column_unknown", f"column {spec}")
        if _ACTION not in columns:
            raise Refusal("column_malformed", "no actions")
        actions = unsigned_column(columns[_ACTION], MAX_OPERATIONS)
        self.count = count = len(actions)
        self.actions = actions

        def rows(spec: int) -> list:
            octets = columns.get(spec)
            if octets is None:
                return [None] * count
            found = _READ[spec](octets, MAX_OPERATIONS)
            if len(found) != count:
                raise Refusal("column_malformed", f"column {spec} has {len(found)} rows, not {count}")
            return found

        if _INSERT not in columns or _VALUE_SHAPE not in columns or _PREDECESSORS not in columns:
            raise Refusal("column_malformed", "a column is missing")
        self.object_actors = rows(_OBJECT_ACTOR)
        self.object_counters = rows(_OBJECT_COUNTER)
        self.key_actors = rows(_KEY_ACTOR)
        self.key_counters = rows(_KEY_COUNTER)
        self.keys = rows(_KEY_STRING)
        self.inserts = rows(_INSERT)
        self.names_element = _KEY_ACTOR in columns or _KEY_COUNTER in columns or True in self.inserts
        for action in set(actions):
            if action is None or action > MARK:
                raise Refusal("action_unknown", f"action {action}")
            if action in _FORBIDDEN:
                raise Refusal(_FORBIDDEN[action], "")
        self._read_predecessors(columns, rows(_PREDECESSORS))
        self.shapes = rows(_VALUE_SHAPE)
        check_values(actions, self.shapes, columns.get(_VALUE, b""))

    def _read_predecessors(self, columns: dict[int, bytes], counts: list[int | None]) -> None:
        if None in counts:
            raise Refusal("column_malformed", "a row without a number of predecessors")
        self.predecessors = cast("list[int]", counts)
        total = sum(counts)  # type: ignore[arg-type]
        if total > MAX_PREDECESSORS:
            raise Refusal("run_length_cap", f"{total} predecessors where {MAX_PREDECESSORS} are allowed")
        actors = unsigned_column(columns.get(_PREDECESSOR_ACTOR, b""), MAX_PREDECESSORS)
        counters = delta_column(columns.get(_PREDECESSOR_COUNTER, b""), MAX_PREDECESSORS)
        if len(actors) != total or len(counters) != total or None in actors or None in counters:
            raise Refusal(
                "column_malformed", f"{total} predecessors announced, {len(actors)} and {len(counters)} given"
            )
        self.predecessor_actors = actors
        self.predecessor_counters = counters
