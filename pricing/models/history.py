"""Durable price observations and the newest accepted price of each variant.

`price_history` carries R002's table in its narrowest form: dictionary keys for repeated text and a natural
primary key that is at once the duplicate guard and the latest-price index. `price_history_named` is a view
with every column of R002 under its own name.
"""

from decimal import Decimal

from django.db import models

from .source import PriceBatch, PriceSource, PriceVariant

PRICE_DIGITS, PRICE_PLACES = 12, 2
MIN_PRICE, MAX_PRICE = Decimal("0.01"), Decimal(10_000_000)


class PriceRecord(models.Model):
    """One observation, in a monthly partition by `recorded_at` (created by migrations and `partitions`)."""

    pk = models.CompositePrimaryKey("product", "source", "variant", "recorded_at")
    product = models.ForeignKey(
        "catalog.Product",
        on_delete=models.DO_NOTHING,
        to_field="key",
        db_column="product_key",
        db_constraint=False,  # ingest joins products itself; a trigger per row would halve its speed
        db_index=False,
        related_name="price_records",
    )
    source = models.ForeignKey(PriceSource, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    variant = models.ForeignKey(
        PriceVariant, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False
    )
    batch = models.ForeignKey(PriceBatch, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    price = models.DecimalField(max_digits=PRICE_DIGITS, decimal_places=PRICE_PLACES)
    seller_count = models.IntegerField(null=True)
    available_quantity = models.IntegerField(null=True)
    shipping_cost = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "price_history"
        managed = False  # partitioned: the migration writes the SQL

    def __str__(self) -> str:
        return f"{self.price} at {self.recorded_at:%Y-%m-%d %H:%M}"


class CurrentPrice(models.Model):
    """The newest accepted price of a product, source and variant, written in the ingest transaction."""

    pk = models.CompositePrimaryKey("product", "source", "variant")
    product = models.ForeignKey(
        "catalog.Product",
        on_delete=models.CASCADE,
        to_field="key",
        db_column="product_key",
        db_constraint=False,
        db_index=False,
        related_name="current_prices",
    )
    source = models.ForeignKey(PriceSource, on_delete=models.PROTECT, db_constraint=False, db_index=False)
    variant = models.ForeignKey(PriceVariant, on_delete=models.PROTECT, db_constraint=False, db_index=False)
    batch = models.ForeignKey(PriceBatch, on_delete=models.PROTECT, db_constraint=False, db_index=False)
    price = models.DecimalField(max_digits=PRICE_DIGITS, decimal_places=PRICE_PLACES)
    seller_count = models.IntegerField(null=True)
    available_quantity = models.IntegerField(null=True)
    shipping_cost = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "current_prices"
        managed = False  # fillfactor and CHECKs: the migration writes the SQL

    def __str__(self) -> str:
        return f"{self.price} at {self.recorded_at:%Y-%m-%d %H:%M}"


class PriceHistory(models.Model):
    """Read-only view: R002's `price_history`, every column under its name."""

    id = models.UUIDField(
        primary_key=True, help_text="The natural key in 128 bits; see `pricing.selectors.record_key`."
    )
    product_key = models.IntegerField()
    source_id = models.SmallIntegerField()
    variant_id = models.SmallIntegerField()
    batch_id = models.IntegerField()
    product = models.ForeignKey("catalog.Product", on_delete=models.DO_NOTHING, related_name="price_history")
    price = models.DecimalField(max_digits=PRICE_DIGITS, decimal_places=PRICE_PLACES)
    currency = models.CharField(max_length=3)
    condition = models.CharField(max_length=20)
    source = models.CharField(max_length=50)
    source_url = models.CharField(max_length=500)
    seller_count = models.IntegerField(null=True)
    available_quantity = models.IntegerField(null=True)
    shipping_cost = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    price_type = models.CharField(max_length=20)
    finish = models.CharField(max_length=10)
    is_foil = models.BooleanField()
    confidence_level = models.CharField(max_length=20)
    data_source_quality = models.DecimalField(max_digits=3, decimal_places=2)
    route = models.CharField(max_length=10)
    recorded_at = models.DateTimeField()
    created_at = models.DateTimeField()
    fetched_at = models.DateTimeField(null=True)
    parser = models.CharField(max_length=40)

    class Meta:
        db_table = "price_history_named"
        managed = False
        verbose_name = "price"
        verbose_name_plural = "price history"

    def __str__(self) -> str:
        return f"{self.source} {self.price_type} {self.price} {self.currency}"
