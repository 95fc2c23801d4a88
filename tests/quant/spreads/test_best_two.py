"""The incremental book against brute force over all pairs, for any history of updates."""

from itertools import permutations
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quant.spreads.best_two import NO_ASK, NO_BID, BestTwo, Pair

VENUES = 5
prices = st.integers(1, 12).map(float)
updates = st.tuples(
    st.integers(0, VENUES - 1), st.sampled_from([NO_BID]) | prices, st.sampled_from([NO_ASK]) | prices
)
withdrawals = st.integers(0, VENUES - 1)
histories = st.lists(updates | withdrawals, max_size=40)


def replay(history, book=None):
    """Return the book after a history, and what it must be by plain dictionaries."""
    book = book or BestTwo(VENUES)
    state = dict.fromkeys(range(VENUES), (NO_BID, NO_ASK))
    for event in history:
        if isinstance(event, tuple):
            venue, bid, ask = event
            state[venue] = (bid, ask)
            crosses = book.update(venue, bid, ask)
            assert crosses == (max(b for b, _ in state.values()) > min(a for _, a in state.values()))
        else:
            state[event] = (NO_BID, NO_ASK)
            book.withdraw(event)
    return book, state


def best_by_brute_force(state):
    """Highest bid/ask over all pairs of two different venues; None if no pair has both prices."""
    ratios = [
        state[sell][0] / state[buy][1]
        for buy, sell in permutations(state, 2)
        if state[sell][0] > NO_BID and state[buy][1] < NO_ASK
    ]
    return max(ratios, default=None)


@given(histories)
def test_the_best_pair_equals_brute_force(history):
    book, state = replay(history)
    pair = book.pair()
    best = best_by_brute_force(state)
    if pair is None:
        assert best is None
    else:
        assert pair.buy != pair.sell
        assert (pair.bid, pair.ask) == (state[pair.sell][0], state[pair.buy][1])
        assert pair.bid / pair.ask == best


@given(histories)
def test_best_prices_equal_brute_force(history):
    book, state = replay(history)
    assert book.best_bid == max(bid for bid, _ in state.values())
    assert book.best_ask == min(ask for _, ask in state.values())


@given(histories, st.permutations(range(VENUES)))
def test_permuting_venues_changes_nothing(history, order):
    book, _ = replay(history)
    other, _ = replay(
        (order[event[0]], *event[1:]) if isinstance(event, tuple) else order[event] for event in history
    )
    assert (book.best_bid, book.best_ask) == (other.best_bid, other.best_ask)
    one, two = book.pair(), other.pair()
    assert (one is None) == (two is None)
    if one and two:
        assert one.bid / one.ask == two.bid / two.ask


@given(histories, st.integers(-20, 20))
def test_scaling_prices_changes_nothing(history, power):
    scale = 2.0**power
    book, _ = replay(history)
    other, _ = replay(
        (event[0], event[1] * scale, event[2] * scale) if isinstance(event, tuple) else event
        for event in history
    )
    one, two = book.pair(), other.pair()
    assert (one is None) == (two is None)
    if one and two:
        assert two == Pair(one.buy, one.sell, one.ask * scale, one.bid * scale)


def test_a_venue_is_never_paired_with_itself():
    book = BestTwo(3)
    assert book.update(0, 105.0, 100.0)
    assert book.pair() is None
    book.update(1, 99.0, 104.0)
    assert book.pair() == Pair(buy=1, sell=0, ask=104.0, bid=105.0)
    book.update(2, 104.5, 110.0)
    assert book.pair() == Pair(buy=0, sell=2, ask=100.0, bid=104.5)


def test_a_book_of_one_venue_has_no_pair():
    book = BestTwo(1)
    book.update(0, 2.0, 1.0)
    assert book.pair() is None


def test_one_sided_venues_make_a_pair():
    book = BestTwo(2)
    assert not book.update(0, NO_BID, 10.0)
    assert book.pair() is None
    assert book.update(1, 11.0, NO_ASK)
    assert book.pair() == Pair(buy=0, sell=1, ask=10.0, bid=11.0)


def test_withdrawn_venues_come_back_with_their_next_update():
    book = BestTwo(2)
    book.update(0, 10.0, 11.0)
    book.update(1, 12.0, 13.0)
    book.withdraw(1)
    assert (book.best_bid, book.best_ask, book.pair()) == (10.0, 11.0, None)
    assert book.update(1, 12.0, 13.0)
    assert book.pair() == Pair(buy=0, sell=1, ask=11.0, bid=12.0)


def test_what_is_older_than_a_moment_expires_once():
    book = BestTwo(3)
    book.update(0, 10.0, 11.0, 100)
    book.update(1, 12.0, 13.0, 200)
    book.update(2, 9.0, 14.0, 199)
    assert book.expire(200) == [0, 2]
    assert (book.best_bid, book.best_ask) == (12.0, 13.0)
    assert book.expire(200) == []
    assert book.expire(201) == [1]
    assert (book.best_bid, book.best_ask) == (NO_BID, NO_ASK)


@pytest.mark.parametrize(
    ("bid", "ask"), [(nan, 1.0), (1.0, nan), (-1.0, 2.0), (1.0, 0.0), (1.0, -2.0), (inf, 1.0)]
)
def test_what_is_no_price_takes_the_venue_out(bid, ask):
    book = BestTwo(2)
    book.update(0, 10.0, 11.0)
    book.update(1, 12.0, 13.0)
    with pytest.raises(ValueError, match="no prices"):
        book.update(1, bid, ask)
    assert (book.best_bid, book.best_ask, book.pair()) == (10.0, 11.0, None)
