"""Opening sealed products by dice: one draw of what was inside, from the same contents the model values.

The law of a draw is the one whose averages `expected_copies` gives: packs are filled by one configuration,
sheets are drawn with or without putting back, choices take so many of their alternatives.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .contents.model import CardKey, Choice, Contents, Pack, SheetDraw

_CELLS_AT_ONCE = 2_000_000


def draw_opening(contents: Contents, *, quantity: int, seed: int) -> dict[CardKey, int]:
    """Draw what is inside `quantity` products, each drawn independently of the others.

    Products and packs of the same kind are drawn together, so the work grows with the number of different
    parts and, for sheets without duplicates, with packs times cards.

    Args:
        contents: of one product; unresolved parts give nothing.
        quantity: how many products are opened, >= 1.
        seed: the same contents, quantity and seed give the same cards; >= 0.

    Returns:
        Copies by card, in order of appearance; cards that were not drawn are absent.

    Raises:
        ValueError: for a quantity below 1 or a negative seed.
    """
    if quantity < 1:
        raise ValueError(f"cannot open {quantity} products")
    drawing = _Drawing(np.random.default_rng(seed))
    drawing.open(contents, quantity)
    return {card: copies for card, copies in drawing.copies.items() if copies}


class _Drawing:
    """One run of the dice, adding up what came out."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self.copies: dict[CardKey, int] = {}

    def open(self, contents: Contents, times: int) -> None:
        """Open the same contents `times` times."""
        for card, count in contents.cards:
            self._add(card, count * times)
        for pack, count in contents.packs:
            self._open_packs(pack, count * times)
        for inner, count in contents.nested:
            self.open(inner, count * times)
        for choice, count in contents.choices:
            self._choose(choice, count * times)

    def _open_packs(self, pack: Pack, times: int) -> None:
        weights = [configuration.weight for configuration in pack.configurations]
        for configuration, filled in zip(pack.configurations, self._spread(weights, times), strict=True):
            if filled:
                for sheet in configuration.draws:
                    self._draw_sheet(sheet, filled)

    def _draw_sheet(self, sheet: SheetDraw, times: int) -> None:
        if sheet.is_fixed:
            counts = [weight * times for weight in sheet.weights]
        elif sheet.allow_duplicates or sheet.draws == 1:
            counts = self._spread(sheet.weights, sheet.draws * times)
        else:
            counts = self._subsets(sheet.weights, sheet.draws, times)
        for card, count in zip(sheet.cards, counts, strict=True):
            self._add(card, count)

    def _choose(self, choice: Choice, times: int) -> None:
        if choice.with_replacement or choice.draws == 1:
            counts = self._spread(choice.weights, choice.draws * times)
        else:
            counts = self._subsets(choice.weights, choice.draws, times)
        for alternative, drawn in zip(choice.alternatives, counts, strict=True):
            if drawn:
                self.open(alternative.contents, drawn)

    def _spread(self, weights: Sequence[int], draws: int) -> list[int]:
        """Draw with putting back; how often each place came."""
        if len(weights) == 1:
            return [draws]
        total = sum(weights)
        shares = np.asarray([weight / total for weight in weights], dtype=np.float64)
        return [int(count) for count in self._rng.multinomial(draws, shares / shares.sum())]

    def _subsets(self, weights: Sequence[int], draws: int, times: int) -> list[int]:
        """Draw without putting back, `times` times; how often each place came.

        The first arrivals of exponential clocks whose rates are the weights are a successive sample.
        """
        counts: NDArray[np.int64] = np.zeros(len(weights), dtype=np.int64)
        if draws == len(weights):
            return [times] * len(weights)
        scale = 1.0 / np.asarray(weights, dtype=np.float64)
        rows_at_once = max(1, _CELLS_AT_ONCE // len(scale))
        for start in range(0, times, rows_at_once):
            rows = min(rows_at_once, times - start)
            arrivals = self._rng.standard_exponential((rows, len(scale))) * scale
            drawn = np.argpartition(arrivals, draws - 1, axis=1)[:, :draws]
            counts += np.bincount(drawn.ravel(), minlength=len(scale))
        return [int(count) for count in counts]

    def _add(self, card: CardKey, count: int) -> None:
        self.copies[card] = self.copies.get(card, 0) + count
