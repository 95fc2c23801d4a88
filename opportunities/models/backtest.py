"""Back-tests: what past signals would have brought, at the prices and costs known then."""

from django.conf import settings
from django.db import models

from common.ids import uuid7
from opportunities.choices import BacktestState, RiskLevel

from .opportunity import money


class Backtest(models.Model):
    """One replay of stored history, day by day over [from_day, to_day).

    `summary` holds hit rate, profit per signal, calibration bins and the splits by risk level and game, each
    with its currency; it is filled when the run has ended.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    job = models.ForeignKey("jobs.Job", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=20, choices=BacktestState, default=BacktestState.QUEUED)
    from_day = models.DateField()
    to_day = models.DateField(help_text="Exclusive.")
    horizon_days = models.PositiveSmallIntegerField(
        default=7, help_text="The singles are sold at the prices of so many days later."
    )
    parameters = models.JSONField(default=dict, blank=True)
    algorithm_version = models.CharField(max_length=20)
    summary = models.JSONField(default=dict, blank=True)
    signal_count = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "backtests"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(to_day__gt=models.F("from_day")), name="backtests_period_order"
            )
        ]
        indexes = [models.Index(fields=["-created_at", "-id"], name="backtests_recent")]

    def __str__(self) -> str:
        return f"{self.from_day} to {self.to_day}"


class BacktestSignal(models.Model):
    """One signal of one day of a back-test, and what it would have brought. Money in `currency`, net."""

    id = models.BigAutoField(primary_key=True)
    backtest = models.ForeignKey(Backtest, on_delete=models.CASCADE, related_name="signals", db_index=False)
    day = models.DateField()
    product = models.ForeignKey("catalog.Product", on_delete=models.CASCADE, related_name="+")
    source = models.ForeignKey("pricing.PriceSource", on_delete=models.CASCADE, related_name="+")
    currency = models.CharField(max_length=3)
    total_cost = money()
    expected_value = money()
    expected_profit = money()
    margin_percentage = money()
    confidence_score = models.DecimalField(max_digits=3, decimal_places=2)
    probability_of_profit = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    risk_level = models.CharField(max_length=20, choices=RiskLevel)
    category = models.CharField(max_length=50)
    is_first = models.BooleanField(
        help_text="The first day of an unbroken run of signals: what a trader would have acted on."
    )
    realised_value = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    realised_profit = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    realised_coverage = models.DecimalField(max_digits=5, decimal_places=4, null=True)

    class Meta:
        db_table = "backtest_signals"
        constraints = [
            models.UniqueConstraint(
                fields=["backtest", "day", "product", "source"], name="backtest_signals_unique_signal"
            )
        ]

    def __str__(self) -> str:
        return f"{self.product_id} on {self.day}"
