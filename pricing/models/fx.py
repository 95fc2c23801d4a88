"""Exchange rates with their time and source."""

from django.db import models


class FxRate(models.Model):
    """Price of one unit of `base` in `quote`: `bid` when selling base, `ask` when buying it."""

    base = models.CharField(max_length=3)
    quote = models.CharField(max_length=3)
    bid = models.DecimalField(max_digits=18, decimal_places=8)
    ask = models.DecimalField(max_digits=18, decimal_places=8)
    source = models.CharField(max_length=50)
    observed_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "fx_rates"
        verbose_name = "exchange rate"
        indexes = [models.Index(fields=["-observed_at", "base", "quote"], name="fx_rates_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["base", "quote", "source", "observed_at"], name="fx_rates_unique_rate"
            ),
            models.CheckConstraint(
                condition=models.Q(bid__range=("0.00000001", 1_000_000_000)), name="fx_rates_bid_range"
            ),
            models.CheckConstraint(
                condition=models.Q(ask__gte=models.F("bid"), ask__lte=1_000_000_000),
                name="fx_rates_ask_range",
            ),
            models.CheckConstraint(
                condition=~models.Q(base=models.F("quote")), name="fx_rates_two_currencies"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.base}/{self.quote} {self.bid}/{self.ask} ({self.source})"
