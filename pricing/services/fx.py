"""Store exchange rates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from django.db import transaction

from common.audit import record_event
from pricing.errors import FxRateRefused
from pricing.models import FxRate
from pricing.partitions import EARLIEST_MONTH
from quant.money import UnknownCurrency, currency_exponent
from users.models import User

MAX_RATE: Final = Decimal(1_000_000_000)
MAX_SPREAD: Final = Decimal("0.25")  # of the bid; a wider one is two columns swapped or two pairs mixed
MAX_FUTURE: Final = timedelta(seconds=2)
PLACES: Final = Decimal("0.00000001")


@dataclass(frozen=True, slots=True)
class NewRate:
    """One observed rate: the price of one unit of `base` in `quote`; `bid` when selling base, `ask` when buying."""

    base: str
    quote: str
    bid: Decimal
    ask: Decimal
    source: str
    observed_at: datetime


@dataclass(frozen=True, slots=True)
class FxReport:
    """How many rates were new and how many were already stored."""

    stored: int
    known: int


def check_rate(rate: NewRate, *, now: datetime) -> None:
    """Refuse a rate that cannot be meant.

    Raises:
        FxRateRefused: saying what is wrong.
    """
    try:
        for code in (rate.base, rate.quote):
            currency_exponent(code)
    except UnknownCurrency as error:
        raise FxRateRefused("unknown_currency", f"Unknown currency {error.code!r}.") from error
    if rate.base == rate.quote:
        raise FxRateRefused(None, f"{rate.base} has no rate against itself.")
    if not (rate.bid.is_finite() and rate.ask.is_finite() and PLACES <= rate.bid <= rate.ask <= MAX_RATE):
        raise FxRateRefused(None, f"{rate.base}/{rate.quote}: 0 < bid <= ask does not hold for {rate.bid}/{rate.ask}.")
    if rate.ask - rate.bid > MAX_SPREAD * rate.bid:
        raise FxRateRefused(None, f"{rate.base}/{rate.quote}: the spread of {rate.bid}/{rate.ask} is implausible.")
    if rate.observed_at.tzinfo is None:
        raise FxRateRefused(None, f"{rate.base}/{rate.quote}: the time has no zone.")
    if rate.observed_at > now + MAX_FUTURE or rate.observed_at.date() < EARLIEST_MONTH:
        raise FxRateRefused(None, f"{rate.base}/{rate.quote}: {rate.observed_at.isoformat()} cannot be.")


def record_fx_rates(rates: Sequence[NewRate], *, actor: User | None, now: datetime) -> FxReport:
    """Store rates, all or nothing; a rate that is already stored is left alone.

    Raises:
        FxRateRefused: if one of them cannot be meant.
    """
    for rate in rates:
        check_rate(rate, now=now)
    rows = [
        FxRate(
            base=rate.base,
            quote=rate.quote,
            bid=rate.bid.quantize(PLACES, rounding="ROUND_FLOOR"),
            ask=rate.ask.quantize(PLACES, rounding="ROUND_CEILING"),
            source=rate.source[:50],
            observed_at=rate.observed_at,
        )
        for rate in rates
    ]
    with transaction.atomic():
        before = FxRate.objects.count()
        FxRate.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
        stored = FxRate.objects.count() - before
        if stored:
            facts = {"stored": stored, "known": len(rows) - stored, "sources": sorted({row.source for row in rows})}
            record_event(actor=actor, verb="fx_rates.recorded", subject="fx_rates:batch", data=facts, now=now)
    return FxReport(stored=stored, known=len(rows) - stored)
