"""The operations of a change, checked against the document before Automerge sees them.

`admit(index, change, root)` either takes the change into the index or raises a `Refusal` and leaves the index as it was.
"""

from __future__ import annotations

from .chunk import Change
from .history import MAX_COUNTER, check_place_in_history, stand, take_back, take_in
from .index import ACTOR_BITS, CLOCK_BITS, MAP, MAX_ACTORS, ROOT, TEXT, Index
from .paths import ELEMENT, Place, written
from .refusals import Refusal
from .rows import DELETE, SET, Rows
from .values import STRING

MAX_DEPTH = 32
MAX_KEY_BYTES = 512
_SHORT_KEY = MAX_KEY_BYTES // 4
"""Characters that take no more bytes than are allowed, whatever they are."""
_NOTHING: list[int] = []


def admit(index: Index, change: Change, root: Place) -> int:
    """Checks a change whose dependencies are in the index, and takes it in -> its number there. Refusal: nothing was changed.

    `root` says which paths may be written.
    """
    stored = index.stored
    try:
        deps = [index.change_of[dep] for dep in change.deps]
    except KeyError:
        raise Refusal("dependency_missing", "") from None
    rows = Rows(change.columns)
    actor = check_place_in_history(index, change, deps, rows.count)
    clock = index.clock(deps)
    if clock is not None and actor < len(stored.actors) and change.seq > 1:
        last = stored.actor_last[actor]
        if clock.get(actor, 0) < stored.change_max[last] << CLOCK_BITS | stored.change_seq[last]:
            raise Refusal("own_change_missing", "")
    actors = [actor]
    if change.others:
        for other in change.others:
            number = index.actor_of.get(other)
            if number is None:
                raise Refusal("actor_unknown", other.hex())
            actors.append(number)
    new_actor = actor == len(stored.actors)
    if new_actor:
        if actor >= MAX_ACTORS:
            raise Refusal("document_full", f"{actor} actors")
        stored.actors.append(change.actor)
    marks = len(stored.objects), len(stored.slot_object)
    try:
        checking = _Checking(index, change, rows, actors, clock, root)
        checking.run()
    except Refusal:
        take_back(index, change.start, rows.count, actor, marks)
        if new_actor:
            stored.actors.pop()
        raise
    for slot, replaced, op in checking.standing:
        stand(index, slot, replaced, op)
    return take_in(index, change, deps, actor, new_actor, rows.count, clock)


