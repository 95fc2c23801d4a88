"""Invented quotes for development (`ENABLE_MOCK_MARKETS`): a seeded walk, no network, named as invented."""

import random
from decimal import Decimal
from typing import Final

from quant.spreads.symbols import brand_slug
from scrapers.choices import LiveAdapter, MarketSide

from .client import DeskClient
from .connector import Clock
from .market import Market
from .reading import CardQuote, Reading

BRANDS: Final = ("Amazon", "App Store & iTunes", "Google Play", "Netflix", "Steam")
FACES: Final = (Decimal(25), Decimal(50), Decimal(100))
_CENT: Final = Decimal("0.01")

MOCK_MARKETS: Final = (
    Market("mock_seller", LiveAdapter.MOCK, MarketSide.SELL, fee_bps=Decimal(20), slippage_bps=Decimal(5)),
    Market("mock_buyer", LiveAdapter.MOCK, MarketSide.BUY, fee_bps=Decimal(30), slippage_bps=Decimal(5)),
    Market("mock_dealer", LiveAdapter.MOCK, MarketSide.BOTH, fee_bps=Decimal(25), slippage_bps=Decimal(5)),
)


class MockConnector:
    """Walks prices between 88 % and 96 % of face, its own walk for every market.

    Args:
        market: its code is the seed.
    """

    def __init__(self, market: Market) -> None:
        self._market = market
        self._random = random.Random(f"mock:{market.code}")  # noqa: S311 - invented prices, not secrets
        self._levels = {
            (brand_slug(brand), face): self._random.uniform(0.90, 0.94) for brand in BRANDS for face in FACES
        }

    def urls(self) -> tuple[str, ...]:
        """Return nothing: nobody is asked."""
        return ()

    async def read(self, client: DeskClient, *, clock: Clock, max_skew_ms: int) -> Reading:
        """Take the next step of the walk."""
        reading = Reading(as_of_ms=clock())
        for key in self._levels:
            step = self._random.gauss(0, 0.004)
            self._levels[key] = min(0.96, max(0.88, self._levels[key] + step))
            if not self._market.brands or key[0] in self._market.brands:
                reading.quotes += self._quotes(*key)
        return reading

    def _quotes(self, brand: str, face: Decimal) -> list[CardQuote]:
        middle = face * Decimal(repr(self._levels[brand, face]))
        market = self._market
        prices = {
            MarketSide.SELL: (middle + _CENT * face / 2).quantize(_CENT),
            MarketSide.BUY: (middle - _CENT * face / 2).quantize(_CENT),
        }
        sides = prices if market.side is MarketSide.BOTH else (market.side,)
        size = Decimal(self._random.randint(1, 20))
        return [
            CardQuote(brand, face, market.currency, market.region, side, prices[side], size) for side in sides
        ]
