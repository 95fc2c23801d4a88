"""How prices look over REST: R002's columns by name, decimals as strings, times in UTC."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from rest_framework import serializers

from catalog.choices import Finish
from pricing.models import CurrentPrice, PriceHistory

_R002 = (
    "product_id",
    "price",
    "currency",
    "condition",
    "source",
    "source_url",
    "seller_count",
    "available_quantity",
    "shipping_cost",
    "price_type",
    "finish",
    "is_foil",
    "confidence_level",
    "data_source_quality",
    "route",
    "recorded_at",
)


class PriceHistorySerializer(serializers.ModelSerializer[PriceHistory]):
    product_id = serializers.UUIDField(read_only=True)

    class Meta:
        model = PriceHistory
        fields = ("id", *_R002, "fetched_at", "parser", "created_at")
        read_only_fields = fields


class CurrentPriceSerializer(serializers.ModelSerializer[CurrentPrice]):
    product_id = serializers.UUIDField(source="product.id", read_only=True)
    currency = serializers.CharField(source="variant.currency", read_only=True)
    condition = serializers.CharField(source="variant.condition", read_only=True)
    source = serializers.CharField(source="source.code", read_only=True)  # type: ignore[assignment] # R002's name
    source_url = serializers.CharField(source="batch.source_url", read_only=True)
    price_type = serializers.CharField(source="variant.price_type", read_only=True)
    finish = serializers.CharField(source="variant.finish", read_only=True)
    is_foil = serializers.SerializerMethodField()
    confidence_level = serializers.CharField(source="batch.confidence_level", read_only=True)
    data_source_quality = serializers.DecimalField(
        source="batch.data_source_quality", max_digits=3, decimal_places=2, read_only=True
    )
    route = serializers.CharField(source="batch.route", read_only=True)
    fetched_at = serializers.DateTimeField(
        source="batch.fetched_at", read_only=True, allow_null=True, help_text="When it was received."
    )
    parser = serializers.CharField(
        source="batch.parser", read_only=True, help_text="Name and version of what read it."
    )
    is_stale = serializers.SerializerMethodField(
        help_text="Older than PRICE_MAX_AGE_HOURS: raises no opportunity."
    )

    class Meta:
        model = CurrentPrice
        fields = (*_R002, "fetched_at", "parser", "is_stale")
        read_only_fields = fields

    def get_is_foil(self, row: CurrentPrice) -> bool:
        """Return R002's `is_foil`: every finish but the plain ones."""
        return row.variant.finish not in (Finish.NONFOIL, Finish.FIRST_EDITION)

    def get_is_stale(self, row: CurrentPrice) -> bool:
        """Return whether the price is too old to raise an opportunity."""
        now: datetime = self.context["now"]
        return now - row.recorded_at > timedelta(hours=settings.PRICE_MAX_AGE_HOURS)


class PriceBucketSerializer(serializers.Serializer[Any]):
    """The prices of one span of time."""

    starts_at = serializers.DateTimeField()
    count = serializers.IntegerField()
    low = serializers.DecimalField(max_digits=12, decimal_places=2)
    median = serializers.DecimalField(max_digits=12, decimal_places=2)
    high = serializers.DecimalField(max_digits=12, decimal_places=2)
    last = serializers.DecimalField(max_digits=12, decimal_places=2)


class SparkPointSerializer(serializers.Serializer[Any]):
    day = serializers.DateField()
    price = serializers.DecimalField(max_digits=12, decimal_places=2)


class SparklineSerializer(serializers.Serializer[Any]):
    """The median prices of a product's days at one source."""

    product = serializers.UUIDField()
    source = serializers.CharField()  # type: ignore[assignment]  # a field's own source is another thing
    currency = serializers.CharField()
    points = SparkPointSerializer(many=True)


class SparklinesSerializer(serializers.Serializer[Any]):
    results = SparklineSerializer(many=True)
