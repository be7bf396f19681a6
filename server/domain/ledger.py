"""Posting sets: every one sums to zero for each (ledger, item); what is wrong is reversed and posted anew, never edited."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .decision import BalanceKey, Posting

PostingSets = Mapping[str, tuple[Posting, ...]]


class Unbalanced(ValueError):
    """A posting set that does not sum to zero: an error of a rule, never of a document."""


def check_balanced(name: str, postings: Iterable[Posting]) -> None:
    """Raises `Unbalanced` unless the legs sum to zero for every (ledger, item) and none of them is empty."""
    sums: dict[tuple[str, str], int] = {}
    for posting in postings:
        if posting.amount == 0:
            raise Unbalanced(f"{name}: a leg of nothing on {posting.account}")
        key = (posting.ledger, posting.item)
        sums[key] = sums.get(key, 0) + posting.amount
    for (ledger, item), amount in sums.items():
        if amount:
            raise Unbalanced(f"{name}: {ledger} of {item} is off by {amount}")


def move(ledger: str, source: str, target: str, item: str, amount: int) -> tuple[Posting, Posting]:
    """Two legs: so much of the item from one account to another."""
    return Posting(ledger, source, item, -amount), Posting(ledger, target, item, amount)  # type: ignore[arg-type]


def reverse(postings: Iterable[Posting]) -> tuple[Posting, ...]:
    return tuple(Posting(each.ledger, each.account, each.item, -each.amount) for each in postings)


def difference(standing: PostingSets, wanted: PostingSets) -> dict[str, tuple[Posting, ...]]:
    """What is to be posted, by set, so that `wanted` stands instead of `standing`: reversals first, then the new legs.

    Sets that are the same are left alone, so the same decision twice posts nothing.
    """
    changes: dict[str, tuple[Posting, ...]] = {}
    for name in sorted(standing.keys() | wanted.keys()):
        before, after = standing.get(name, ()), wanted.get(name, ())
        if not before:
            if after:
                changes[name] = tuple(after)
            continue
        if sorted(before) != sorted(after):
            changes[name] = reverse(before) + tuple(after)
    return changes


def sums(postings: Iterable[Posting]) -> dict[BalanceKey, int]:
    """The balance of each account that the postings touch; accounts that come to zero are left out."""
    found: dict[BalanceKey, int] = {}
    for posting in postings:
        found[posting.key] = found.get(posting.key, 0) + posting.amount
    return {key: amount for key, amount in found.items() if amount}
