"""Which paths a role may write.

A path is the keys from the root down: `lines/l1/quantity`. A pattern is written like a path, with `*` for any one key and, as its
end, `**` for any number of keys, none included: `ship_to/**` covers `ship_to` and all below it.

* Setting a value at a path needs a pattern that matches it.
* Making a map, list or text there needs a pattern that matches it or that lies below it: who may write `lines/*/quantity` must be
  able to make `lines` and `lines/l1`.
* Deleting or replacing a map, list or text needs a pattern that matches it or that lies one key below it: who may write
  `lines/*/quantity` may delete the line `lines/l1`, but not all `lines` at once. Deleting a plain value needs a pattern that matches.
* An element of a list is one key, of no name that a pattern could tell (`*` and `**` match it). Editing a text is
  writing at the path of the text.
* No pattern covers the key `__proto__`: in a browser such a key is no key, and what lies under it would be seen by some readers only.

Patterns become a small automaton that grows as it is walked, so that a key costs one look-up.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

ELEMENT = None
"""Stands for an element of a list where a key is asked for."""

UNWRITABLE = "__proto__"
_Pattern = tuple[str, ...]


class Place:
    """What the patterns say of one path."""

    __slots__ = ("_other", "_rests", "below", "directly_below", "matches", "named")

    def __init__(self, rests: frozenset[_Pattern]) -> None:
        """`rests`: what is left of each pattern that fits so far."""
        self._rests = rests
        self.matches = any(rest in ((), ("**",)) for rest in rests)
        self.directly_below = any(rest and (len(rest) == 1 or rest[1:] == ("**",)) for rest in rests)
        self.below = any(rests)
        self.named: dict[str, Place] = {}
        """The places of the keys that a pattern names."""
        names = {rest[0] for rest in rests if rest} - {"*", "**"}
        self._other: Place | None = None
        for name in names:
            self.named[name] = _place(frozenset(_after(rests, name)))
        if rests:
            self.named[UNWRITABLE] = _place(frozenset())

    def at(self, key: str | None) -> Place:
        """The place one key further down."""
        found = self.named.get(key) if key is not None else None
        if found is not None:
            return found
        if self._other is None:
            self._other = _place(frozenset(_after(self._rests, None)))
        return self._other


def _after(rests: Iterable[_Pattern], name: str | None) -> Iterable[_Pattern]:
    for rest in rests:
        if not rest:
            continue
        if rest[0] == "**":
            yield rest
        elif rest[0] == "*" or rest[0] == name:
            yield rest[1:]


@lru_cache(maxsize=4096)
def _place(rests: frozenset[_Pattern]) -> Place:
    return Place(rests)


@lru_cache(maxsize=256)
def root_of(patterns: tuple[str, ...]) -> Place:
    """The place of the root for these patterns. ValueError when `**` stands elsewhere than at the end, or a pattern is empty."""
    rests = set()
    for pattern in patterns:
        keys = tuple(pattern.split("/"))
        if "**" in keys[:-1] or not all(keys):
            raise ValueError(f"not a pattern of paths: {pattern!r}")
        rests.add(keys)
    return _place(frozenset(rests))


def written(keys: Iterable[str]) -> str:
    """A path as text; `~` and `/` inside a key as in JSON Pointer (`~0`, `~1`)."""
    return "/".join(key.replace("~", "~0").replace("/", "~1") for key in keys)
