"""Selling at once is the mean over every outcome of what the store takes, found by enumerating them all."""

import math
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quant.money import InvalidAmount, UnknownCurrency
from quant.scoring.liquidity import binomial_chances
from quant.sealed.contents import (
    Alternative,
    Choice,
    Contents,
    Pack,
    PackConfiguration,
    SheetDraw,
    expected_copies,
)
from quant.sealed.copies import copy_chances
from quant.sealed.instant_sale import Bid, InstantSale, expected_taken, instant_sale
from tests.quant import strategies as some
from tests.quant.sealed.brute_force import outcomes

wanted = st.fixed_dictionaries({card: st.integers(0, 4) for card in some.CARDS})
bids = st.fixed_dictionaries(
    {card: st.builds(Bid, some.prices, st.none() | st.integers(0, 4)) for card in some.CARDS}
)
PACK = Pack("pack", (PackConfiguration(1, (SheetDraw("rare", ("a", "b", "c"), (1, 1, 2)),)),))


def sale(contents: Contents, postage: str = "0", **offers: tuple[str, int | None]) -> InstantSale:
    known = {card: Bid(Decimal(price), copies) for card, (price, copies) in offers.items()}
    return instant_sale(contents, bids=known, currency="USD", postage=Decimal(postage))


def by_enumeration(contents: Contents, limits: dict[str, int]) -> dict[str, Fraction]:
    mean = dict.fromkeys(limits, Fraction(0))
    for outcome, chance in outcomes(contents).items():
        for card, limit in limits.items():
            mean[card] += chance * min(outcome.count(card), limit)
    return mean


@given(some.contents(), wanted)
def test_copies_taken_are_those_of_enumerating_every_outcome(contents: Contents, limits: dict[str, int]):
    taken = expected_taken(contents, limits)

    for card, mean in by_enumeration(contents, limits).items():
        assert float(taken.get(card, 0)) == pytest.approx(float(mean), abs=2e-10)


@given(some.contents(), bids, some.amounts)
def test_the_value_is_that_of_enumerating_every_outcome(
    contents: Contents, bids: dict[str, Bid], postage: Decimal
):
    found = instant_sale(contents, bids=bids, currency="USD", postage=postage)

    limits = {card: bid.wanted or 0 for card, bid in bids.items()}
    means = by_enumeration(contents, limits)
    exact: Fraction = sum(
        (means[card] * Fraction(bid.price) for card, bid in bids.items()), Fraction(0)
    ) - Fraction(postage)
    exact = max(exact, Fraction(0))
    assert Fraction(found.value) <= exact + Fraction(1, 10**7)
    assert Fraction(found.value) >= exact - Fraction(1, 100) - Fraction(1, 10**5)


@given(some.contents(), wanted)
def test_no_more_is_taken_than_is_expected_inside_or_wanted(contents: Contents, limits: dict[str, int]):
    inside = expected_copies(contents)

    for card, copies in expected_taken(contents, limits).items():
        assert 0 < copies <= limits[card]
        assert copies <= Decimal(repr(float(inside[card]))) + Decimal("1e-9")


@given(some.contents(), bids, some.positive_prices)
def test_a_better_bid_never_brings_less(contents: Contents, bids: dict[str, Bid], more: Decimal):
    raised = {card: Bid(bid.price + more, (bid.wanted or 0) + 1) for card, bid in bids.items()}

    before = instant_sale(contents, bids=bids, currency="USD")
    after = instant_sale(contents, bids=raised, currency="USD")

    assert after.value >= before.value
    assert after.lines_counted >= before.lines_counted


@given(some.contents(), wanted)
def test_chances_are_a_distribution_no_longer_than_the_limit(contents: Contents, limits: dict[str, int]):
    for card, chances in copy_chances(contents, limits=limits).items():
        assert len(chances) <= limits[card] + 1
        assert math.fsum(chances) == pytest.approx(1.0, abs=1e-12)


def test_random_pulls_are_worth_less_than_their_mean_number():
    box = Contents(packs=((PACK, 8),))  # a: binomial of 8 with a quarter each, mean 2

    found = sale(box, a=("10.00", 2))

    exact = sum(min(copies, 2) * chance for copies, chance in binomial_chances(8, Fraction(1, 4)).items())
    assert found.value == Decimal(int(exact * 1000)).scaleb(-2)
    assert found.value == Decimal("15.32")  # 20.00 for the mean of two copies


def test_guaranteed_copies_beyond_what_is_wanted_bring_nothing():
    deck = Contents(cards=(("a", 4), ("b", 1)))

    assert sale(deck, a=("1.50", 3), b=("2.00", 9)) == InstantSale(
        Decimal("6.50"), 2, Decimal("4.0000000000")
    )


@pytest.mark.parametrize("copies", [0, None])
def test_a_bid_for_no_copies_or_an_unknown_number_brings_nothing(copies: int | None):
    assert sale(Contents(cards=(("a", 4),)), a=("1.50", copies)) == InstantSale(
        Decimal("0.00"), 0, Decimal(0)
    )


@pytest.mark.parametrize(("postage", "value"), [("1.25", "4.75"), ("6.00", "0.00"), ("9.00", "0.00")])
def test_postage_is_all_that_is_taken_off_and_nobody_sells_at_a_loss(postage: str, value: str):
    assert sale(Contents(cards=(("a", 4),)), postage, a=("1.50", 4)).value == Decimal(value)


def test_yen_have_no_fractions():
    deck = Contents(cards=(("a", 1),))

    assert instant_sale(deck, bids={"a": Bid(Decimal("150.9"), 1)}, currency="JPY").value == Decimal(150)


def test_many_weights_drawn_without_putting_back_are_close_to_exact():
    alternatives = tuple(Alternative(weight, Contents(cards=(("a", 1),))) for weight in range(1, 25))
    choice = Choice(draws=12, with_replacement=False, alternatives=alternatives)

    taken = expected_taken(Contents(choices=((choice, 1),)), {"a": 30})

    assert float(taken["a"]) == pytest.approx(12, abs=1e-6)


def test_a_whole_box_is_quick_and_exact_for_its_mean():
    sheet = SheetDraw("common", tuple(range(300)), (1,) * 300, draws=10)
    box = Contents(packs=((Pack("p", (PackConfiguration(1, (sheet,)),)), 36),))

    taken = expected_taken(box, dict.fromkeys(range(300), 360))

    assert set(taken.values()) == {Decimal("1.2000000000")}


@pytest.mark.parametrize(
    ("bid", "postage", "currency", "error"),
    [
        (Bid(Decimal(-1), 1), "0", "USD", InvalidAmount),
        (Bid(Decimal("NaN"), 1), "0", "USD", InvalidAmount),
        (Bid(Decimal(1), -1), "0", "USD", InvalidAmount),
        (Bid(Decimal(1), 1), "-1", "USD", InvalidAmount),
        (Bid(Decimal(1), 1), "0", "ZZZ", UnknownCurrency),
    ],
)
def test_amounts_that_cannot_be_meant_are_refused(
    bid: Bid, postage: str, currency: str, error: type[Exception]
):
    with pytest.raises(error):
        instant_sale(
            Contents(cards=(("a", 1),)), bids={"a": bid}, currency=currency, postage=Decimal(postage)
        )
