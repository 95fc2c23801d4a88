"""The small dictionary tables that keep price rows narrow: source, variant, batch."""

from decimal import Decimal

from django.db import models

from catalog.choices import Finish
from pricing.choices import Condition, ConfidenceLevel, PriceType, Route


class PriceSource(models.Model):
    """Where prices come from (R002 `price_history.source`), and how its statistics are to be read."""

    id = models.SmallAutoField(primary_key=True)
    code = models.CharField(
        max_length=50, unique=True, help_text="R002's source text, e.g. cardmarket, tcgplayer."
    )
    venue = models.ForeignKey("catalog.Venue", on_delete=models.PROTECT, related_name="price_sources")
    currency = models.CharField(max_length=3)
    identifier_source = models.CharField(max_length=30, help_text="Name space of its product ids, e.g. mcm.")
    market_price_type = models.CharField(
        max_length=20, choices=PriceType, help_text="The statistic used as R002's market price."
    )
    attribution = models.CharField(max_length=200, blank=True)
    is_enabled = models.BooleanField(default=True)
    is_reference = models.BooleanField(
        default=False,
        help_text="Compared with only: its prices check others and raise no opportunity themselves.",
    )

    class Meta:
        db_table = "price_sources"

    def __str__(self) -> str:
        return self.code


class PriceVariant(models.Model):
    """A combination of condition, finish, statistic and currency."""

    id = models.SmallAutoField(primary_key=True)
    condition = models.CharField(max_length=20, choices=Condition, default=Condition.NEAR_MINT)
    finish = models.CharField(max_length=10, choices=Finish, default=Finish.NONFOIL)
    price_type = models.CharField(max_length=20, choices=PriceType, default=PriceType.MARKET)
    currency = models.CharField(max_length=3)

    class Meta:
        db_table = "price_variants"
        constraints = [
            models.UniqueConstraint(
                fields=["condition", "finish", "price_type", "currency"],
                name="price_variants_unique_combination",
            )
        ]

    def __str__(self) -> str:
        return f"{self.price_type} {self.finish} {self.condition} {self.currency}"


class PriceBatch(models.Model):
    """Rows that were stored together and share provenance: route, URL, fetch time and trust."""

    source = models.ForeignKey(PriceSource, on_delete=models.PROTECT, related_name="batches")
    route = models.CharField(max_length=10, choices=Route)
    source_url = models.CharField(
        max_length=500, blank=True, help_text="URL or file name the prices came from."
    )
    content_sha256 = models.CharField(max_length=64, blank=True)
    confidence_level = models.CharField(max_length=20, choices=ConfidenceLevel, default=ConfidenceLevel.HIGH)
    data_source_quality = models.DecimalField(max_digits=3, decimal_places=2, default=Decimal("1.00"))
    recorded_at = models.DateTimeField(help_text="When the source observed the prices.")
    fetched_at = models.DateTimeField(null=True, blank=True, help_text="When we received them.")
    parser = models.CharField(max_length=40, blank=True, help_text="What read them, e.g. ebay.browse/1.")
    created_at = models.DateTimeField(auto_now_add=True)
    rows_read = models.PositiveIntegerField(default=0)
    prices_read = models.PositiveIntegerField(default=0)
    prices_stored = models.PositiveIntegerField(default=0)
    prices_known = models.PositiveIntegerField(default=0, help_text="Already stored: a re-import is a no-op.")
    prices_quarantined = models.PositiveIntegerField(default=0)
    skipped = models.JSONField(default=dict, help_text="Reason -> count of rows that were not used.")

    class Meta:
        db_table = "price_batches"
        verbose_name_plural = "price batches"
        indexes = [
            models.Index(fields=["source", "fetched_at"], name="price_batches_source_fetched"),
            models.Index(fields=["created_at"], name="price_batches_created"),
            models.Index(
                fields=["source", "recorded_at"],
                name="price_batches_source_stored",
                condition=models.Q(prices_stored__gt=0),
            ),
            models.Index(
                fields=["content_sha256"],
                name="price_batches_content",
                condition=~models.Q(content_sha256=""),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(data_source_quality__range=(0, 1)), name="price_batches_quality_range"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source.code} {self.recorded_at:%Y-%m-%d %H:%M}"
