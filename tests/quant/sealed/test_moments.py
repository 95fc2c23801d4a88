"""Mean and variance against enumeration, the hypergeometric law and worked values."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from scipy import stats

from quant.sealed.contents import Alternative, Choice, Contents, SheetDraw, inclusion_probabilities
from quant.sealed.moments import MomentCalculator, Moments, drawn_without_replacement

from ..strategies import card_cents, contents
from .brute_force import value_chances
from .contents.test_expectation import pack_of


@given(contents=contents(), cents=card_cents)
def test_moments_equal_enumeration_exactly(contents, cents):
    chances = value_chances(contents, cents)
    mean = sum(value * chance for value, chance in chances.items())
    square = sum(value * value * chance for value, chance in chances.items())

    assert MomentCalculator(cents).of_contents(contents) == Moments(mean, square - mean**2, 0.0)


def test_chase_cards_drawn_without_putting_back_are_hypergeometric():
    sheet = SheetDraw("s", tuple(range(101)), (1,) * 101, 9)
    cents = dict.fromkeys(range(7), 100)

    moments = MomentCalculator(cents).of_contents(pack_of(sheet))

    law = stats.hypergeom(101, 7, 9)
    assert float(moments.mean) == pytest.approx(100 * law.mean())
    assert moments.standard_deviation == pytest.approx(100 * law.std())


def test_exclusive_cards_of_a_slot_vary_less_than_independent_ones():
    """MATHS 1.2: k (sum p v^2 - (sum p v)^2), not k sum p (1 - p) v^2."""
    sheet = SheetDraw("rare", ("a", "b", "c"), (1, 2, 5))
    cents = {"a": 40, "b": 10, "c": 1}
    shares = {"a": Fraction(1, 8), "b": Fraction(2, 8), "c": Fraction(5, 8)}

    variance = MomentCalculator(cents).of_contents(pack_of(sheet, count=36)).variance

    independent = 36 * sum(p * (1 - p) * cents[card] ** 2 for card, p in shares.items())
    assert variance == 36 * (
        sum(p * cents[card] ** 2 for card, p in shares.items())
        - sum(p * cents[card] for card, p in shares.items()) ** 2
    )
    assert variance < independent


def test_simulated_sheet_reports_its_error_and_keeps_the_exact_mean():
    weights = tuple(1 + number * number for number in range(40))
    values = [100] * 20 + [0] * 20

    moments = drawn_without_replacement(values, weights, 10)

    assert 0 < moments.error < 0.01 * float(moments.mean)
    assert moments.standard_deviation == pytest.approx(moments.error * math.sqrt(65_536))


def test_simulated_error_of_packs_that_share_a_sheet_adds_up():
    assert Moments(Fraction(1), Fraction(1), 0.5).repeated(36).error == 18.0
    assert (Moments(error=3.0) + Moments(error=4.0)).error == 5.0


def test_simulated_alternatives_report_their_error():
    alternatives = tuple(
        Alternative(1 + number * number, Contents(cards=((number, 1),))) for number in range(30)
    )
    box = Contents(choices=((Choice(8, False, alternatives), 1),))

    moments = MomentCalculator({number: 10 * number for number in range(30)}).of_contents(box)

    assert moments.error > 0
    chances = inclusion_probabilities([alternative.weight for alternative in alternatives], 8)
    assert moments.mean == sum(10 * number * chance for number, chance in enumerate(chances))
