"""Live quotes, sampled into history: what a book looked like at a moment. Never the truth of now."""

from django.db import models


class QuoteSample(models.Model):
    """Best bid and ask of one instrument at one venue, as the sink found them.

    Prices are in the instrument's quote. Rows are only added and, when old, purged. Sizes are empty where the
    venue does not tell them.
    """

    id = models.BigAutoField(primary_key=True)
    instrument = models.ForeignKey(
        "catalog.Instrument", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    venue = models.ForeignKey("catalog.Venue", on_delete=models.CASCADE, related_name="+", db_index=False)
    bid = models.DecimalField(max_digits=28, decimal_places=12, null=True)
    ask = models.DecimalField(max_digits=28, decimal_places=12, null=True)
    bid_size = models.DecimalField(max_digits=28, decimal_places=12, null=True)
    ask_size = models.DecimalField(max_digits=28, decimal_places=12, null=True)
    received_at = models.DateTimeField(help_text="When we received the quote.")

    class Meta:
        db_table = "quote_samples"
        constraints = [
            models.UniqueConstraint(
                fields=["instrument", "venue", "received_at"], name="quote_samples_one_per_receipt"
            ),
            models.CheckConstraint(
                condition=(models.Q(bid__isnull=True) | models.Q(bid__gt=0, bid__lte=10**12))
                & (models.Q(ask__isnull=True) | models.Q(ask__gt=0, ask__lte=10**12)),
                name="quote_samples_price_range",
            ),
        ]
        indexes = [models.Index(fields=["received_at"], name="quote_samples_age")]

    def __str__(self) -> str:
        return f"{self.instrument_id} {self.bid} {self.ask}"
