"""Which products have waited longest for a price."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, F, Max, OuterRef, Q

from catalog.choices import ProductType
from catalog.models import Product, ProductIdentifier, ProductSingle
from scrapers.registry import SourceSpec


def stale_products(
    *, before: datetime, sources: Sequence[SourceSpec], category: str | None = None, limit: int
) -> list[Product]:
    """Return tracked products whose newest price is older, those that wait longest first.

    Tracked is what is in use and matters to an opportunity: sealed, or a single of some sealed product; and
    what one of the sources knows by an id.

    Args:
        before: a newest price observed at this time or later is fresh.
        sources: only their ids and prices count.
        category: one game; None for all.
        limit: at most so many.
    """
    spaces = {price.identifier_source for source in sources for price in source.prices}
    codes = [price.code for source in sources for price in source.prices]
    known = Q(Exists(ProductIdentifier.objects.filter(product=OuterRef("pk"), source__in=spaces)))
    if "tcgplayer" in spaces:
        known |= Q(tcg_product_id__isnull=False)
    if "ebay" in spaces:
        known |= ~Q(ebay_product_id="")
    if "amazon" in spaces:
        known |= ~Q(amazon_asin="")
    inside = Exists(ProductSingle.objects.filter(single_product=OuterRef("pk")))
    products = Product.objects.active().filter(known).filter(Q(product_type=ProductType.SEALED) | Q(inside))
    if category is not None:
        products = products.filter(category=category)
    newest = Max("current_prices__recorded_at", filter=Q(current_prices__source__code__in=codes))
    waiting = products.annotate(newest=newest).filter(Q(newest=None) | Q(newest__lt=before))
    return list(waiting.order_by(F("newest").asc(nulls_first=True), "key")[:limit])
