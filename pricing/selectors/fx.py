"""Exchange rates as the mathematics takes them."""

from datetime import datetime, timedelta

from pricing.models import FxRate
from quant.fx import MAX_AGE, FxQuote, FxTable


def fx_table(now: datetime, *, max_age: timedelta = MAX_AGE) -> FxTable:
    """Return the newest rate of every currency pair that was observed by `now`, in one statement.

    Of several sources the one observed last counts; on equal times the last one stored. Rates older than
    `max_age` are in the table and are refused when they are needed, so that the refusal can name them.

    Args:
        now: the moment of use.
        max_age: how old a rate may be.
    """
    newest = (
        FxRate.objects.filter(observed_at__lte=now)
        .order_by("base", "quote", "-observed_at", "-id")
        .distinct("base", "quote")
    )
    quotes = [
        FxQuote(
            base=rate.base,
            quote=rate.quote,
            bid=rate.bid,
            ask=rate.ask,
            observed_at=rate.observed_at,
            source=rate.source,
        )
        for rate in newest
    ]
    return FxTable(quotes, now=now, max_age=max_age)
