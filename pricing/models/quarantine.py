"""Prices that were held back, with the reason, until a person decides."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from pricing.choices import QuarantineReason, QuarantineStatus

from .history import MAX_PRICE, MIN_PRICE, PRICE_DIGITS, PRICE_PLACES
from .source import PriceBatch, PriceSource, PriceVariant


class QuarantinedPrice(models.Model):
    """An observation that failed a quality gate. It is used by nothing until it is released."""

    product = models.ForeignKey(
        "catalog.Product", on_delete=models.CASCADE, related_name="quarantined_prices"
    )
    source = models.ForeignKey(PriceSource, on_delete=models.PROTECT)
    variant = models.ForeignKey(PriceVariant, on_delete=models.PROTECT)
    batch = models.ForeignKey(PriceBatch, on_delete=models.PROTECT)
    price = models.DecimalField(max_digits=PRICE_DIGITS, decimal_places=PRICE_PLACES)
    seller_count = models.IntegerField(null=True, blank=True)
    available_quantity = models.IntegerField(null=True, blank=True)
    shipping_cost = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    recorded_at = models.DateTimeField()
    reasons = ArrayField(models.CharField(max_length=30, choices=QuarantineReason))
    evidence = models.JSONField(default=dict, help_text="The figures the price was compared with.")
    status = models.CharField(max_length=10, choices=QuarantineStatus, default=QuarantineStatus.HELD)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "quarantined_prices"
        constraints = [
            models.UniqueConstraint(
                fields=["product", "source", "variant", "recorded_at"],
                name="quarantined_prices_unique_observation",
            ),
            # BETWEEN refuses NaN, which PostgreSQL sorts above every number
            models.CheckConstraint(
                condition=models.Q(price__range=(MIN_PRICE, MAX_PRICE)), name="quarantined_prices_price_range"
            ),
        ]
        indexes = [models.Index(fields=["status", "-recorded_at", "id"], name="quarantined_prices_status")]

    def __str__(self) -> str:
        return f"{self.price} {self.variant} of {self.product}"
