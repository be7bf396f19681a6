"""The operations of a change: decoded, and checked against the document before Automerge sees them.

`admit(index, change, root)` either takes the change into the index or raises a `Refusal` and leaves the index as it was.
"""

from __future__ import annotations

from .chunk import Change
from .columns import boolean_column, delta_column, string_column, unsigned_column
from .index import ACTOR_BITS, CLOCK_BITS, LIST, MAP, MAX_ACTORS, TEXT, Index
from .paths import ELEMENT, Place, written
from .refusals import Refusal
from .values import STRING, check_values

MAX_OPERATIONS = 20_000
MAX_PREDECESSORS = 20_000
MAX_COUNTER = 1 << 31
MAX_DEPTH = 32
MAX_KEY_BYTES = 512
MAX_DOCUMENT_OPERATIONS = 1_000_000

SET, DELETE, INCREMENT, TABLE, MARK = 1, 3, 5, 6, 7
_MAKES = frozenset((MAP, LIST, TEXT))
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


class Operations:
    """The rows of a change, column by column. All have the same length; a column that is absent is None."""

    __slots__ = (
        "actions",
        "count",
        "inserts",
        "key_actors",
        "key_counters",
        "keys",
        "object_actors",
        "object_counters",
        "predecessor_actors",
        "predecessor_counters",
        "predecessors",
        "shapes",
    )

    def __init__(self, columns: dict[int, bytes]) -> None:
        """Refusal when a column is unknown, malformed, of another length than the rest, or a value is not allowed."""
        self.count = 0
        if not columns:
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
        self.actions: list[int] = actions

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
        self.object_actors: _Ids = rows(_OBJECT_ACTOR)
        self.object_counters: _Ids = rows(_OBJECT_COUNTER)
        self.key_actors: _Ids = rows(_KEY_ACTOR)
        self.key_counters: _Ids = rows(_KEY_COUNTER)
        self.keys: list[str | None] = rows(_KEY_STRING)
        self.inserts: list[bool] = rows(_INSERT)
        for action in set(actions):
            if action is None or action > MARK:
                raise Refusal("action_unknown", f"action {action}")
            if action in _FORBIDDEN:
                raise Refusal(_FORBIDDEN[action], "")
        self._read_predecessors(columns, rows(_PREDECESSORS))
        self.shapes: list[int] = rows(_VALUE_SHAPE)
        check_values(actions, self.shapes, columns.get(_VALUE, b""))

    def _read_predecessors(self, columns: dict[int, bytes], counts: list[int | None]) -> None:
        if None in counts:
            raise Refusal("column_malformed", "a row without a number of predecessors")
        self.predecessors = counts
        total = sum(counts)  # type: ignore[arg-type]
        if total > MAX_PREDECESSORS:
            raise Refusal("run_length_cap", f"{total} predecessors where {MAX_PREDECESSORS} are allowed")
        actors = unsigned_column(columns.get(_PREDECESSOR_ACTOR, b""), MAX_PREDECESSORS)
        counters = delta_column(columns.get(_PREDECESSOR_COUNTER, b""), MAX_PREDECESSORS)
        if len(actors) != total or len(counters) != total or None in actors or None in counters:
            raise Refusal(
                "column_malformed", f"{total} predecessors announced, {len(actors)} and {len(counters)} given"
            )
        self.predecessor_actors: list[int] = actors
        self.predecessor_counters: list[int] = counters


