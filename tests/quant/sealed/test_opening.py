from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quant.sealed.contents import (
    Alternative,
    Choice,
    Contents,
    Pack,
    PackConfiguration,
    SheetDraw,
    expected_copies,
)
from quant.sealed.moments import MomentCalculator
from quant.sealed.opening import draw_opening

TIMES = 40_000
weights = st.integers(1, 9)


@st.composite
def sheets(draw, number: int) -> SheetDraw:
    size = draw(st.integers(1, 5))
    cards = tuple(f"c{draw(st.integers(0, 6))}-{index}" for index in range(size))
    kind = draw(st.sampled_from(["fixed", "again", "once"]))
    draws = draw(st.integers(1, size if kind == "once" else 4))
    return SheetDraw(
        name=f"sheet{number}",
        cards=cards,
        weights=tuple(draw(weights) for _ in cards),
        draws=draws,
        allow_duplicates=kind == "again",
        is_fixed=kind == "fixed",
    )


@st.composite
def packs(draw) -> Pack:
    configurations = [
        PackConfiguration(
            draw(weights), tuple(draw(sheets(index)) for index in range(draw(st.integers(1, 2))))
        )
        for _ in range(draw(st.integers(1, 3)))
    ]
    return Pack("pack", tuple(configurations))


@st.composite
def contents(draw, depth: int = 1) -> Contents:
    cards = tuple((f"c{index}-0", draw(st.integers(1, 3))) for index in range(draw(st.integers(0, 2))))
    opened = tuple((draw(packs()), draw(st.integers(1, 3))) for _ in range(draw(st.integers(0, 2))))
    if not depth:
        return Contents(cards=cards, packs=opened)
    nested = tuple((draw(contents(depth - 1)), 2) for _ in range(draw(st.integers(0, 1))))
    choices: tuple[tuple[Choice, int], ...] = ()
    if draw(st.booleans()):
        alternatives = tuple(
            Alternative(draw(weights), draw(contents(depth - 1))) for _ in range(draw(st.integers(1, 4)))
        )
        again = draw(st.booleans())
        draws = draw(st.integers(1, 3 if again else len(alternatives)))
        choices = ((Choice(draws, again, alternatives), draw(st.integers(1, 2))),)
    return Contents(cards=cards, packs=opened, nested=nested, choices=choices)


@given(contents(), st.integers(0, 2**63 - 1))
def test_mean_of_many_openings_is_the_expected_number_of_copies(inside, seed):
    drawn = draw_opening(inside, quantity=TIMES, seed=seed)

    expected = expected_copies(inside)
    assert drawn.keys() <= expected.keys()
    for card, copies in expected.items():
        variance = MomentCalculator({card: 1}).of_contents(inside).variance
        six_errors = 6 * (float(variance) / TIMES) ** 0.5 + 1e-9
        # Rare copies are not normal yet: allow for a handful of them as well.
        assert drawn.get(card, 0) / TIMES == pytest.approx(float(copies), abs=six_errors + 40 / TIMES)


@given(contents(), st.integers(0, 2**63 - 1), st.integers(1, 5))
def test_the_same_seed_gives_the_same_cards(inside, seed, quantity):
    assert draw_opening(inside, quantity=quantity, seed=seed) == draw_opening(
        inside, quantity=quantity, seed=seed
    )


@given(st.integers(0, 2**63 - 1), st.integers(1, 40))
def test_a_pack_holds_what_its_sheets_give_and_no_card_twice_without_duplicates(seed, count):
    common = SheetDraw("common", tuple(range(20)), (1,) * 20, draws=10)
    rare = SheetDraw("rare", (100, 101, 102), (6, 3, 1))
    fixed = SheetDraw("land", (200, 201), (2, 1), is_fixed=True)
    box = Contents(packs=((Pack("p", (PackConfiguration(1, (common, rare, fixed)),)), count),))

    drawn = draw_opening(box, quantity=1, seed=seed)

    assert sum(drawn.get(card, 0) for card in range(20)) == 10 * count
    assert max(drawn.get(card, 0) for card in range(20)) <= count
    assert sum(drawn.get(card, 0) for card in (100, 101, 102)) == count
    assert (drawn[200], drawn[201]) == (2 * count, count)


def test_what_is_certain_is_there_and_chance_differs_between_seeds():
    sheet = SheetDraw("s", tuple("abcdefgh"), (1,) * 8, draws=4)
    box = Contents(cards=(("promo", 1),), packs=((Pack("p", (PackConfiguration(1, (sheet,)),)), 6),))

    draws = [draw_opening(box, quantity=2, seed=seed) for seed in range(5)]

    assert {drawn["promo"] for drawn in draws} == {2}
    assert len({tuple(sorted(drawn.items())) for drawn in draws}) > 1


def test_drawing_without_putting_back_follows_the_weights():
    sheet = SheetDraw("s", ("a", "b", "c"), (2, 1, 1), draws=2)
    box = Contents(packs=((Pack("p", (PackConfiguration(1, (sheet,)),)), 1),))

    drawn = draw_opening(box, quantity=60_000, seed=3)

    assert expected_copies(box)["a"] == Fraction(5, 6)
    assert drawn["a"] / 60_000 == pytest.approx(5 / 6, abs=0.01)


@pytest.mark.parametrize("quantity", [0, -1])
def test_nothing_cannot_be_opened(quantity):
    with pytest.raises(ValueError, match="cannot open"):
        draw_opening(Contents(cards=(("a", 1),)), quantity=quantity, seed=1)
