"""The whole distribution against enumeration, Monte Carlo and the laws it must obey."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from quant.sealed.contents import Alternative, Choice, Contents, Pack, PackConfiguration, SheetDraw
from quant.sealed.distribution import MAX_POINTS, OUTSIDE_MASS, value_distribution
from quant.sealed.distribution.calculation import fast_even_length

from ...strategies import card_cents, contents
from ..brute_force import value_chances
from ..contents.test_expectation import pack_of


def booster():
    """36 packs: mixed configurations, nine commons not put back, weighted rares and a foil now and then."""
    rng = np.random.default_rng(11)
    names = [f"c{number}" for number in range(60)]
    rares = [f"r{number}" for number in range(40)]
    cents = {card: int(value) for card, value in zip(names, rng.integers(2, 60, 60), strict=True)}
    cents |= {card: int(value) for card, value in zip(rares, rng.pareto(1.2, 40) * 60 + 20, strict=True)}

    def common(draws):
        return SheetDraw("common", tuple(names), (1,) * 60, draws)

    uncommon = SheetDraw("uncommon", tuple(names[:20]), tuple(rng.integers(1, 4, 20).tolist()), 3)
    rare = SheetDraw("rare", tuple(rares), tuple([1] * 10 + [2] * 30))
    foil = SheetDraw("foil", tuple(names + rares), tuple([7] * 60 + [1] * 40))
    pack = Pack(
        "draft",
        (
            PackConfiguration(2, (common(9), uncommon, rare)),
            PackConfiguration(1, (common(8), uncommon, rare, foil)),
        ),
    )
    return Contents(packs=((pack, 36),)), cents


def naive_totals(box, cents, trials, seed=5):
    rng = np.random.default_rng(seed)
    ((pack, count),) = box.packs
    shares = np.array([configuration.weight for configuration in pack.configurations], dtype=float)
    totals = np.zeros(trials)
    for trial in range(trials):
        for index in rng.choice(len(shares), size=count, p=shares / shares.sum()):
            for sheet in pack.configurations[index].draws:
                weights = np.array(sheet.weights, dtype=float)
                drawn = rng.choice(len(weights), size=sheet.draws, replace=False, p=weights / weights.sum())
                totals[trial] += sum(cents[sheet.cards[card]] for card in drawn)
    return totals


@given(contents=contents(), cents=card_cents)
def test_one_cent_grid_equals_enumeration(contents, cents):
    exact = value_chances(contents, cents)

    found = value_distribution(contents, cents=cents)

    got = dict(zip(found.values.astype(int).tolist(), found.probabilities.tolist(), strict=True))
    assert found.standard_error == 0
    assert got.keys() >= {value for value, chance in exact.items() if chance > OUTSIDE_MASS}
    assert all(abs(chance - float(exact.get(value, 0))) < 1e-9 for value, chance in got.items())


@given(contents=contents(), cents=card_cents, grid=st.sampled_from([2, 5, 10]))
def test_coarse_grid_keeps_mean_and_deviation(contents, cents, grid):
    found = value_distribution(contents, cents=cents, grid_cents=grid)

    mean = float(found.probabilities @ found.values)
    assert mean == pytest.approx(found.mean, abs=1e-5)
    assert float(found.probabilities @ (found.values - mean) ** 2) ** 0.5 == pytest.approx(
        found.standard_deviation, abs=1e-4
    )


@given(contents=contents(), cents=card_cents, factor=st.integers(2, 5))
def test_scaling_all_values_scales_every_quantile(contents, cents, factor):
    once = value_distribution(contents, cents=cents)
    scaled = value_distribution(contents, cents={card: factor * value for card, value in cents.items()})

    assert scaled.mean == pytest.approx(factor * once.mean)
    # Halfway between the steps of the cumulative distribution, where rounding noise cannot decide.
    steps = [p for p in np.cumsum(once.probabilities) if p < 1 - 1e-9]
    for p in (np.array([0.0, *steps]) + np.array([*steps, 1.0])) / 2:
        if min((abs(p - step) for step in steps), default=1) > 1e-9:
            assert scaled.quantile(float(p)) == factor * once.quantile(float(p))


@given(contents=contents(), cents=card_cents)
def test_order_of_parts_does_not_matter(contents, cents):
    turned = Contents(
        cards=contents.cards[::-1],
        packs=tuple((Pack(pack.name, pack.configurations[::-1]), count) for pack, count in contents.packs),
        choices=tuple(
            (Choice(c.draws, c.with_replacement, c.alternatives[::-1]), n) for c, n in contents.choices
        ),
        nested=contents.nested[::-1],
    )

    one, other = value_distribution(contents, cents=cents), value_distribution(turned, cents=cents)

    assert one.start_cents == other.start_cents
    assert one.probabilities == pytest.approx(other.probabilities, abs=1e-9)


def test_independent_draws_are_binomial():
    sheet = SheetDraw("s", ("hit", "miss"), (1, 39), 108, allow_duplicates=True)

    found = value_distribution(pack_of(sheet), cents={"hit": 1})

    values = found.values.astype(int)
    assert found.probabilities == pytest.approx(stats.binom(108, 1 / 40).pmf(values), abs=1e-10)


def test_draws_not_put_back_are_hypergeometric():
    sheet = SheetDraw("s", tuple(range(101)), (1,) * 101, 9)

    found = value_distribution(pack_of(sheet), cents=dict.fromkeys(range(20), 1))

    values = found.values.astype(int)
    assert found.probabilities == pytest.approx(stats.hypergeom(101, 20, 9).pmf(values), abs=1e-12)


def test_most_of_a_sheet_drawn_takes_the_stable_way_and_is_right():
    """Twenty of thirty cards: Newton's identities would amplify rounding too much."""
    sheet = SheetDraw("s", tuple(range(30)), (1,) * 30, 20)

    found = value_distribution(pack_of(sheet), cents=dict.fromkeys(range(12), 1))

    values = found.values.astype(int)
    assert found.probabilities == pytest.approx(stats.hypergeom(30, 12, 20).pmf(values), abs=1e-12)