def admit(index: Index, change: Change, root: Place) -> int:
    """Checks a change whose dependencies are in the index, and takes it in -> its number there. Refusal: nothing was changed.

    `root` says which paths may be written.
    """
    stored = index.stored
    try:
        deps = [index.change_of[dep] for dep in change.deps]
    except KeyError:
        raise Refusal("dependency_missing", "") from None
    rows = Operations(change.columns)
    actor = _check_place_in_history(index, change, deps, rows.count)
    clock = index.clock(deps)
    if clock is not None and actor < len(stored.actors) and change.seq > 1:
        last = stored.actor_last[actor]
        if clock.get(actor, 0) < stored.change_max[last] << CLOCK_BITS | stored.change_seq[last]:
            raise Refusal("own_change_missing", "")
    actors = [actor]
    if change.others:
        for other in change.others:
            try:
                actors.append(stored.actors.index(other))
            except ValueError:
                raise Refusal("actor_unknown", other.hex()) from None
    new_actor = actor == len(stored.actors)
    if new_actor:
        if actor >= MAX_ACTORS:
            raise Refusal("document_full", f"{actor} actors")
        stored.actors.append(change.actor)
    marks = len(stored.objects), len(stored.slot_object)
    try:
        standing = _check_operations(index, change, rows, actors, clock, root) if rows.count else []
    except Refusal:
        _take_back(index, change.start, rows.count, actor, marks)
        if new_actor:
            stored.actors.pop()
        raise
    for slot, replaced, op in standing:
        _stand(index, slot, replaced, op)
    return _take_in(index, change, deps, actor, new_actor, rows.count, clock)


def _check_place_in_history(index: Index, change: Change, deps: list[int], count: int) -> int:
    """Sequence and operation numbers -> the number of the change's actor, one past the end for a new one."""
    stored = index.stored
    try:
        actor = stored.actors.index(change.actor)
    except ValueError:
        actor = len(stored.actors)
        seq = own_max = 0
    else:
        seq, own_max = stored.actor_seq[actor], stored.actor_max[actor]
    if change.seq != seq + 1:
        code = "sequence_used" if change.seq <= seq else "sequence_gap"
        raise Refusal(code, f"sequence number {change.seq} after {seq}")
    start = change.start
    seen = own_max
    for dep in deps:
        if stored.change_max[dep] > seen:
            seen = stored.change_max[dep]
    if start <= seen:
        raise Refusal("operation_id_used", f"begins at {start}, {seen} is taken")
    if start > stored.max_op + 1 or start + count > MAX_COUNTER:
        raise Refusal("operation_id_gap", f"begins at {start} after {stored.max_op}")
    if len(stored.ops) + count > MAX_DOCUMENT_OPERATIONS:
        raise Refusal("document_full", f"{len(stored.ops)} operations")
    return actor


def _take_in(
    index: Index, change: Change, deps: list[int], actor: int, new_actor: bool, count: int, clock: dict[int, int] | None
) -> int:
    stored = index.stored
    number = len(stored.change_actor)
    last_op = change.start + count - 1
    if new_actor:
        stored.actor_seq.append(change.seq)
        stored.actor_last.append(number)
        stored.actor_max.append(last_op)
    else:
        stored.actor_seq[actor] = change.seq
        stored.actor_last[actor] = number
        stored.actor_max[actor] = last_op
    stored.hashes += change.hash
    stored.change_actor.append(actor)
    stored.change_seq.append(change.seq)
    stored.change_max.append(last_op)
    stored.change_deps.append(deps)
    stored.heads = [head for head in stored.heads if head not in deps]
    stored.heads.append(number)
    index.head_set = frozenset(stored.heads)
    if last_op > stored.max_op:
        stored.max_op = last_op
    index.change_of[change.hash] = number
    index.remember_clock(number, clock)
    return number


def _take_back(index: Index, start: int, count: int, actor: int, marks: tuple[int, int]) -> None:
    stored = index.stored
    objects, slots = marks
    for counter in range(start, start + count):
        stored.ops.pop(counter << ACTOR_BITS | actor, None)
    for op in stored.objects[objects:]:
        del index.object_of[op]
    for column in (stored.objects, stored.object_type, stored.object_slot, stored.object_depth):
        del column[objects:]
    for pair in zip(stored.slot_object[slots:], stored.slot_key[slots:], strict=True):
        del index.slot_of[pair]
    for column in (stored.slot_object, stored.slot_key, stored.slot_top):
        del column[slots:]


