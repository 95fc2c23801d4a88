"""Tests of `pricing.quotebook.book` and `.freshness`."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.quotebook import (
    CRYPTO,
    STALE,
    WITHDRAWN,
    LiveQuote,
    QuoteBook,
    best_of,
    fresh_until_ms,
    is_fresh,
)

from .quotes import NOW_MS, SYMBOL, quote

MAX_AGE, SKEW = 15_000, 2_000
LIMITS = {"max_age_ms": MAX_AGE, "max_skew_ms": SKEW}


def venue_of(quote: LiveQuote | None) -> str:
    return quote.venue if quote else ""


def make_book() -> QuoteBook:
    return QuoteBook(**LIMITS)


prices = st.one_of(st.none(), st.decimals(min_value=1, max_value=100, places=2))
ages = st.integers(min_value=-5_000, max_value=40_000)
quotes = st.builds(
    lambda venue, bid, ask, age, symbol: quote(
        venue, bid=bid, ask=ask, received_ms=NOW_MS - age, symbol=f"giftcard:{symbol}:50:USD:US"
    ),
    st.sampled_from(["alpha", "beta", "gamma", "delta"]),
    prices,
    prices,
    ages,
    st.sampled_from(["amazon", "steam"]),
)


@given(st.lists(quotes, max_size=30))
def test_best_prices_equal_those_of_brute_force(history):
    book = make_book()
    for one in history:
        book.put(one)

    newest = {(one.symbol, one.venue): one for one in history}
    for symbol in {one.symbol for one in history}:
        counted = [
            one
            for (name, _), one in newest.items()
            if name == symbol
            and -SKEW <= NOW_MS - one.received_ms <= MAX_AGE
            and not (one.bid is not None and one.ask is not None and one.bid > one.ask)
        ]
        bids = [one.bid for one in counted if one.bid is not None]
        asks = [one.ask for one in counted if one.ask is not None]
        best_bid, best_ask = (
            book.best_bid(symbol, now_ms=NOW_MS),
            book.best_ask(symbol, now_ms=NOW_MS),
        )
        assert (best_bid.bid if best_bid else None) == (max(bids) if bids else None)
        assert (best_ask.ask if best_ask else None) == (min(asks) if asks else None)
        assert all(one.symbol == symbol for one in (best_bid, best_ask) if one is not None)


@given(st.lists(quotes, max_size=20), st.integers(min_value=0, max_value=60_000))
def test_what_is_purged_never_counts_again_and_the_rest_is_fresh(history, later):
    book = make_book()
    for one in history:
        book.put(one)

    purged = book.purge(now_ms=NOW_MS + later)

    assert all(one.state == STALE for one in purged)
    for kept in book.snapshot().values():
        for one in kept:
            if one.state == "live":
                assert is_fresh(one, now_ms=NOW_MS + later, **LIMITS)
    assert book.purge(now_ms=NOW_MS + later) == []


@given(st.permutations([quote("alpha", ask=45), quote("beta", ask=44), quote("gamma", bid=43)]))
def test_the_order_of_venues_does_not_matter(order):
    book = make_book()
    for one in order:
        book.put(one)

    assert venue_of(book.best_ask(SYMBOL, now_ms=NOW_MS)) == "beta"
    assert venue_of(book.best_bid(SYMBOL, now_ms=NOW_MS)) == "gamma"


def test_equal_prices_are_won_by_the_first_venue_by_code():
    book = make_book()
    for venue in ("gamma", "alpha", "beta"):
        book.put(quote(venue, ask="45.00"))

    assert venue_of(book.best_ask(SYMBOL, now_ms=NOW_MS)) == "alpha"


def test_a_venue_crossed_by_itself_is_put_aside_until_it_is_right_again():
    book = make_book()

    assert book.put(quote(bid=47, ask=46)).state == WITHDRAWN
    assert book.best_bid(SYMBOL, now_ms=NOW_MS) is None
    assert book.put(quote(bid=46, ask=46)).state == "live"  # locked is legal


def test_withdrawing_a_venue_leaves_the_others():
    book = make_book()
    book.put(quote("alpha", ask=45))
    book.put(quote("beta", ask=46))

    assert [one.venue for one in book.withdraw(venue="alpha")] == ["alpha"]
    assert book.withdraw(venue="alpha") == []
    assert venue_of(book.best_ask(SYMBOL, now_ms=NOW_MS)) == "beta"
    assert book.withdraw(venue="beta", symbol="giftcard:steam:50:USD:US") == []


def test_a_snapshot_does_not_change_with_the_book():
    book = make_book()
    book.put(quote("alpha", ask=45))
    before = book.snapshot()

    book.put(quote("alpha", ask=40))

    assert before[SYMBOL][0].ask == 45


def test_old_quotes_are_forgotten():
    book = make_book()
    book.put(quote("alpha", ask=45))
    book.put(quote("beta", ask=45, received_ms=NOW_MS - 1))

    assert book.forget(before_ms=NOW_MS) == 1
    assert [one.venue for one in book.quotes(SYMBOL)] == ["alpha"]
    assert book.forget(before_ms=NOW_MS + 1) == 1
    assert book.symbols() == []


@pytest.mark.parametrize(
    ("age", "expected"), [(-SKEW - 1, False), (-SKEW, True), (0, True), (MAX_AGE, True), (MAX_AGE + 1, False)]
)
def test_freshness_has_inclusive_ends(age, expected):
    assert is_fresh(quote(ask=45, received_ms=NOW_MS - age), now_ms=NOW_MS, **LIMITS) is expected


def test_seconds_for_milliseconds_read_as_stale():
    assert not is_fresh(quote(ask=45, received_ms=NOW_MS // 1_000), now_ms=NOW_MS, **LIMITS)
    assert not is_fresh(quote(ask=45, venue_time_ms=NOW_MS // 1_000), now_ms=NOW_MS, **LIMITS)


def test_a_desk_that_answers_with_an_old_list_is_stale_and_an_exchange_is_not():
    old: dict[str, Any] = {"venue_time_ms": NOW_MS - MAX_AGE - 1}

    assert not is_fresh(quote(ask=45, **old), now_ms=NOW_MS, **LIMITS)
    assert is_fresh(quote(ask=45, market=CRYPTO, **old), now_ms=NOW_MS, **LIMITS)


def test_a_quote_ends_when_its_venue_says_so():
    ending = quote(ask=45, expires_ms=NOW_MS)

    assert is_fresh(ending, now_ms=NOW_MS - 1, **LIMITS)
    assert not is_fresh(ending, now_ms=NOW_MS, **LIMITS)


times = st.one_of(st.none(), st.integers(min_value=NOW_MS - 20_000, max_value=NOW_MS + 20_000))


@given(ages, times, times)
def test_the_last_fresh_moment_is_the_last_one(age, venue_time, expires):
    one = quote(ask=45, received_ms=NOW_MS - age, venue_time_ms=venue_time, expires_ms=expires)
    until = fresh_until_ms(one, max_age_ms=MAX_AGE)

    assert is_fresh(one, now_ms=until, max_age_ms=MAX_AGE, max_skew_ms=10**9)
    assert not is_fresh(one, now_ms=until + 1, max_age_ms=MAX_AGE, max_skew_ms=10**9)


def test_the_best_of_nothing_is_nothing():
    assert best_of([]) == (None, None)
    bid, ask = quote("alpha", bid=1), quote("beta", ask=Decimal(2))
    assert best_of([bid, ask]) == (bid, ask)
