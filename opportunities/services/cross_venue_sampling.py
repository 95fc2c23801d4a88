"""Live quotes sampled into history: what each book looked like, every few seconds."""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from django.conf import settings
from django.db import transaction

from catalog.models import Instrument, Venue
from pricing.models import QuoteSample
from pricing.quotebook import CRYPTO, LiveQuote, all_quotes, is_fresh

from .cross_venue_places import instrument_of
from .cross_venue_reading import SightingUnreadable

_PLACES: Final = Decimal("1e-12")
_MOST: Final = Decimal(10) ** 12
_MOST_SIZE: Final = Decimal(10) ** 15
_BATCH: Final = 1_000


def sample_quotes(*, now: datetime) -> int:
    """Store the live quotes that are fresh now; return how many were new.

    A quote that was sampled before (same venue, instrument and receipt) is not stored twice. Quotes of venues
    that are not known here yet are left out until a market or a route has made the venue.

    Raises:
        QuotesUnreadable: if Redis does not answer.
    """
    now_ms = int(now.timestamp() * 1_000)
    quotes = [quote for row in all_quotes().values() for quote in row if _is_usable(quote, now_ms)]
    if not quotes:
        return 0
    with transaction.atomic():
        instruments = _instruments(quotes)
        venues = dict(Venue.objects.filter(code__in={one.venue for one in quotes}).values_list("code", "pk"))
        samples = [
            _sample(quote, instruments[quote.symbol], venues[quote.venue])
            for quote in quotes
            if quote.symbol in instruments and quote.venue in venues
        ]
        before = QuoteSample.objects.filter(received_at__in={one.received_at for one in samples}).count()
        QuoteSample.objects.bulk_create(samples, ignore_conflicts=True, batch_size=_BATCH)
        after = QuoteSample.objects.filter(received_at__in={one.received_at for one in samples}).count()
    return after - before


def _is_usable(quote: LiveQuote, now_ms: int) -> bool:
    max_age = settings.TICK_MAX_AGE_MS if quote.market == CRYPTO else settings.MAX_QUOTE_AGE_MS
    if not is_fresh(quote, now_ms=now_ms, max_age_ms=max_age, max_skew_ms=settings.MAX_QUOTE_SKEW_MS):
        return False
    prices = [price for price in (quote.bid, quote.ask) if price is not None]
    return bool(prices) and all(_PLACES <= price <= _MOST for price in prices)


def _instruments(quotes: Iterable[LiveQuote]) -> dict[str, int]:
    wanted = {quote.symbol: quote.currency for quote in quotes}
    known = dict(Instrument.objects.filter(symbol__in=wanted).values_list("symbol", "pk"))
    missing = []
    for symbol in sorted(set(wanted) - set(known)):
        try:
            missing.append(instrument_of(symbol, wanted[symbol]))
        except SightingUnreadable:
            continue
    if missing:
        Instrument.objects.bulk_create(missing, ignore_conflicts=True)
        known |= dict(Instrument.objects.filter(symbol__in=wanted).values_list("symbol", "pk"))
    return known


def _sample(quote: LiveQuote, instrument: int, venue: int) -> QuoteSample:
    return QuoteSample(
        instrument_id=instrument,
        venue_id=venue,
        bid=_rounded(quote.bid, _MOST),
        ask=_rounded(quote.ask, _MOST),
        bid_size=_rounded(quote.bid_size, _MOST_SIZE),
        ask_size=_rounded(quote.ask_size, _MOST_SIZE),
        received_at=datetime.fromtimestamp(quote.received_ms / 1_000, tz=UTC),
    )


def _rounded(number: Decimal | None, most: Decimal) -> Decimal | None:
    if number is None or number > most:
        return None
    return number.quantize(_PLACES, ROUND_HALF_EVEN)