def _stand(index: Index, slot: int, replaced: list[int], op: int) -> None:
    """`op` (0: nothing, it was deleted) now stands in the slot (below 0: an element of a list) in place of those replaced."""
    stored = index.stored
    for former in replaced:
        if former in index.object_of:
            stored.gone.append(index.object_of[former])
    if slot < 0:
        return
    standing = stored.slot_several.pop(slot, None)
    if standing is None:
        top = stored.slot_top[slot]
        standing = [top] if top else []
    left = [former for former in standing if former not in replaced]
    if op:
        left.append(op)
    stored.slot_top[slot] = left[-1] if left else 0
    if len(left) > 1:
        stored.slot_several[slot] = left


def _check_operations(
    index: Index, change: Change, rows: Operations, actors: list[int], clock: dict[int, int] | None, root: Place
) -> list[tuple[int, list[int], int]]:
    """Every reference of every operation -> what stands where afterwards. Adds operations, objects and slots to the index as it goes."""
    stored = index.stored
    ops, objects, object_of, slot_of = stored.ops, stored.objects, index.object_of, index.slot_of
    actor = actors[0]
    own = change.start << ACTOR_BITS | actor
    places: dict[int, Place] = {0: root}
    standing: list[tuple[int, list[int], int]] = []
    last_object: tuple[int | None, int | None] = (None, None)
    number, kind, place = 0, MAP, root
    predecessor = 0

    def named(counter: int, which: int, code: str) -> int:
        if which >= len(actors):
            raise Refusal("actor_unknown", f"actor {which} of {len(actors)}")
        if counter >= MAX_COUNTER:
            raise Refusal(code, f"operation {counter}")
        whose = actors[which]
        if clock is not None and counter > clock.get(whose, 0) >> CLOCK_BITS and (which or counter < change.start):
            raise Refusal(code, f"operation {counter} is not among what the change has seen")
        return counter << ACTOR_BITS | whose

    for row, (action, key, insert, count) in enumerate(
        zip(rows.actions, rows.keys, rows.inserts, rows.predecessors, strict=True)
    ):
        counter, which = rows.object_counters[row], rows.object_actors[row]
        if (counter, which) != last_object:
            if counter is None or which is None:
                if counter is not which:
                    raise Refusal("operation_malformed", "half an object id")
                number = 0
            else:
                made_by = named(counter, which, "object_unknown")
                if not counter or made_by not in object_of:
                    raise Refusal("object_unknown", f"object {counter}")
                number = object_of[made_by]
            last_object = counter, which
            kind = stored.object_type[number]
            place = places.get(number) or _place_of(index, number, places)
        op = own + (row << ACTOR_BITS)
        key_counter, key_actor = rows.key_counters[row], rows.key_actors[row]
        replaced: list[int] = []
        if count:
            before = (-1, b"")
            for at in range(predecessor, predecessor + count):
                at_counter, at_actor = rows.predecessor_counters[at], rows.predecessor_actors[at]
                former = named(at_counter, at_actor, "predecessor_unknown")
                rank = (at_counter, stored.actors[former & MAX_ACTORS - 1])
                if rank <= before:
                    raise Refusal("not_canonical", "predecessors are not in order")
                before = rank
                replaced.append(former)
            predecessor += count
        if kind == MAP:
            if key is None or key_counter is not None or key_actor is not None:
                raise Refusal("object_wrong_type", "an element is named in a map")
            if insert:
                raise Refusal("operation_malformed", "an insertion into a map")
            slot = slot_of.get((number, key), -1)
            if slot < 0:
                if replaced:
                    raise Refusal(_predecessor_code(ops, replaced[0]), f"at {key[:64]!r}")
                if len(key) * 4 > MAX_KEY_BYTES and len(key.encode()) > MAX_KEY_BYTES:
                    raise Refusal("key_too_long", f"{len(key)} characters")
                slot = slot_of[number, key] = len(stored.slot_object)
                stored.slot_object.append(number)
                stored.slot_key.append(key)
                stored.slot_top.append(0)
            else:
                for former in replaced:
                    if ops.get(former) != slot:
                        raise Refusal(_predecessor_code(ops, former), f"at {key[:64]!r}")
            target = place.at(key)
        else:
            if key is not None or key_counter is None:
                raise Refusal("object_wrong_type", "a key is named in a list or text")
            if kind == TEXT and action == SET and rows.shapes[row] & 15 != STRING:
                raise Refusal("operation_malformed", "something else than characters in a text")
            slot, target = _check_element(
                index, number, kind, place, insert, key_counter, key_actor, replaced, action, named
            )
        if action == SET:
            allowed = target.matches
        elif action == DELETE:
            if not replaced:
                raise Refusal("predecessor_unknown", "a deletion of nothing")
            allowed = target.matches or (target.directly_below and all(former in object_of for former in replaced))
        else:
            allowed = target.matches or (target.directly_below if replaced else target.below)
        if not allowed:
            keys = [*index.path_of(number), key if key is not None else "[]"]
            raise Refusal("path_forbidden", written(keys)[:200])
        if action == DELETE:
            standing.append((slot, replaced, 0))
            continue
        ops[op] = slot
        if action != SET:
            depth = stored.object_depth[number] + 1
            if depth > MAX_DEPTH:
                raise Refusal("depth_exceeded", f"depth {depth}")
            made = object_of[op] = len(objects)
            objects.append(op)
            stored.object_type.append(action)
            stored.object_slot.append(slot)
            stored.object_depth.append(depth)
            places[made] = target
        if slot >= 0 or replaced:
            standing.append((slot, replaced, op))
    return standing


