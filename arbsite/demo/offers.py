"""Writes what is on offer, day by day, as a price list in our own CSV: lowest offers, sellers and copies.

A price guide says nothing of sellers and stock; confidence needs both. Stock falls with every sale and is
filled up in cycles, so that sales can be read off it.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .market import Card, Listing, Market, Trap
from .price_files import published_at
from .walks import TRAP_DAYS, Prices

FILE_NAME = "offers.csv"
COLUMNS = (
    "source",
    "ident",
    "price",
    "currency",
    "price_type",
    "seller_count",
    "available_quantity",
    "recorded_at",
)
RESTOCK_DAYS = 14
LEAST_SINGLE_PRICE = 1.0  # nobody counts the offers of bulk
SEALED_SHARE, SINGLE_SHARE = 0.96, 0.72  # lowest offer of the trend, as in the guide
AFTER_GUIDE = timedelta(seconds=1)

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Line:
    """One article with offers: its column among all prices, and how its offers behave."""

    article: Card | Listing
    column: int
    share: float

    @property
    def ident(self) -> str:
        """Return the marketplace's product number."""
        product = self.article if isinstance(self.article, Card) else self.article.product
        return f"mcm:{product.external_id}"


def write_offers(market: Market, prices: Prices, folder: Path, *, now: datetime) -> Path:
    """Write the offers of every day and return the file."""
    path = folder / FILE_NAME
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        writer.writerows(_rows(market, prices, now))
    return path


def _rows(market: Market, prices: Prices, now: datetime) -> Iterator[tuple[object, ...]]:
    lines = _lines(market)
    quantities = _quantities(market.seed, lines, prices.days)
    for row, day in enumerate(prices.days):
        at = (published_at(day, now=now) + AFTER_GUIDE).isoformat()
        is_trapped = now.date() - day < timedelta(days=TRAP_DAYS)
        for position, line in enumerate(lines):
            quantity = int(quantities[row, position])
            if not quantity or (is_trapped and _has_no_offers(line.article)):
                continue
            price = max(prices.today[row, line.column] * line.share, 0.01)
            sellers = _sellers(line.article.behaviour.sellers, prices.noise[row, line.column])
            yield (
                "cardmarket",
                line.ident,
                f"{price:.2f}",
                "EUR",
                "low",
                min(sellers, quantity),
                quantity,
                at,
            )


def _lines(market: Market) -> list[_Line]:
    cards = market.cards
    lines = [
        _Line(card, column, SINGLE_SHARE)
        for column, card in enumerate(cards)
        if card.price >= LEAST_SINGLE_PRICE
    ]
    return lines + [
        _Line(listing, column, SEALED_SHARE) for column, listing in enumerate(market.listings, len(cards))
    ]


def _has_no_offers(article: Card | Listing) -> bool:
    """Say whether a trap shows offers of its own, or none, in the guide."""
    return isinstance(article, Listing) and article.trap in {Trap.NO_OFFERS, Trap.PARKED_LOW}


def _sellers(usual: int, noise: float) -> int:
    return max(1, round(usual * (1 + 0.12 * noise)))


def _quantities(seed: int, lines: Sequence[_Line], days: Sequence[date]) -> Counts:
    """Return the copies on offer, one row per day; they depend on the date alone, like the prices."""
    rates = np.array([line.article.behaviour.sales_per_day for line in lines])
    usual = np.array([line.article.behaviour.stock for line in lines])
    full = np.maximum(usual, np.ceil(rates * RESTOCK_DAYS * 1.5)).astype(np.int64)
    offsets = np.arange(len(lines)) % RESTOCK_DAYS
    first = days[0].toordinal() - RESTOCK_DAYS
    sold = np.array(
        [
            np.random.default_rng([seed, ordinal, 1]).poisson(rates)
            for ordinal in range(first, days[-1].toordinal() + 1)
        ]
    )
    total = np.vstack([np.zeros((1, len(lines)), dtype=np.int64), np.cumsum(sold, axis=0)])
    quantities = np.empty((len(days), len(lines)), dtype=np.int64)
    columns = np.arange(len(lines))
    for row, day in enumerate(days):
        into_cycle = (day.toordinal() + offsets) % RESTOCK_DAYS
        end = row + RESTOCK_DAYS + 1
        quantities[row] = full - (total[end] - total[end - into_cycle, columns])
    return np.maximum(quantities, 0)
