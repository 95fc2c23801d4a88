"""Sales that came with a price: evidence for volume."""

from datetime import datetime
from typing import Any

from pricing.models import PriceSource
from scrapers.records import Sale, ScrapedPrice


def store_sales(record: ScrapedPrice, source: PriceSource, *, now: datetime) -> None:
    """Store the sales of one record; those already known are left alone."""
    from pricing.services import record_sales

    record_sales(source, [_sold(record, sale) for sale in record.sales], now=now)


def _sold(record: ScrapedPrice, sale: Sale) -> Any:
    from pricing.observations import SoldCopies

    return SoldCopies(
        external_id=record.external_id,
        reference=sale.reference,
        sold_on=sale.sold_on,
        units=sale.units,
        unit_price=sale.unit_price,
        finish=sale.finish,
        condition=sale.condition,
    )
