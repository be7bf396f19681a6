"""What must be remembered of a document so that its next change can be checked without reading its history again.

An operation is named by one integer: its counter and the number of its actor in this document (`counter << 16 | actor`). Where
it stands is its *slot*, a pair of object and key; an element of a list or text has no slot of its own but the mark
`-1 - object`, because a text has thousands of them.

Packed with MessagePack as one array: about 60 bytes and 10 bytes an operation.
"""

from __future__ import annotations

from bisect import bisect_left

import msgspec

ROOT = 0
MAP, LIST, TEXT = 0, 2, 4  # the actions that make them; the root is a map
ACTOR_BITS = 16
MAX_ACTORS = 1 << ACTOR_BITS
CLOCK_BITS = 32
"""A mark of a clock: the greatest counter seen of an actor << CLOCK_BITS | its sequence number."""
_CLOCKS = 64
_VERSION = 1


class Stored(msgspec.Struct, array_like=True, gc=False):
    version: int = _VERSION
    actors: list[bytes] = []
    actor_seq: list[int] = []
    actor_last: list[int] = []  # its newest change
    actor_max: list[int] = []  # its greatest counter
    hashes: bytes = b""  # 32 bytes a change, in order of admission
    change_actor: list[int] = []
    change_seq: list[int] = []
    change_max: list[int] = []
    change_deps: list[list[int]] = []
    heads: list[int] = []
    max_op: int = 0
    ops: dict[int, int] = {}  # operation -> slot, or -1 - object for an element
    objects: list[int] = msgspec.field(default_factory=lambda: [0])  # operation that made it; 0: the root
    object_type: list[int] = msgspec.field(default_factory=lambda: [MAP])
    object_slot: list[int] = msgspec.field(default_factory=lambda: [-1])  # where it stands: a slot, or -1 - object
    object_depth: list[int] = msgspec.field(default_factory=lambda: [0])
    gone: list[int] = []  # objects that were deleted or replaced
    slot_object: list[int] = []
    slot_key: list[str | int] = []  # an integer: the element of a list
    slot_top: list[int] = []  # the operation that stands there, 0: none
    slot_several: dict[int, list[int]] = {}  # slots where several stand


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Stored).decode


