"""The markets as the process needs them, read from the database in a thread."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import structlog
from django.db import close_old_connections

from common.secrets import SecretError
from opportunities.giftcards import Desk
from quant.spreads.net import VenueTerms
from scrapers.giftcards import Market
from scrapers.models import LiveMarket
from scrapers.selectors.live_markets import as_market, gift_card_markets

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Declared:
    """One market that is switched on: how it is asked, compared and shown."""

    market: Market
    desk: Desk
    row: LiveMarket

    def is_same(self, other: "Declared") -> bool:
        """Tell whether nothing about asking it changed; costs are the engine's business only."""
        mine, costs = self.market, ("fee_bps", "slippage_bps", "fixed_fee")
        return mine == replace(other.market, **{name: getattr(mine, name) for name in costs})


def load_markets() -> Mapping[str, Declared]:
    """Return the gift-card markets that are switched on, by code; one that cannot be used is left out.

    Called in a thread of its own; connections that died are replaced.
    """
    close_old_connections()
    try:
        found = (_declared(row) for row in gift_card_markets().select_related("venue"))
        return {one.market.code: one for one in found if one is not None}
    finally:
        close_old_connections()


def _declared(row: LiveMarket) -> Declared | None:
    try:
        market = as_market(row)
        terms = VenueTerms(row.fee_bps, row.slippage_bps, row.fixed_fee)
    except (SecretError, ValueError) as error:  # InvalidAmount is a ValueError
        logger.error("giftcards.market_unusable", market=row.code, error=type(error).__name__)
        return None
    return Declared(market, Desk(market.code, market.region, market.currency, terms), row)