class _Checking:
    """One change against one document. Adds operations, objects and slots to the index as it goes."""

    __slots__ = ("actors", "change", "clock", "index", "places", "predecessor", "rows", "standing", "stored")

    def __init__(
        self, index: Index, change: Change, rows: Rows, actors: list[int], clock: dict[int, int] | None, root: Place
    ) -> None:
        """`actors`: for each actor of the change, its own first, the number that the document has for it."""
        self.index = index
        self.stored = index.stored
        self.change = change
        self.rows = rows
        self.actors = actors
        self.clock = clock
        self.places: dict[int, Place] = {ROOT: root}
        self.predecessor = 0
        """Where the predecessors of the next row begin."""
        self.standing: list[tuple[int, list[int], int]] = []
        """Slot, what goes from there, what comes instead: for afterwards."""

    def run(self) -> None:
        """Every reference of every operation. Refusal for the first that is wrong."""
        rows, stored, places = self.rows, self.stored, self.places
        object_type, ops, standing = stored.object_type, stored.ops, self.standing
        names, elements, slot_of, new_slot = rows.keys, rows.names_element, self.index.slot_of, self.index.new_slot
        op = self.change.start << ACTOR_BITS | self.actors[0]
        object_counter = object_actor = None
        number, kind, place = ROOT, MAP, places[ROOT]
        for row, (action, counter, actor, count) in enumerate(
            zip(rows.actions, rows.object_counters, rows.object_actors, rows.predecessors, strict=True)
        ):
            if counter != object_counter or actor != object_actor:
                number = self._object(counter, actor)
                object_counter, object_actor = counter, actor
                kind = object_type[number]
                place = places.get(number) or self._place_of(number)
            replaced = self._predecessors(count) if count else _NOTHING
            key = names[row]
            if key and not count and kind == MAP and action != DELETE and not elements and len(key) <= _SHORT_KEY:
                # Nearly every operation: a new key of a map. What follows would say the same of it, by a longer way.
                target = place.named.get(key) or place.at(key)
                if target.matches and (number, key) not in slot_of:
                    ops[op] = slot = new_slot(number, key, op)
                    if action != SET:
                        self._make(op, action, number, slot, target)
                    op += 1 << ACTOR_BITS
                    continue
            if kind == MAP:
                slot, target, fresh = self._in_map(row, number, replaced, place, op)
            else:
                slot, target = self._in_sequence(row, number, replaced, place, kind == TEXT)
                fresh = False
            if not target.matches and not self._is_allowed(action, target, replaced):
                keys = [*self.index.path_of(number), rows.keys[row] or "[]"]
                raise Refusal("path_forbidden", written(keys)[:200])
            if action == DELETE:
                if not replaced:
                    raise Refusal("predecessor_unknown", "a deletion of nothing")
                standing.append((slot, replaced, 0))
            else:
                ops[op] = slot
                if action != SET:
                    self._make(op, action, number, slot, target)
                if slot >= 0 and not fresh:
                    standing.append((slot, replaced, op))
            op += 1 << ACTOR_BITS

    def _named(self, counter: int, actor: int, code: str) -> int:
        """The operation that a row names; `code` when the change cannot have seen it."""
        if actor >= len(self.actors):
            raise Refusal("actor_unknown", f"actor {actor} of {len(self.actors)}")
        if not 0 < counter < MAX_COUNTER:
            raise Refusal(code, f"operation {counter}")
        whose = self.actors[actor]
        if self.clock is not None and (actor or counter < self.change.start):
            seen = self.clock.get(whose, 0) >> CLOCK_BITS
            if counter > seen:
                raise Refusal(code, f"operation {counter} is not among what the change has seen")
        return counter << ACTOR_BITS | whose

    def _object(self, counter: int | None, actor: int | None) -> int:
        if counter is None or actor is None:
            if counter is not actor:
                raise Refusal("operation_malformed", "half an object id")
            return ROOT
        number = self.index.object_of.get(self._named(counter, actor, "object_unknown"))
        if number is None:
            raise Refusal("object_unknown", f"object {counter}")
        return number

    def _predecessors(self, count: int) -> list[int]:
        rows, actors = self.rows, self.stored.actors
        begin = self.predecessor
        self.predecessor = end = begin + count
        found: list[int] = []
        before = (0, b"")
        for counter, actor in zip(
            rows.predecessor_counters[begin:end], rows.predecessor_actors[begin:end], strict=True
        ):
            former = self._named(counter, actor, "predecessor_unknown")
            if count > 1:
                rank = (counter, actors[former & MAX_ACTORS - 1])
                if rank <= before:
                    raise Refusal("not_canonical", "predecessors are not in order")
                before = rank
            found.append(former)
        return found

    def _in_map(self, row: int, number: int, replaced: list[int], place: Place, op: int) -> tuple[int, Place, bool]:
        """An operation on a map -> (its slot, what the patterns say of it, whether it made the slot and stands in it)."""
        rows, index = self.rows, self.index
        key = rows.keys[row]
        if key is None or rows.key_counters[row] is not None or rows.key_actors[row] is not None:
            raise Refusal("object_wrong_type", "an element is named in a map")
        if not key or rows.inserts[row]:
            raise Refusal("operation_malformed", "an insertion into a map" if key else "an empty key")
        slot = index.slot_of.get((number, key), -1)
        if replaced:
            ops = self.stored.ops
            for former in replaced:
                if slot < 0 or ops.get(former) != slot:
                    raise self._wrong_predecessor(former)
        fresh = slot < 0
        if fresh:
            if len(key) * 4 > MAX_KEY_BYTES and len(key.encode()) > MAX_KEY_BYTES:
                raise Refusal("key_too_long", f"{len(key)} characters")
            slot = index.new_slot(number, key, op)
        return slot, place.named.get(key) or place.at(key), fresh

    def _in_sequence(
        self, row: int, number: int, replaced: list[int], place: Place, is_text: bool
    ) -> tuple[int, Place]:
        """An operation on a list or text -> (its slot, -1 - object for an element as it was put in, what the patterns say of it)."""
        rows, ops = self.rows, self.stored.ops
        mark = -1 - number
        action, insert = rows.actions[row], rows.inserts[row]
        counter, actor = rows.key_counters[row], rows.key_actors[row]
        if rows.keys[row] is not None or counter is None:
            raise Refusal("object_wrong_type", "a key is named in a list or text")
        if is_text and action != DELETE and (action != SET or rows.shapes[row] & 15 != STRING):
            raise Refusal("operation_malformed", "something else than characters in a text")
        if actor is None:
            if counter or not insert:
                raise Refusal("element_unknown", "only an insertion may stand at the head")
            element = 0
        else:
            element = self._named(counter, actor, "element_unknown")
            if ops.get(element) != mark:
                raise Refusal("element_unknown", f"element {counter}")
        target = place if is_text else place.at(ELEMENT)
        if insert:
            if replaced or action == DELETE:
                raise Refusal("operation_malformed", "an insertion that replaces")
            return mark, target
        if not replaced:
            raise Refusal("predecessor_unknown", "an element is set without naming its value")
        slot = self.index.slot_of.get((number, element), -1)
        for former in replaced:
            if former != element and (slot < 0 or ops.get(former) != slot):
                raise self._wrong_predecessor(former)
        if slot < 0:
            slot = mark if action == DELETE else self.index.new_slot(number, element, element)
        return slot, target

    def _wrong_predecessor(self, former: int) -> Refusal:
        code = "predecessor_elsewhere" if former in self.stored.ops else "predecessor_unknown"
        return Refusal(code, f"operation {former >> ACTOR_BITS}")

    def _is_allowed(self, action: int, target: Place, replaced: list[int]) -> bool:
        """Of a path that no pattern matches: is one below it enough?"""
        if action == SET:
            return False
        if not replaced:
            return target.below
        object_of = self.index.object_of
        return target.directly_below and all(former in object_of for former in replaced)

    def _make(self, op: int, kind: int, inside: int, slot: int, place: Place) -> None:
        depth = self.stored.object_depth[inside] + 1
        if depth > MAX_DEPTH:
            raise Refusal("depth_exceeded", f"depth {depth}")
        self.places[self.index.new_object(op, kind, slot, depth)] = place

    def _place_of(self, number: int) -> Place:
        """What the patterns say of the path of an object."""
        found = self.places.get(number)
        if found is None:
            stored = self.stored
            slot = stored.object_slot[number]
            if slot < 0:
                found = self._place_of(-1 - slot).at(ELEMENT)
            else:
                key = stored.slot_key[slot]
                found = self._place_of(stored.slot_object[slot]).at(key if isinstance(key, str) else ELEMENT)
            self.places[number] = found
        return found
