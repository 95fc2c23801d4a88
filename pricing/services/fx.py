"""Store exchange rates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final

from django.db import connection, transaction

from common.audit import record_event
from pricing.errors import FxRateRefused
from pricing.partitions import EARLIEST_MONTH
from pricing.rates import NewRate
from quant.money import UnknownCurrency, currency_exponent
from users.models import User

MAX_RATE: Final = Decimal(1_000_000_000)
MAX_SPREAD: Final = Decimal("0.25")  # of the bid; a wider one is two columns swapped or two pairs mixed
MAX_FUTURE: Final = timedelta(seconds=2)
PLACES: Final = Decimal("0.00000001")

_INSERT: Final = """
INSERT INTO fx_rates (base, quote, bid, ask, source, observed_at, created_at)
VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""


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
        raise FxRateRefused(
            None, f"{rate.base}/{rate.quote}: 0 < bid <= ask does not hold for {rate.bid}/{rate.ask}."
        )
    if rate.ask - rate.bid > MAX_SPREAD * rate.bid:
        raise FxRateRefused(
            None, f"{rate.base}/{rate.quote}: the spread of {rate.bid}/{rate.ask} is implausible."
        )
    if rate.observed_at.tzinfo is None:
        raise FxRateRefused(None, f"{rate.base}/{rate.quote}: the time has no zone.")
    if rate.observed_at > now + MAX_FUTURE or rate.observed_at.date() < EARLIEST_MONTH:
        raise FxRateRefused(None, f"{rate.base}/{rate.quote}: {rate.observed_at.isoformat()} cannot be.")


def record_fx_rates(rates: Sequence[NewRate], *, actor: User | None, now: datetime) -> FxReport:
    """Store rates, all or nothing; a rate that is already stored is left alone. Bids round down, asks up.

    Raises:
        FxRateRefused: if one of them cannot be meant.
    """
    for rate in rates:
        check_rate(rate, now=now)
    rows = [
        (
            rate.base,
            rate.quote,
            rate.bid.quantize(PLACES, rounding=ROUND_FLOOR),
            rate.ask.quantize(PLACES, rounding=ROUND_CEILING),
            rate.source[:50],
            rate.observed_at,
            now,
        )
        for rate in rates
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(_INSERT, rows)
        stored = max(cursor.rowcount, 0)
        if stored:
            sources = sorted({rate.source for rate in rates})
            facts = {"stored": stored, "known": len(rows) - stored, "sources": sources[:20]}
            record_event(actor=actor, verb="fx_rates.recorded", subject="fx_rates:batch", data=facts, now=now)
    return FxReport(stored=stored, known=len(rows) - stored)
