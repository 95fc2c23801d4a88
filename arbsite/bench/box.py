"""Scenario: the exact value distribution of one booster box, against simulating it with `random.choices`.

36 packs of 15 cards: ten commons, three uncommons, a rare or mythic, and a foil. The naive way opens 10,000
boxes; its time is scaled up from fewer. Coarser grids are compared with the exact 1-cent result.
"""

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from quant.sealed.contents import Contents, Pack, PackConfiguration, SheetDraw, expected_copies
from quant.sealed.distribution import Distribution, value_distribution

from .results import Better, Figure, ScenarioResult, ratio
from .timing import median_seconds

TITLE = "One booster box: every possible value with its probability"
TARGET_RATIO = 90.0
TRIALS = 10_000
PACKS = 36
MAX_GRID_ERROR = 1e-3
GRIDS = (5, 10, 25, 50)

Cents = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many trials are really simulated, and how often everything is timed."""

    trials: int
    repeats: int


FULL = Sizes(trials=200, repeats=7)
QUICK = Sizes(trials=4, repeats=3)


def run(*, is_quick: bool = False) -> ScenarioResult:
    """Measure both ways; needs no database."""
    sizes = QUICK if is_quick else FULL
    cents = make_prices()
    box = make_box(allow_duplicates=True)
    exact = value_distribution(box, cents=cents)
    ours = median_seconds(lambda: value_distribution(box, cents=cents), repeats=sizes.repeats)
    opener = _Opener(box, cents)
    naive = median_seconds(
        lambda: opener.share_above(exact.mean, sizes.trials), repeats=min(sizes.repeats, 5)
    )
    naive *= TRIALS / sizes.trials
    figures = [
        ratio(
            "exact distribution against 10,000 trials",
            naive_seconds=naive,
            our_seconds=ours,
            target=TARGET_RATIO,
            note=f"naive scaled from {sizes.trials} trials; 1-cent grid, independent draws",
        ),
        Figure("exact", ours * 1000, "ms", note=f"{len(exact.probabilities)} values"),
        Figure(
            "naive", naive * 1000, "ms", note=f"its P(profit) is uncertain by {0.5 / math.sqrt(TRIALS):.4f}"
        ),
        Figure(
            "error of the exact mean",
            abs(float(exact.values @ exact.probabilities) - expected_cents(box, cents)),
            "cents",
            target=1e-3,
            better=Better.LOWER,
            note="against the expected copies times the prices, in fractions",
        ),
    ]
    for grid in GRIDS:
        figures += _grid_figures(box, cents, exact, grid=grid, repeats=sizes.repeats)
    real = make_box(allow_duplicates=False)
    seconds = median_seconds(lambda: value_distribution(real, cents=cents), repeats=sizes.repeats)
    figures.append(Figure("exact, no card twice in a pack", seconds * 1000, "ms", note="1-cent grid"))
    return ScenarioResult(
        "box", TITLE, {"packs": PACKS, "cards": len(cents), "trials": sizes.trials}, tuple(figures)
    )


def make_prices() -> dict[str, int]:
    """Return the prices of 360 cards in cents: bulk, playables and a long tail."""
    chance = random.Random(1)  # noqa: S311 - invented prices
    bands = {
        "common": (101, 2, 40),
        "uncommon": (80, 5, 300),
        "rare": (60, 20, 2_000),
        "mythic": (20, 100, 8_000),
    }
    prices = {
        f"{rarity} {number}": max(round(low * (high / low) ** chance.random()), 1)
        for rarity, (count, low, high) in bands.items()
        for number in range(count)
    }
    return prices | {f"foil {name}": price * 2 for name, price in prices.items()}


def make_box(*, allow_duplicates: bool) -> Contents:
    """Return the box; without duplicates no card comes twice from one sheet in a pack, as in print."""
    weights = {"common": 8, "uncommon": 4, "rare": 2, "mythic": 1}
    names = [name for name in make_prices() if not name.startswith("foil")]

    def sheet(label: str, rarities: tuple[str, ...], draws: int, prefix: str = "") -> SheetDraw:
        cards = [name for name in names if name.split()[0] in rarities]
        return SheetDraw(
            name=label,
            cards=tuple(prefix + name for name in cards),
            weights=tuple(weights[name.split()[0]] if len(rarities) > 1 else 1 for name in cards),
            draws=draws,
            allow_duplicates=allow_duplicates,
        )

    pack = Pack(
        "draft",
        (
            PackConfiguration(
                1,
                (
                    sheet("common", ("common",), 10),
                    sheet("uncommon", ("uncommon",), 3),
                    sheet("rareMythic", ("rare", "mythic"), 1),
                    sheet("foil", tuple(weights), 1, prefix="foil "),
                ),
            ),
        ),
    )
    return Contents(packs=((pack, PACKS),))


def expected_cents(contents: Contents, cents: Cents) -> float:
    """Return the exact expected value, from the expected copies."""
    copies = expected_copies(contents)
    return float(sum((cents[str(card)] * count for card, count in copies.items()), Fraction(0)))


class _Opener:
    """Opens boxes one by one, the way a first version does."""

    def __init__(self, box: Contents, cents: Cents) -> None:
        (pack, self.packs) = box.packs[0]
        self.slots = [
            ([cents[str(card)] for card in sheet.cards], list(sheet.weights), sheet.draws)
            for sheet in pack.configurations[0].draws
        ]
        self.random = random.Random(3)  # noqa: S311 - a simulation

    def share_above(self, cost: float, trials: int) -> float:
        """Return the share of boxes that are worth more than a cost in cents."""
        wins = 0
        for _ in range(trials):
            value = 0
            for prices, weights, draws in self.slots:
                value += sum(self.random.choices(prices, weights=weights, k=draws * self.packs))
            wins += value > cost
        return wins / trials


def _grid_figures(
    box: Contents, cents: Cents, exact: Distribution, *, grid: int, repeats: int
) -> list[Figure]:
    """Time a coarser grid and find its largest error in any probability."""
    seconds = median_seconds(
        lambda: value_distribution(box, cents=cents, grid_cents=grid), repeats=repeats, loops=3
    )
    coarse = value_distribution(box, cents=cents, grid_cents=grid)
    width = exact.standard_deviation
    thresholds = [exact.mean + width * step / 20 for step in range(-80, 81)]
    error = max(abs(coarse.probability_above(cost) - exact.probability_above(cost)) for cost in thresholds)
    return [
        Figure(f"{grid}-cent grid", seconds * 1000, "ms"),
        Figure(
            f"{grid}-cent grid, largest error of P(value > cost)",
            error,
            "probability",
            target=MAX_GRID_ERROR,
            better=Better.LOWER,
        ),
    ]