def _check_element(index, number, kind, place, insert, counter, which, replaced, action, named):  # type: ignore[no-untyped-def]
    """An operation on a list or text -> (its slot, what the patterns say of it)."""
    stored = index.stored
    mark = -1 - number
    if which is None:
        if counter:
            raise Refusal("operation_malformed", "half an element id")
        if not insert:
            raise Refusal("element_unknown", "only an insertion may stand at the head")
        element = 0
    else:
        element = named(counter, which, "element_unknown")
        if not counter or stored.ops.get(element) != mark:
            raise Refusal("element_unknown", f"element {counter}")
    if kind == TEXT:
        if action not in (SET, DELETE):
            raise Refusal("object_wrong_type", "an object inside a text")
        target = place
    else:
        target = place.at(ELEMENT)
    if insert:
        if action == DELETE or replaced:
            raise Refusal("operation_malformed", "an insertion that replaces")
        return mark, target
    if not replaced:
        raise Refusal("predecessor_unknown", "an element is set without naming its value")
    slot = index.slot_of.get((number, element), -1)
    for former in replaced:
        if former != element and (slot < 0 or stored.ops.get(former) != slot):
            raise Refusal(_predecessor_code(stored.ops, former), "in a list")
    if slot < 0 and action != DELETE:
        slot = index.slot_of[number, element] = len(stored.slot_object)
        stored.slot_object.append(number)
        stored.slot_key.append(element)
        stored.slot_top.append(element)
    return slot, target


def _predecessor_code(ops: dict[int, int], former: int) -> str:
    return "predecessor_elsewhere" if former in ops else "predecessor_unknown"


def _place_of(index: Index, number: int, places: dict[int, Place]) -> Place:
    """What the patterns say of the path of an object; remembered in `places`."""
    found = places.get(number)
    if found is None:
        stored = index.stored
        slot = stored.object_slot[number]
        if slot < 0:
            found = _place_of(index, -1 - slot, places).at(ELEMENT)
        else:
            key = stored.slot_key[slot]
            above = _place_of(index, stored.slot_object[slot], places)
            found = above.at(key if isinstance(key, str) else ELEMENT)
        places[number] = found
    return found
