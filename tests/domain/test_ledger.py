from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.decision import Posting
from server.domain.ledger import Unbalanced, check_balanced, difference, move, reverse, sums

moves = st.builds(
    lambda source, target, item, amount: move("stock", source, target, item, amount),
    st.sampled_from("ab"), st.sampled_from("cd"), st.sampled_from("xy"), st.integers(1, 100),
)  # fmt: skip
sets = st.dictionaries(st.sampled_from(["one", "two"]), st.lists(moves, max_size=3).map(lambda m: sum(m, ())))


def _all(posting_sets: dict[str, tuple[Posting, ...]]) -> list[Posting]:
    return [posting for postings in posting_sets.values() for posting in postings]


@given(sets, sets)
def test_posting_the_difference_makes_the_wanted_stand(standing: dict, wanted: dict) -> None:
    changes = difference(standing, wanted)
    assert sums(_all(standing) + _all(changes)) == sums(_all(wanted))
    for name, postings in changes.items():
        check_balanced(name, postings)


@given(sets)
def test_the_same_again_posts_nothing(standing: dict) -> None:
    assert difference(standing, {name: tuple(reversed(legs)) for name, legs in standing.items()}) == {}


@given(sets)
def test_a_reversal_leaves_nothing(standing: dict) -> None:
    assert sums([*_all(standing), *reverse(_all(standing))]) == {}


def test_a_leg_too_few_is_an_error() -> None:
    with pytest.raises(Unbalanced, match="off by"):
        check_balanced("s", [Posting("money", "bank", "CNY", 1)])
    with pytest.raises(Unbalanced, match="off by"):
        check_balanced("s", [Posting("money", "bank", "CNY", 1), Posting("money", "bank", "EUR", -1)])
    with pytest.raises(Unbalanced, match="nothing"):
        check_balanced("s", [Posting("money", "bank", "CNY", 0)])
