"""What was sold, where a source tells: the evidence for volume, never a price by itself."""

from django.db import models

from .history import PRICE_DIGITS, PRICE_PLACES
from .source import PriceSource


class SaleRecord(models.Model):
    """Copies sold on one day: one listing, or a venue's daily total (`reference` "day").

    `unit_price` is per copy in the source's currency, empty where the venue hides what was paid. No personal
    data of buyers or sellers is kept.
    """

    product = models.ForeignKey("catalog.Product", on_delete=models.CASCADE, related_name="sales")
    source = models.ForeignKey(PriceSource, on_delete=models.PROTECT, related_name="sales")
    finish = models.CharField(max_length=10, blank=True)
    condition = models.CharField(max_length=20, blank=True)
    sold_on = models.DateField()
    reference = models.CharField(max_length=60, help_text="Id of the listing, or `day` for a daily total.")
    units = models.PositiveIntegerField()
    unit_price = models.DecimalField(
        max_digits=PRICE_DIGITS, decimal_places=PRICE_PLACES, null=True, blank=True
    )
    recorded_at = models.DateTimeField(help_text="When we last saw it.")

    class Meta:
        db_table = "sale_records"
        constraints = [
            models.UniqueConstraint(
                fields=["source", "product", "finish", "condition", "sold_on", "reference"],
                name="sale_records_unique",
            )
        ]
        indexes = [models.Index(fields=["product", "source", "sold_on"], name="sale_records_product_day")]

    def __str__(self) -> str:
        return f"{self.units} x {self.product} on {self.sold_on}"
