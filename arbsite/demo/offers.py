"""Writes what is on offer, day by day, as a price list in our own CSV: offers, sellers, copies and shipping.

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

from .market import Card, Listing, Market
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
    "shipping_cost",
    "recorded_at",
)
RESTOCK_DAYS = 14
LEAST_SINGLE_PRICE = 1.0  # nobody counts the offers of bulk
SEALED_STATISTICS = (("low", 0.96), ("trend", 1.0))  # share of the trend, as in the guide
SINGLE_STATISTICS = (("low", 0.72),)
AFTER_GUIDE = timedelta(seconds=1)

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Line:
    """One article with offers, its column among all prices, and the statistics it is listed under."""

    article: Card | Listing
    column: int
    statistics: tuple[tuple[str, float], ...]

    @property
    def ident(self) -> str:
        """Return the marketplace's product number."""
        product = self.article if isinstance(self.article, Card) else self.article.product
        return f"mcm:{product.external_id}"

    @property
    def is_trap(self) -> bool:
        """Say whether its prices are wrong in the end; then nobody states its offers."""
        return isinstance(self.article, Listing) and self.article.trap is not None

    @property
    def shipping(self) -> str:
        """Return the inbound shipping of a sealed product; empty for a single."""
        return f"{self.article.shipping:.2f}" if isinstance(self.article, Listing) else ""


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
            if not quantity or (is_trapped and line.is_trap):
                continue
            sellers = _sellers(line.article.behaviour.sellers, prices.noise[row, line.column])
            counts = (min(sellers, quantity), quantity)
            for price_type, share in line.statistics:
                price = max(prices.today[row, line.column] * share, 0.01)
                yield "cardmarket", line.ident, f"{price:.2f}", "EUR", price_type, *counts, line.shipping, at


def _lines(market: Market) -> list[_Line]:
    cards = market.cards
    lines = [
        _Line(card, column, SINGLE_STATISTICS)
        for column, card in enumerate(cards)
        if card.price >= LEAST_SINGLE_PRICE
    ]
    return lines + [
        _Line(listing, column, SEALED_STATISTICS)
        for column, listing in enumerate(market.listings, len(cards))
    ]


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
