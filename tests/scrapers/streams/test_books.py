"""A book equals what a plain dictionary would say after the same changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.streams.books import BookSide

CHANGES = st.lists(st.tuples(st.integers(1, 30).map(float), st.sampled_from([0.0, 1.0, 2.5])), max_size=60)


@given(CHANGES, st.booleans(), st.integers(1, 12))
def test_side_equals_a_sorted_dictionary(changes: list[tuple[float, float]], is_bid: bool, depth: int):
    side: BookSide[tuple[float, float]] = BookSide(is_bid=is_bid)
    plain: dict[float, float] = {}
    for change in changes:
        side.apply([change])
        plain.pop(change[0], None)
        if change[1]:
            plain[change[0]] = change[1]
        expected = sorted(plain.items(), reverse=is_bid)
        assert side.best(depth) == expected[:depth]
        assert len(side) == len(expected)

    side.truncate(depth)

    assert side.best(100) == sorted(plain.items(), reverse=is_bid)[:depth]


def test_replace_forgets_what_was_there_and_leaves_empty_levels_out():
    side: BookSide[tuple[float, float]] = BookSide(is_bid=False)
    side.apply([(5.0, 1.0)])

    side.replace([(7.0, 1.0), (6.0, 2.0), (4.0, 0.0)])

    assert side.best(5) == [(6.0, 2.0), (7.0, 1.0)]


@pytest.mark.parametrize("price", [float("nan"), float("inf"), 0.0, -1.0])
def test_level_without_a_usable_price_is_an_error(price: float):
    side: BookSide[tuple[float, float]] = BookSide(is_bid=True)

    with pytest.raises(ValueError, match="no price"):
        side.apply([(price, 1.0)])


@pytest.mark.parametrize("size", [float("nan"), float("inf"), -1.0])
def test_level_without_a_usable_size_is_an_error(size: float):
    side: BookSide[tuple[float, float]] = BookSide(is_bid=True)

    with pytest.raises(ValueError, match="no size"):
        side.apply([(1.0, size)])
    with pytest.raises(ValueError, match="no size"):
        side.replace([(1.0, size)])
