"""Cycles against published tables and against trying every one; exactly 1 never pays."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from itertools import permutations
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quant.money import InvalidAmount
from quant.spreads.cycles import Cycle, Step, bought_at, find_cycle

ASSETS = "ABCD"
SEDGEWICK = {
    "USD": {"EUR": "0.741", "GBP": "0.657", "CHF": "1.061", "CAD": "1.005"},
    "EUR": {"USD": "1.349", "GBP": "0.888", "CHF": "1.433", "CAD": "1.366"},
    "GBP": {"USD": "1.521", "EUR": "1.126", "CHF": "1.614", "CAD": "1.538"},
    "CHF": {"USD": "0.942", "EUR": "0.698", "GBP": "0.619", "CAD": "0.953"},
    "CAD": {"USD": "0.995", "EUR": "0.732", "GBP": "0.650", "CHF": "1.049"},
}


def steps(*texts, fee="0"):
    """`A>B 1.5` is a step from A to B at a rate of 1.5."""
    found = []
    for text in texts:
        assets, rate = text.split()
        give, get = assets.split(">")
        found.append(Step(give, get, Decimal(rate), Decimal(fee)))
    return found


def found_cycle(offers: Iterable[Step]) -> Cycle:
    cycle = find_cycle(offers)
    assert cycle is not None
    return cycle


def route(cycle: Cycle) -> list[str]:
    return [step.give for step in cycle.steps]


@pytest.mark.parametrize(
    ("texts", "product"),
    [
        (("USD>INR 49", "INR>JPY 2", "JPY>USD 0.0107"), "1.0486"),  # CLRS 24-3, third edition
        (("USD>INR 46.4", "INR>JPY 2.5", "JPY>USD 0.0091"), "1.0556"),  # CLRS 24-3, second edition
        (("USD>EUR 0.741", "EUR>CAD 1.366", "CAD>USD 0.995"), "1.00714497"),  # Sedgewick and Wayne 4.4
    ],
)
def test_published_cycles(texts, product):
    cycle = found_cycle(steps(*texts))
    assert cycle.product == Fraction(Decimal(product))
    assert cycle.gain_bps == (Decimal(product) - 1) * 10_000


def test_a_published_table_of_rates_pays():
    cycle = found_cycle(
        [Step(a, b, Decimal(rate)) for a, row in SEDGEWICK.items() for b, rate in row.items()]
    )
    assert cycle.product > 1
    rates = (Fraction(SEDGEWICK[step.give][step.get]) for step in cycle.steps)
    assert cycle.product == prod(rates, start=Fraction(1))


@pytest.mark.parametrize("ask", ["3", "0.07", "97123.45", "0.9985"])
def test_out_and_back_at_one_price_is_not_a_cycle(ask):
    price = Decimal(ask)
    assert find_cycle([Step("USD", "BTC", bought_at(price)), Step("BTC", "USD", price)]) is None


def test_a_triangle_of_exactly_one_is_not_a_cycle():
    assert find_cycle(steps("A>B 3", "B>C 7")) is None
    around = [*steps("A>B 3", "B>C 7"), Step("C", "A", Fraction(1, 21))]
    assert find_cycle(around) is None


def test_fees_decide():
    triangle = ("A>B 2", "B>C 3", "C>A 0.167")
    assert found_cycle(steps(*triangle)).product == Fraction("1.002")
    assert find_cycle(steps(*triangle, fee="10")) is None


def test_the_gain_asked_for_is_to_be_exceeded():
    triangle = steps("A>B 2", "B>C 3", "C>A 0.167")
    assert find_cycle(triangle, min_gain_bps=Decimal("19.99")) is not None
    assert find_cycle(triangle, min_gain_bps=Decimal(20)) is None


def test_the_best_of_several_venues_is_taken():
    slow, fast = Step("A", "B", Decimal(2), venue="slow"), Step("A", "B", Decimal("2.1"), venue="fast")
    dear = Step("A", "B", Decimal("2.2"), Decimal(1_000), "dear")
    cycle = found_cycle([slow, fast, dear, *steps("B>A 0.5")])
    assert [step.venue for step in cycle.steps] == ["fast", ""]


def test_a_cycle_no_single_asset_leads_to_is_found():
    cycle = found_cycle(steps("A>B 0.001", "X>Y 2", "Y>Z 2", "Z>X 0.3"))
    assert route(cycle) == ["X", "Y", "Z"]


def test_the_venues_and_order_given_change_nothing():
    triangle = steps("C>A 0.167", "A>B 2", "B>C 3")
    cycle = found_cycle(triangle)
    assert cycle == find_cycle(reversed(triangle))
    assert route(cycle) == ["A", "B", "C"]


tables = st.dictionaries(
    st.sampled_from([(a, b) for a, b in permutations(ASSETS, 2)]),
    st.decimals("0.5", "2", places=3),
    max_size=12,
)


@given(tables)
def test_a_cycle_is_found_exactly_when_one_pays(table):
    offers = [Step(give, get, rate) for (give, get), rate in table.items()]
    paying = [
        product
        for length in range(2, len(ASSETS) + 1)
        for order in permutations(ASSETS, length)
        for legs in [list(zip(order, order[1:] + order[:1], strict=True))]
        if all(leg in table for leg in legs)
        for product in [prod(Fraction(table[leg]) for leg in legs)]
        if product > 1
    ]
    cycle = find_cycle(offers)
    assert (cycle is not None) == bool(paying)
    if cycle:
        assert cycle.product in paying
        legs = [(step.give, step.get) for step in cycle.steps]
        assert all(first[1] == second[0] for first, second in zip(legs, legs[1:] + legs[:1], strict=True))
        assert len(set(route(cycle))) == len(cycle.steps)


def test_nothing_on_offer_is_no_cycle():
    assert find_cycle([]) is None


@pytest.mark.parametrize(
    "figures",
    [
        ("A", "B", Decimal(0)),
        ("A", "B", Fraction(-1)),
        ("A", "B", Decimal("NaN")),
        ("A", "A", Decimal(1)),
        ("A", "B", Decimal(1), Decimal(10_000)),
        ("A", "B", Decimal(1), Decimal(-10_000)),
    ],
)
def test_what_is_no_conversion_is_refused(figures):
    with pytest.raises(InvalidAmount):
        Step(*figures)


def test_nothing_is_bought_for_nothing():
    with pytest.raises(InvalidAmount):
        bought_at(Decimal(0))