def test_one_configuration_fills_all_slots_of_a_pack_together():
    both = tuple(SheetDraw(name, (name,), (1,)) for name in "ab")
    none = (SheetDraw("c", ("c",), (1,)),)
    pack = Pack("p", (PackConfiguration(1, both), PackConfiguration(1, none)))

    found = value_distribution(Contents(packs=((pack, 1),)), cents={"a": 10, "b": 5})

    assert found.probability_above(14) == pytest.approx(0.5)
    assert found.probability_above(0) == pytest.approx(0.5)


def test_booster_box_agrees_with_simulated_boxes():
    box, cents = booster()

    found = value_distribution(box, cents=cents)
    totals = naive_totals(box, cents, 400)

    assert totals.mean() == pytest.approx(found.mean, abs=4 * found.standard_deviation / 20)

    def below(total):
        return 1 - np.array([found.probability_above(value) for value in np.atleast_1d(total)])

    assert stats.kstest(totals, below).pvalue > 1e-4


@pytest.mark.parametrize(("grid", "tolerance"), [(5, 2e-4), (25, 3e-3)])
def test_coarse_grid_is_close_to_the_exact_chances(grid, tolerance):
    box, cents = booster()
    exact = value_distribution(box, cents=cents)

    coarse = value_distribution(box, cents=cents, grid_cents=grid)

    thresholds = [exact.quantile(p / 50) for p in range(1, 50)]
    assert max(abs(coarse.probability_above(t) - exact.probability_above(t)) for t in thresholds) < tolerance
    assert len(coarse.probabilities) < len(exact.probabilities) / (0.9 * grid)


def test_huge_product_gets_a_grid_that_fits():
    box, cents = booster()
    case = Contents(nested=((box, 600),))
    cents = {card: value * 50 for card, value in cents.items()}

    found = value_distribution(case, cents=cents)

    assert found.grid_cents > 1
    assert len(found.probabilities) <= MAX_POINTS * 1.1
    assert found.quantile(0.5) == pytest.approx(found.mean, rel=0.01)


def test_one_card_in_a_million_keeps_its_place():
    sheet = SheetDraw("serial", ("gold", "plain"), (1, 10**6))

    found = value_distribution(pack_of(sheet, count=36), cents={"gold": 100_000, "plain": 7})

    assert found.quantile(0.9) == 36 * 7
    assert found.probability_above(90_000) == pytest.approx(1 - (1 - 1 / 1_000_001) ** 36, rel=1e-6)


def test_sheet_of_many_weights_is_simulated_with_its_error():
    weights = tuple(1 + number * number for number in range(40))
    sheet = SheetDraw("s", tuple(range(40)), weights, 10)
    cents = {card: 10 * (40 - card) for card in range(40)}

    found = value_distribution(pack_of(sheet, count=4), cents=cents)

    assert found.standard_error > 0
    mean = float(found.probabilities @ found.values)
    assert mean == pytest.approx(found.mean, abs=5 * found.standard_error)


def test_choice_of_many_weights_is_simulated_with_its_error():
    alternatives = tuple(
        Alternative(1 + number * number, Contents(cards=((number, 1),))) for number in range(30)
    )
    box = Contents(choices=((Choice(8, False, alternatives), 1),))

    found = value_distribution(box, cents={number: 10 * number for number in range(30)})

    assert found.standard_error > 0
    assert float(found.probabilities @ found.values) == pytest.approx(found.mean, rel=0.02)


def test_contents_without_chance_are_one_point():
    found = value_distribution(Contents(cards=(("a", 3), ("b", 1))), cents={"a": 250}, grid_cents=25)

    assert (found.mean, found.standard_deviation, found.standard_error) == (750.0, 0.0, 0.0)
    assert found.quantile(0.01) == found.quantile(0.99) == 750
    assert found.probability_above(749) == 1
    assert found.probability_above(750) == 0


@pytest.mark.parametrize("value", [-1, 1.5, True, 10**11, None])
def test_value_that_is_not_whole_cents_is_refused(value):
    with pytest.raises(ValueError, match="whole cents"):
        value_distribution(Contents(cards=(("a", 1),)), cents={"a": value})


def test_grid_below_one_cent_is_refused():
    with pytest.raises(ValueError, match="grid"):
        value_distribution(Contents(), cents={}, grid_cents=0)


@given(least=st.integers(1, 300_000))
def test_transform_lengths_are_even_and_smooth(least):
    length = fast_even_length(least)

    assert length >= least
    assert length <= 2 * least + 1
    assert length % 2 == 0
    for factor in (2, 3, 5):
        while length % factor == 0:
            length //= factor
    assert length == 1
