"""What every route returns, whatever the venue's own format: the one normalised record.

A `ScrapedPrice` is what one answer said about one article: any number of quotes (statistics by finish and
condition) and, where the venue gives them, sales. It carries why it is believed (`Evidence`) and where it
came from; it is made by a parser, never looked up. Personal data of sellers and buyers has no field here.
"""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

import msgspec

from pricing.choices import ConfidenceLevel, Route
from pricing.observations import Observation


class Quote(msgspec.Struct, frozen=True, gc=False):
    """One statistic of an article's offers, per copy. Zero and missing amounts are never quotes.

    `finish` and `condition` are empty where the venue does not say. `shipping_cost` is that of the quoted
    offer, None where it is unknown (and not included in `amount`).
    """

    amount: Decimal
    price_type: str
    finish: str = ""
    condition: str = ""
    seller_count: int | None = None
    available_quantity: int | None = None
    shipping_cost: Decimal | None = None


class Sale(msgspec.Struct, frozen=True, gc=False):
    """Copies that were sold, for confidence in volume; never used as a price of its own.

    `reference` makes it unique within its source: the listing's id, or `day` for a venue's daily total.
    `unit_price` is per copy and None where the venue hides what was paid ("best offer accepted").
    """

    reference: str
    sold_on: date
    units: int
    unit_price: Decimal | None = None
    finish: str = ""
    condition: str = ""


class Evidence(msgspec.Struct, frozen=True, gc=False):
    """Why the amounts are believed to be this article's. All three must hold, or nothing is stored.

    Args:
        product_id: the id as the answer itself states it (not as it was asked for).
        currency: the currency as the answer states it, or as the venue's documentation fixes it.
        selector: the field or CSS selector the amounts came from.
    """

    product_id: str
    currency: str
    selector: str


class ScrapedPrice(msgspec.Struct, frozen=True):
    """One answer about one article.

    Args:
        external_id: the article in the source's own name space, as asked for.
        currency: ISO 4217 code of every amount.
        quotes: at least one, or `sales` is not empty.
        evidence: see `Evidence`.
        route: how it arrived.
        source_url: the page or call, without credentials.
        fetched_at: when the answer was received (aware UTC).
        observed_at: the venue's own time of the prices; None: they are of `fetched_at`.
        payload_sha256: hex digest of the answer's body.
        parser: name and version, such as `ebay.browse/1`.
        title: as the venue writes it, cleaned of markup.
        sales: what was sold, if the venue tells.
        confidence_level: R002's.
        quality: R002's `data_source_quality`, 0 to 1.
    """

    external_id: str
    currency: str
    quotes: tuple[Quote, ...]
    evidence: Evidence
    route: Route
    source_url: str
    fetched_at: datetime
    payload_sha256: str
    parser: str
    title: str = ""
    observed_at: datetime | None = None
    sales: tuple[Sale, ...] = ()
    confidence_level: ConfidenceLevel = ConfidenceLevel.HIGH
    quality: Decimal = Decimal("1.00")

    def observations(self) -> Iterator[Observation]:
        """Yield the quotes as the input of `pricing.services.record_prices`."""
        for quote in self.quotes:
            yield Observation(
                price=quote.amount,
                price_type=quote.price_type,
                currency=self.currency,
                external_id=self.external_id,
                finish=quote.finish,
                condition=quote.condition,
                seller_count=quote.seller_count,
                available_quantity=quote.available_quantity,
                shipping_cost=quote.shipping_cost,
                recorded_at=self.observed_at or self.fetched_at,
            )


class SearchHit(msgspec.Struct, frozen=True):
    """One article a venue found for a query; a suggestion for a person, never joined by itself."""

    external_id: str
    name: str
    set_name: str = ""
    number: str = ""
    url: str = ""
    image_url: str = ""
    price: Decimal | None = None
    currency: str = ""