class Index:
    """The stored part and what is derived from it."""

    __slots__ = ("_changes_by", "actor_of", "change_of", "clocks", "head_set", "object_of", "slot_of", "stored")

    def __init__(self, stored: Stored) -> None:
        self.stored = stored
        hashes = stored.hashes
        self.change_of: dict[bytes, int] = {
            hashes[at : at + 32]: number for number, at in enumerate(range(0, len(hashes), 32))
        }
        self.object_of: dict[int, int] = {op: number for number, op in enumerate(stored.objects)}
        self.slot_of: dict[tuple[int, str | int], int] = {
            pair: number for number, pair in enumerate(zip(stored.slot_object, stored.slot_key, strict=True))
        }
        self.head_set = frozenset(stored.heads)
        self.actor_of: dict[bytes, int] = {actor: number for number, actor in enumerate(stored.actors)}
        self.clocks: dict[int, dict[int, int]] = {}
        """What some changes had seen, themselves included."""
        self._changes_by: dict[int, list[int]] = {}

    @staticmethod
    def load(packed: bytes | None) -> Index:
        """Empty for None. msgspec.DecodeError or ValueError when the bytes are not an index of this version."""
        if packed is None:
            return Index(Stored())
        stored = _decode(packed)
        if stored.version != _VERSION:
            raise ValueError(f"index version {stored.version}")
        return Index(stored)

    def pack(self) -> bytes:
        """For `load`."""
        return _encode(self.stored)

    def __len__(self) -> int:
        """How many changes the document has."""
        return len(self.change_of)

    def heads(self) -> list[bytes]:
        hashes = self.stored.hashes
        return sorted(hashes[head * 32 : head * 32 + 32] for head in self.stored.heads)

    def new_slot(self, number: int, key: str | int, standing: int) -> int:
        """A place in an object, and the operation that stands there (0: none yet)."""
        stored = self.stored
        slot_object = stored.slot_object
        slot = self.slot_of[number, key] = len(slot_object)
        slot_object.append(number)
        stored.slot_key.append(key)
        stored.slot_top.append(standing)
        return slot

    def new_object(self, op: int, kind: int, slot: int, depth: int) -> int:
        stored = self.stored
        number = self.object_of[op] = len(stored.objects)
        stored.objects.append(op)
        stored.object_type.append(kind)
        stored.object_slot.append(slot)
        stored.object_depth.append(depth)
        return number

    def clock(self, deps: list[int]) -> dict[int, int] | None:
        """What a change that builds on `deps` has seen: actor -> mark. None: everything.

        One walk over the history, which ends where a clock is remembered.
        """
        if self.head_set == frozenset(deps):
            return None
        stored = self.stored
        actors, seqs, maxima, all_deps = stored.change_actor, stored.change_seq, stored.change_max, stored.change_deps
        seen: dict[int, int] = {}
        visited = set(deps)
        left = list(deps)
        while left:
            at = left.pop()
            known = self.clocks.get(at)
            if known is not None:
                for actor, mark in known.items():
                    if mark > seen.get(actor, 0):
                        seen[actor] = mark
                continue
            actor = actors[at]
            mark = maxima[at] << CLOCK_BITS | seqs[at]
            if mark > seen.get(actor, 0):
                seen[actor] = mark
            for dep in all_deps[at]:
                if dep not in visited:
                    visited.add(dep)
                    left.append(dep)
        return seen

    def remember_clock(self, change: int, before: dict[int, int] | None) -> None:
        """After the admission of `change`: the one that builds on it need not walk the history."""
        if before is not None:
            stored = self.stored
            actor = stored.change_actor[change]
            if len(self.clocks) >= _CLOCKS:
                self.clocks.clear()
            self.clocks[change] = before | {actor: stored.change_max[change] << CLOCK_BITS | stored.change_seq[change]}

    def _is_visible(self, number: int, gone: set[int]) -> bool:
        """Whether an object and all that it stands in are there still, and are what shows where they stand."""
        stored = self.stored
        while number != ROOT:
            if number in gone:
                return False
            slot = stored.object_slot[number]
            several = stored.slot_several.get(slot)
            if several is not None and max(several, key=self._rank) != stored.objects[number]:
                return False
            number = stored.slot_object[slot] if slot >= 0 else -1 - slot
        return True

    def path_of(self, number: int) -> list[str]:
        """Keys from the root to an object; an element of a list is named `[12@actor]`, by the operation that put it there."""
        stored = self.stored
        keys: list[str] = []
        while number != ROOT:
            slot = stored.object_slot[number]
            if slot >= 0:
                keys.append(self.key_name(stored.slot_key[slot]))
                number = stored.slot_object[slot]
            else:
                keys.append(self.key_name(stored.objects[number]))
                number = -1 - slot
        return keys[::-1]

    def key_name(self, key: str | int) -> str:
        return key if isinstance(key, str) else f"[{self.op_name(key)}]"

    def op_name(self, op: int) -> str:
        return f"{op >> ACTOR_BITS}@{self.stored.actors[op & MAX_ACTORS - 1].hex()}"

    def undecided(self, most: int) -> list[tuple[int, int, list[int]]]:
        """Where several operations stand, in sight: (object, slot, operations), the one that shows first. At most so many."""
        stored = self.stored
        gone = set(stored.gone)
        found = []
        for slot, ops in stored.slot_several.items():
            number = stored.slot_object[slot]
            if self._is_visible(number, gone):
                found.append((number, slot, sorted(ops, key=self._rank, reverse=True)))
                if len(found) == most:
                    break
        return found

    def _rank(self, op: int) -> tuple[int, bytes]:
        return op >> ACTOR_BITS, self.stored.actors[op & MAX_ACTORS - 1]

    def change_with(self, op: int) -> bytes:
        """Hash of the change that operation `op` came in."""
        stored = self.stored
        if not self._changes_by:
            for number, actor in enumerate(stored.change_actor):
                self._changes_by.setdefault(actor, []).append(number)
        numbers = self._changes_by[op & MAX_ACTORS - 1]
        number = numbers[bisect_left(numbers, op >> ACTOR_BITS, key=stored.change_max.__getitem__)]
        return stored.hashes[number * 32 : number * 32 + 32]
