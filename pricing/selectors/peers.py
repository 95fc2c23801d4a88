"""What other sources' currencies are worth in each other, for comparing prices: the middle of the rates."""

from datetime import datetime
from decimal import Decimal

from pricing.models import PriceSource
from quant.fx import FxError

from .fx import fx_table

MidRate = tuple[str, str, Decimal]


def mid_rates(now: datetime) -> list[MidRate]:
    """Return (currency, other currency, worth of one unit in the other) for all sources' currencies.

    Every currency is worth 1 of itself. A pair without a fresh rate is left out, so that nothing is compared
    through it. One query within one currency, two otherwise.

    Args:
        now: rates are those observed by then, not older than `quant.fx.MAX_AGE`.
    """
    enabled = PriceSource.objects.filter(is_enabled=True)
    currencies = sorted(set(enabled.order_by().values_list("currency", flat=True)))
    rates: list[MidRate] = [(currency, currency, Decimal(1)) for currency in currencies]
    if len(currencies) < 2:
        return rates
    table = fx_table(now)
    for base in currencies:
        for quote in currencies:
            if base == quote:
                continue
            try:
                rates.append((base, quote, table.mid_rate(base, quote)))
            except FxError:
                continue
    return rates
