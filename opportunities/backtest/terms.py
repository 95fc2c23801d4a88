"""What a back-test may assume: which sources and game, and terms instead of the policy's and the venues'."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from catalog.choices import Category
from opportunities.detection import Route, routes_at
from opportunities.errors import BacktestRefused
from opportunities.policy import AnalysisPolicy
from pricing.errors import UnknownPriceSource
from pricing.selectors import price_source
from quant.fees import flat_rate

MAX_FLOOR = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class BacktestTerms:
    """The assumptions of a back-test; None keeps what the settings and the venues' fee schedules say.

    Args:
        source: code of the price source that is bought from; None replays every source.
        category: one game.
        floor: singles below this price go for the bulk value, in the currency of each route.
        fee_rate: one flat fraction of every sale instead of the fee schedule of the day, 0..1.

    Raises:
        BacktestRefused: if a figure is out of range, or source or game are unknown.
    """

    source: str | None = None
    category: str | None = None
    floor: Decimal | None = None
    fee_rate: Decimal | None = None

    def __post_init__(self) -> None:
        limits = {"floor": (self.floor, MAX_FLOOR), "fee rate": (self.fee_rate, Decimal(1))}
        for name, (value, most) in limits.items():
            if value is not None and not (value.is_finite() and 0 <= value <= most):
                raise BacktestRefused(detail=f"The {name} must be a number from 0 to {most}, not {value}.")
        if self.category is not None and self.category not in Category.values:
            games = ", ".join(Category.values)
            raise BacktestRefused(detail=f"Unknown game {self.category!r}; there are {games}.")

    def check_source(self) -> None:
        """Refuse a source nobody knows, or one that only serves for comparison.

        Raises:
            BacktestRefused: naming it.
        """
        if self.source is None:
            return
        try:
            found = price_source(self.source)
        except UnknownPriceSource as unknown:
            raise BacktestRefused(None, unknown.detail, {"source": self.source}) from None
        if found.is_reference or not (found.is_enabled and found.venue.is_enabled):
            raise BacktestRefused(
                None, f"The source {self.source!r} raises no signals.", {"source": self.source}
            )

    def as_data(self) -> dict[str, str]:
        """Return what is assumed, as JSON with decimal strings; what is not stays out."""
        stated = {
            "source": self.source, "category": self.category, "floor": self.floor, "fee_rate": self.fee_rate,
        }  # fmt: skip
        return {name: str(value) for name, value in stated.items() if value is not None}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "BacktestTerms":
        """Read what `as_data` wrote."""
        figures = {name: Decimal(data[name]) for name in ("floor", "fee_rate") if name in data}
        return cls(source=data.get("source"), category=data.get("category"), **figures)

    def policy(self, usual: AnalysisPolicy) -> AnalysisPolicy:
        """Return the policy signals are raised under."""
        if self.floor is None:
            return usual
        return replace(usual, floors={}, other_floor=self.floor)

    def routes(self, moment: datetime) -> list[Route]:
        """Return the routes to replay, with the fees valid on the day of `moment` (UTC)."""
        return [
            self._charged(route)
            for route in routes_at(moment)
            if self.source in (None, route.buy.code) and self.category in (None, route.category)
        ]

    def _charged(self, route: Route) -> Route:
        if self.fee_rate is None:
            return route
        terms = flat_rate(self.fee_rate, route.currency)
        return replace(route, terms=terms, fee_schedule=None, has_fees=True)
