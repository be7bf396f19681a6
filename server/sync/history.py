"""Where a change stands in the history of its document, and what the index holds before and after it."""

from __future__ import annotations

from .chunk import Change
from .index import ACTOR_BITS, Index
from .refusals import Refusal

MAX_COUNTER = 1 << 31
MAX_DOCUMENT_OPERATIONS = 250_000


def check_place_in_history(index: Index, change: Change, deps: list[int], count: int) -> int:
    """Sequence and operation numbers -> the number of the change's actor, one past the end for a new one."""
    stored = index.stored
    actor = index.actor_of.get(change.actor, len(stored.actors))
    seq, own_max = (stored.actor_seq[actor], stored.actor_max[actor]) if actor < len(stored.actors) else (0, 0)
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


def take_in(
    index: Index, change: Change, deps: list[int], actor: int, new_actor: bool, count: int, clock: dict[int, int] | None
) -> int:
    """Puts a checked change at the end of the history -> its number. Its operations are in the index already."""
    stored = index.stored
    number = len(stored.change_actor)
    last_op = change.start + count - 1
    if new_actor:
        index.actor_of[change.actor] = actor
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
    joined = set(deps)
    stored.heads = [*(head for head in stored.heads if head not in joined), number]
    index.head_set = frozenset(stored.heads)
    if last_op > stored.max_op:
        stored.max_op = last_op
    index.change_of[change.hash] = number
    index.remember_clock(number, clock)
    return number


def take_back(index: Index, start: int, count: int, actor: int, marks: tuple[int, int]) -> None:
    """Undoes what checking a change added before it was refused; `marks`: how many objects and slots there were."""
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
    del stored.slot_object[slots:], stored.slot_key[slots:], stored.slot_top[slots:]


def stand(index: Index, slot: int, replaced: list[int], op: int) -> None:
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
