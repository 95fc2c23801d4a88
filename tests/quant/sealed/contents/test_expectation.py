"""Expected copies, exactly."""

from fractions import Fraction

from hypothesis import given
from scipy import stats

from quant.sealed.contents import (
    Alternative,
    Choice,
    Contents,
    ExpectationCache,
    Pack,
    PackConfiguration,
    SheetDraw,
    expected_copies,
    guaranteed_copies,
)

from ...strategies import contents
from ..brute_force import mean_copies, outcomes


def pack_of(*draws, count=1):
    return Contents(packs=((Pack("pack", (PackConfiguration(1, draws),)), count),))


@given(contents=contents())
def test_copies_equal_enumeration(contents):
    assert expected_copies(contents) == mean_copies(contents)


@given(contents=contents())
def test_guaranteed_copies_are_in_every_outcome(contents):
    for card, copies in guaranteed_copies(contents).items():
        assert all(outcome.count(card) >= copies for outcome in outcomes(contents))


@given(contents=contents())
def test_two_of_a_product_hold_twice_as_much(contents):
    once = expected_copies(contents)

    assert expected_copies(Contents(nested=((contents, 2),))) == {
        card: 2 * number for card, number in once.items()
    }


def test_cache_changes_nothing():
    box = pack_of(SheetDraw("s", ("a", "b"), (3, 1)), count=36)
    cache = ExpectationCache()

    first, second = expected_copies(box, cache=cache), expected_copies(box, cache=cache)

    assert first == second == expected_copies(box) == {"a": Fraction(27), "b": Fraction(9)}


def test_mixture_of_configurations_weighs_its_sheets():
    rare = SheetDraw("rare", ("r",), (1,))
    mythic = SheetDraw("mythic", ("m",), (1,))
    pack = Pack("pack", (PackConfiguration(7, (rare,)), PackConfiguration(1, (mythic,))))

    assert expected_copies(Contents(packs=((pack, 36),))) == {"r": Fraction(63, 2), "m": Fraction(9, 2)}


def test_choice_without_putting_back_draws_successively():
    deck = [Contents(cards=((name, 1),)) for name in "abc"]
    choice = Choice(2, False, tuple(Alternative(w, d) for w, d in zip((2, 1, 1), deck, strict=True)))

    assert expected_copies(Contents(choices=((choice, 1),))) == {
        "a": Fraction(5, 6),
        "b": Fraction(7, 12),
        "c": Fraction(7, 12),
    }


def test_published_table_of_an_uncommon_in_a_box():
    """musevessel.wordpress.com: 108 uncommon draws at 1/40: 6, 18, 25, 22, 15, 8, 4, 1 percent for 0..7."""
    box = pack_of(SheetDraw("uncommon", tuple(range(40)), (1,) * 40, 108, allow_duplicates=True))

    table = [round(100 * stats.binom(108, 1 / 40).pmf(copies)) for copies in range(8)]

    assert expected_copies(box)[0] == Fraction(108, 40)
    assert table == [6, 18, 25, 22, 15, 8, 4, 1]
