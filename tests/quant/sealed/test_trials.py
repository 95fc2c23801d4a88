import numpy as np
import pytest

from quant.sealed.contents import Alternative, Choice, Contents, Pack, PackConfiguration, SheetDraw
from quant.sealed.distribution import value_distribution
from quant.sealed.trials import MAX_CELLS, cells_per_product, simulated_values

RARE = SheetDraw("rare", ("a", "b", "c"), (1, 2, 5))
COMMON = SheetDraw("common", ("d", "e", "f", "g"), (1, 1, 1, 1), draws=2)
PACK = Pack("pack", (PackConfiguration(3, (RARE, COMMON)), PackConfiguration(1, (COMMON,))))
EITHER = Choice(
    1, False, (Alternative(1, Contents(cards=(("a", 1),))), Alternative(3, Contents(packs=((PACK, 1),))))
)
BOTH = Choice(2, False, (*EITHER.alternatives, Alternative(2, Contents(cards=(("b", 2),)))))
BOX = Contents(
    cards=(("d", 1),),
    packs=((PACK, 6),),
    nested=((Contents(packs=((PACK, 1),)), 2),),
    choices=((EITHER, 2), (BOTH, 1)),
)
CENTS = {"a": 1000, "b": 250, "c": 10, "d": 5, "e": 40, "f": 1, "g": 300}


def test_mean_and_spread_are_those_of_the_exact_distribution():
    exact = value_distribution(BOX, cents=CENTS)

    values = simulated_values(BOX, cents=CENTS, trials=20_000, seed=1)

    error = exact.standard_deviation / np.sqrt(len(values))
    assert values.mean() == pytest.approx(exact.mean, abs=4 * error)
    assert values.std() == pytest.approx(exact.standard_deviation, rel=0.03)
    assert np.mean(values > exact.mean) == pytest.approx(exact.probability_above(exact.mean), abs=0.02)


def test_several_products_are_the_sum_of_independent_ones():
    exact = value_distribution(Contents(nested=((BOX, 4),)), cents=CENTS)

    values = simulated_values(BOX, cents=CENTS, trials=10_000, seed=2, quantity=4)

    assert values.mean() == pytest.approx(exact.mean, rel=0.01)
    assert values.std() == pytest.approx(exact.standard_deviation, rel=0.04)


def test_the_seed_decides():
    first, again, other = (simulated_values(BOX, cents=CENTS, trials=50, seed=seed) for seed in (3, 3, 4))

    assert (first == again).all()
    assert (first != other).any()


def test_what_is_certain_does_not_vary():
    certain = Contents(
        cards=(("a", 2),),
        packs=((Pack("p", (PackConfiguration(1, (SheetDraw("s", ("b",), (3,), is_fixed=True),)),)), 2),),
    )

    assert simulated_values(certain, cents=CENTS, trials=5, seed=0).tolist() == [3500.0] * 5


def test_heavy_products_run_fewer_trials():
    cards = tuple(range(400))
    heavy = Contents(
        packs=((Pack("p", (PackConfiguration(1, (SheetDraw("s", cards, (1,) * 400, draws=10),)),)), 400),)
    )

    values = simulated_values(heavy, cents={0: 100}, trials=20_000, seed=0)

    assert len(values) == MAX_CELLS // cells_per_product(heavy) == 250


@pytest.mark.parametrize(("trials", "quantity"), [(0, 1), (1, 0), (-1, 1)])
def test_nothing_to_run_is_refused(trials: int, quantity: int):
    with pytest.raises(ValueError, match="cannot run"):
        simulated_values(BOX, cents=CENTS, trials=trials, seed=0, quantity=quantity)
