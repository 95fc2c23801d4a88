"""Sales that came with a price: evidence for volume."""

from datetime import datetime

from pricing.models import PriceSource
from pricing.observations import SoldCopies
from pricing.services import record_sales
from scrapers.records import Sale, ScrapedPrice

from .progress import Watch


def store_sales(record: ScrapedPrice, source: PriceSource, *, watch: Watch, now: datetime) -> None:
    """Store the sales of one record; those already known are left alone."""
    report = record_sales(source, [_sold(record, sale) for sale in record.sales], now=now)
    watch.count("sales_stored", report.stored)


def _sold(record: ScrapedPrice, sale: Sale) -> SoldCopies:
    return SoldCopies(
        external_id=record.external_id,
        reference=sale.reference,
        sold_on=sale.sold_on,
        units=sale.units,
        unit_price=sale.unit_price,
        finish=sale.finish,
        condition=sale.condition,
        currency=record.currency,
    )
