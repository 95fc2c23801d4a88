"""Opening a product many times by dice, for all trials at once: what an unlucky or a lucky run looks like."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from .contents.model import CardKey, Choice, Contents, Pack, SheetDraw

MAX_CELLS = 40_000_000
"""Numbers drawn in one call: the bound on its time."""

_CELLS_AT_ONCE = 2_000_000

Counts = NDArray[np.int64]
Amounts = NDArray[np.float64]


def simulated_values(
    contents: Contents, *, cents: Mapping[CardKey, int], trials: int, seed: int, quantity: int = 1
) -> Amounts:
    """Open `quantity` products in each of `trials` independent trials and add up what the cards bring.

    Args:
        contents: of one product; unresolved parts bring nothing.
        cents: what one copy of a card brings, whole cents; cards that are missing bring nothing.
        trials: how many trials, >= 1; fewer are run where they would take more than `MAX_CELLS` numbers.
        seed: the same arguments give the same values; >= 0.
        quantity: products opened in each trial, >= 1.

    Returns:
        The value of each trial in cents; its length says how many trials were run.

    Raises:
        ValueError: for trials or a quantity below 1, or a negative seed.
    """
    if trials < 1 or quantity < 1:
        raise ValueError(f"cannot run {trials} trials of {quantity} products")
    affordable = max(1, MAX_CELLS // max(1, cells_per_product(contents) * quantity))
    run = _Run(cents, min(trials, affordable), seed)
    return run.open(contents, np.full(run.trials, quantity, dtype=np.int64))


def cells_per_product(contents: Contents) -> int:
    """Return how many numbers opening one product takes: a sheet's cards, per pack where none is put back."""
    total = sum(cells_per_product(inner) * count for inner, count in contents.nested)
    for pack, count in contents.packs:
        total += max(
            sum(_sheet_cells(sheet, count) for sheet in configuration.draws)
            for configuration in pack.configurations
        )
    for choice, count in contents.choices:
        inside = max((cells_per_product(part.contents) for part in choice.alternatives), default=0)
        total += count * (len(choice.weights) + choice.draws * inside)
    return total


def _sheet_cells(sheet: SheetDraw, count: int) -> int:
    if sheet.is_fixed:
        return 1
    return len(sheet.cards) * (1 if sheet.allow_duplicates or sheet.draws == 1 else count)


class _Run:
    """The dice of one call. `times` says how often something is opened in each trial."""

    def __init__(self, cents: Mapping[CardKey, int], trials: int, seed: int) -> None:
        self._cents = cents
        self.trials = trials
        self._rng = np.random.default_rng(seed)

    def open(self, contents: Contents, times: Counts) -> Amounts:
        """Return what the cards of contents bring in each trial."""
        certain = sum(self._cents.get(card, 0) * count for card, count in contents.cards)
        total = np.asarray(times * float(certain), dtype=np.float64)
        for pack, count in contents.packs:
            total += self._open_packs(pack, times * count)
        for inner, count in contents.nested:
            total += self.open(inner, times * count)
        for choice, count in contents.choices:
            total += self._choose(choice, times * count)
        return total

    def _open_packs(self, pack: Pack, times: Counts) -> Amounts:
        weights = [configuration.weight for configuration in pack.configurations]
        filled = self._spread(weights, times)
        total = np.zeros(self.trials)
        for position, configuration in enumerate(pack.configurations):
            for sheet in configuration.draws:
                total += self._draw_sheet(sheet, filled[:, position])
        return total

    def _draw_sheet(self, sheet: SheetDraw, times: Counts) -> Amounts:
        cents = np.asarray([self._cents.get(card, 0) for card in sheet.cards], dtype=np.float64)
        if sheet.is_fixed:
            weight = float(cents @ np.asarray(sheet.weights, dtype=np.float64))
            return np.asarray(times * weight, dtype=np.float64)
        if sheet.allow_duplicates or sheet.draws == 1:
            return np.asarray(self._spread(sheet.weights, times * sheet.draws) @ cents)
        total = np.zeros(self.trials)
        for owners, drawn in self._subsets(sheet.weights, sheet.draws, times):
            total += np.bincount(owners, weights=cents[drawn].sum(axis=1), minlength=self.trials)
        return total

    def _choose(self, choice: Choice, times: Counts) -> Amounts:
        if choice.with_replacement or choice.draws == 1:
            counts = self._spread(choice.weights, times * choice.draws)
        else:
            counts = np.zeros((self.trials, len(choice.weights)), dtype=np.int64)
            for owners, drawn in self._subsets(choice.weights, choice.draws, times):
                np.add.at(counts, (owners[:, None], drawn), 1)
        total = np.zeros(self.trials)
        for position, alternative in enumerate(choice.alternatives):
            total += self.open(alternative.contents, counts[:, position])
        return total

    def _spread(self, weights: Sequence[int], draws: Counts) -> Counts:
        """Draw with putting back; how often each place came in each trial."""
        if len(weights) == 1:
            return draws[:, None]
        total = sum(weights)
        shares = np.asarray([weight / total for weight in weights], dtype=np.float64)
        return self._rng.multinomial(draws, shares / shares.sum())

    def _subsets(
        self, weights: Sequence[int], draws: int, times: Counts
    ) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
        """Draw without putting back, once per opening; (trial of each opening, places drawn) in blocks.

        The first arrivals of exponential clocks whose rates are the weights are a successive sample.
        """
        owners = np.repeat(np.arange(self.trials), times)
        if draws == len(weights):
            yield owners, np.tile(np.arange(draws), (len(owners), 1))
            return
        scale = 1.0 / np.asarray(weights, dtype=np.float64)
        rows_at_once = max(1, _CELLS_AT_ONCE // len(scale))
        for start in range(0, len(owners), rows_at_once):
            part = owners[start : start + rows_at_once]
            arrivals = self._rng.standard_exponential((len(part), len(scale))) * scale
            yield part, np.argpartition(arrivals, draws - 1, axis=1)[:, :draws]
