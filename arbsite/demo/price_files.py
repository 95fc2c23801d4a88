"""Writes the invented prices as files: a Cardmarket price guide a day, and the offers in our own CSV."""

import gzip
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import msgspec
import numpy as np

from .market import Card, Listing, Market
from .walks import TRAP_DAYS, Matrix, Prices, trapped

PUBLISHED_AT = time(1, 41, 34, tzinfo=UTC)  # Cardmarket publishes in the small hours
CATEGORY_SINGLE = 1
CATEGORY_NUMBERS = {
    "booster_pack": 2,
    "booster_box": 7,
    "box_set": 8,
    "bundle": 17,
    "deck": 18,
    "booster_case": 19,
    "bundle_case": 19,
    "deck_box": 19,
    "limited": 24,
    "multi_deck": 32,
}

JsonObject = dict[str, object]


def published_at(day: date, *, now: datetime) -> datetime:
    """Return when a day's guide came out: at night, but today's at the last full hour, to be fresh."""
    if day < now.date():
        return datetime.combine(day, PUBLISHED_AT)
    return now.replace(minute=0, second=0, microsecond=0)


def write_guides(market: Market, prices: Prices, folder: Path, *, now: datetime) -> list[Path]:
    """Write a price guide for each day and return the files, oldest first."""
    columns = _Columns(market, prices)
    paths = []
    for row, day in enumerate(prices.days):
        guide = {
            "version": 1,
            "createdAt": published_at(day, now=now).strftime("%Y-%m-%dT%H:%M:%S%z"),
            "priceGuides": columns.rows(row, is_trapped=now.date() - day < timedelta(days=TRAP_DAYS)),
        }
        path = folder / f"price_guide_1_{day.isoformat()}.json.gz"
        path.write_bytes(gzip.compress(msgspec.json.encode(guide), compresslevel=1, mtime=0))
        paths.append(path)
    return paths


class _Columns:
    """The statistics of all articles as nested lists, rounded to the cent once."""

    def __init__(self, market: Market, prices: Prices) -> None:
        self.cards: Sequence[Card] = market.cards
        self.listings = market.listings
        count = len(self.cards)
        plain = {
            "avg": prices.today * np.exp(0.02 * prices.noise),
            "low": prices.today * np.where(np.arange(prices.today.shape[1]) < count, 0.72, 0.96),
            "trend": prices.today,
            "avg1": prices.today * np.exp(0.05 * prices.noise),
            "avg7": prices.average(7),
            "avg30": prices.average(30),
        }
        foil = np.array([card.foil_factor for card in self.cards])
        foils = {f"{name}-foil": plain[name][:, :count] * foil for name in ("low", "trend", "avg30")}
        self.plain = {name: _cents(values) for name, values in plain.items()}
        self.foil = {name: _cents(values) for name, values in foils.items()}
        self.missing = prices.missing.tolist()

    def rows(self, row: int, *, is_trapped: bool) -> list[JsonObject]:
        """Return the rows of one day's guide."""
        missing = self.missing[row]
        rows: list[JsonObject] = []
        for column, card in enumerate(self.cards):
            if missing[column] and not is_trapped:
                continue
            line: JsonObject = {"idProduct": card.external_id, "idCategory": CATEGORY_SINGLE}
            line.update((name, values[row][column]) for name, values in self.plain.items())
            if card.foil_factor:
                line.update((name, values[row][column]) for name, values in self.foil.items())
            rows.append(line)
        for column, listing in enumerate(self.listings, len(self.cards)):
            if is_trapped or not missing[column]:
                rows.append(self._sealed(listing, row, column, is_trapped=is_trapped))
        return rows

    def _sealed(self, listing: Listing, row: int, column: int, *, is_trapped: bool) -> JsonObject:
        low: float | None
        trend: float | None
        average: float | None
        low, trend, average = (self.plain[name][row][column] for name in ("low", "trend", "avg"))
        if listing.trap and is_trapped:
            honest = self.plain["trend"][row][column]
            low, trend, average = (_rounded(value) for value in trapped(honest, listing.trap))
        return {
            "idProduct": listing.product.external_id,
            "idCategory": CATEGORY_NUMBERS.get(listing.product.category, 19),
            "avg": average,
            "low": low,
            "trend": trend,
            "avg1": None,
            "avg7": None,
            "avg30": None,
        }


def _cents(values: Matrix) -> list[list[float]]:
    rounded: list[list[float]] = np.maximum(np.round(values, 2), 0.01).tolist()
    return rounded


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
