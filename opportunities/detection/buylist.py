"""Selling the singles at once: which store of the route's currency buys, at what price, and how many."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from catalog.choices import VenueKind
from opportunities.policy import AnalysisPolicy
from pricing.choices import PriceType
from pricing.errors import FeeScheduleNotFound
from pricing.models import PriceBatch, PriceSource
from pricing.selectors import fee_schedule_at, market_prices, price_sources
from quant.fees import InvalidFeeSchedule
from quant.money import UnknownCurrency
from quant.sealed.contents import Contents
from quant.sealed.instant_sale import Bid, instant_sale


@dataclass(frozen=True, slots=True)
class Buylist:
    """One store's bids for singles, by product key and finish.

    Args:
        source: of the bids; its currency is theirs.
        bids: fresh ones of decent quality; the quantity a store reports with them is how many it wants.
        postage: of one parcel to the store, from its fee schedule; 0 where it has none.
    """

    source: PriceSource
    bids: Mapping[tuple[int, str], Bid]
    postage: Decimal

    def value_of(self, contents: Contents) -> dict[str, Any]:
        """Return what the contents of one product bring at once, as JSON with decimal strings."""
        found = instant_sale(contents, bids=self.bids, currency=self.source.currency, postage=self.postage)
        return {
            "source": self.source.code,
            "currency": self.source.currency,
            "value": str(found.value),
            "lines_counted": found.lines_counted,
        }


def buylist_for(
    currency: str, *, category: str, product_keys: Collection[int], policy: AnalysisPolicy, now: datetime
) -> Buylist | None:
    """Return the bids of the first enabled store of a currency that has any; None if no store has.

    Bids of another finish than the card's are not taken: a store that wants the foil wants no other.

    Args:
        currency: of the route.
        category: game, for the store's fee schedule.
        product_keys: singles to look for.
        policy: the greatest age and least quality of a bid.
        now: the time they are judged at.
    """
    stores = price_sources().filter(
        currency=currency, is_reference=False, venue__kind=VenueKind.STORE, venue__is_enabled=True
    )
    for source in stores:
        bids = _bids(source, product_keys, policy, now)
        if bids:
            return Buylist(source, bids, _postage(source, category, now))
    return None


def _bids(
    source: PriceSource, product_keys: Collection[int], policy: AnalysisPolicy, now: datetime
) -> dict[tuple[int, str], Bid]:
    found = market_prices(
        source=source,
        oldest=now - policy.max_price_age,
        product_keys=product_keys,
        price_type=PriceType.BUYLIST,
    )
    batches = {price.batch_id for price in found.values()}
    doubtful = set(
        PriceBatch.objects.filter(id__in=batches, data_source_quality__lt=policy.min_quality).values_list(
            "id", flat=True
        )
    )
    return {
        card: Bid(price.price, price.available_quantity)
        for card, price in found.items()
        if price.batch_id not in doubtful
    }


def _postage(source: PriceSource, category: str, now: datetime) -> Decimal:
    try:
        _, terms = fee_schedule_at(venue=source.venue, on=now.date(), category=category)
    except (FeeScheduleNotFound, InvalidFeeSchedule, UnknownCurrency):
        return Decimal(0)
    return terms.postage_per_order if terms.currency == source.currency else Decimal(0)
