"""Days of a small market, and back-tests of it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from catalog.models import Product
from opportunities.backtest import BacktestTerms, Period, open_backtest, run_backtest
from opportunities.models import Backtest, BacktestSignal
from pricing.choices import QuarantineReason
from pricing.models import PriceBatch, PriceRecord, QuarantinedPrice
from tests.opportunities.factories import POLICY, Deck, make_deck, price_deck
from tests.pricing.factories import make_source

FIRST = date(2026, 11, 1)
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SIGNAL_FIGURES = (
    "day", "product_id", "currency", "total_cost", "expected_value", "expected_profit", "margin_percentage",
    "confidence_score", "probability_of_profit", "risk_level", "category", "is_first",
)  # fmt: skip


class Stopped(Exception):
    """Raised by a watch that stops a run."""


class Watch:
    """Counts days; stops the run before one of them, or gives it time for only so many."""

    def __init__(self, *, stop_before: int | None = None, days_of_time: int | None = None) -> None:
        self.done: list[tuple[int, int | None, str]] = []
        self._stop_before = stop_before
        self._days_of_time = days_of_time

    @property
    def seconds_left(self) -> float:
        is_over = self._days_of_time is not None and len(self.done) >= self._days_of_time
        return 0.0 if is_over else 1_000.0

    def progress(self, done: int, total: int | None = None, note: str = "") -> None:
        self.done.append((done, total, note))

    def check(self) -> None:
        if self._stop_before is not None and len(self.done) >= self._stop_before:
            raise Stopped


def day(number: int) -> date:
    """Return a day of the market; the first is 0."""
    return FIRST + timedelta(days=number)


def noon(number: int) -> datetime:
    """Return noon of a day of the market."""
    return datetime.combine(day(number), time(12), UTC)


def deck_for(days: int, **facts: Any) -> Deck:
    """Make the deck of 60.00 with the same prices on every one of `days` days."""
    deck = make_deck(at=noon(0), **facts)
    for number in range(1, days):
        price_deck(deck, at=noon(number), **facts)
    return deck


def opened(days: int, *, horizon: int = 2, now: datetime = NOW, **terms: Any) -> Backtest:
    """Make a back-test of the first days."""
    period = Period(FIRST, day(days), horizon)
    return open_backtest(period, terms=BacktestTerms(**terms), actor=None, now=now)


def replayed(days: int, *, horizon: int = 2, now: datetime = NOW, **terms: Any) -> Backtest:
    """Replay the first days."""
    backtest = opened(days, horizon=horizon, now=now, **terms)
    assert run_backtest(backtest.pk, now=now, watch=Watch(), policy=POLICY)
    backtest.refresh_from_db()
    return backtest


def signals(backtest: Backtest, *columns: str) -> list[dict[str, Any]]:
    """Return signals by day and product, without what they were judged to bring unless asked for."""
    rows = BacktestSignal.objects.filter(backtest=backtest).order_by("day", "product_id", "source_id")
    return list(rows.values(*(columns or SIGNAL_FIGURES)))


def days_of(backtest: Backtest) -> list[int]:
    """Return the numbers of the days that have a signal."""
    return [(row["day"] - FIRST).days for row in signals(backtest, "day")]


def plant(product: Product, price: str, *, at: datetime, variant_of: Product | None = None) -> PriceRecord:
    """Put a price straight into the history, past every quality gate."""
    source = make_source()
    like = PriceRecord.objects.filter(product=variant_of or product, source=source).latest("recorded_at")
    batch = PriceBatch.objects.create(source=source, route="file", recorded_at=at)
    return PriceRecord.objects.create(
        product=product, source=source, variant_id=like.variant_id, batch=batch, price=Decimal(price),
        seller_count=like.seller_count, available_quantity=like.available_quantity, recorded_at=at,
    )  # fmt: skip


def profits(backtest: Backtest) -> Sequence[Decimal | None]:
    """Return what each signal was judged to bring, by day."""
    return [row["realised_profit"] for row in signals(backtest, "realised_profit", "day", "product_id")]


def held_price(product: Product, price: str, *, at: datetime) -> QuarantinedPrice:
    """Hold a price of a product back, as staff find it before they decide."""
    source = make_source()
    like = PriceRecord.objects.filter(product=product, source=source).latest("recorded_at")
    return QuarantinedPrice.objects.create(
        product=product, source=source, variant_id=like.variant_id, price=Decimal(price), recorded_at=at,
        batch=PriceBatch.objects.create(source=source, route="file", recorded_at=at),
        reasons=[QuarantineReason.RATIO_TO_AVERAGE],
    )  # fmt: skip
