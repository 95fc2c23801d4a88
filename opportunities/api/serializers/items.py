"""Opportunities as JSON, in lists and alone. Amounts and ratios are decimal strings."""

from typing import Any

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

from catalog.choices import Category
from catalog.models import Product
from opportunities.models import Opportunity
from pricing.models import FeeSchedule

ITEM_FIELDS = (
    "id", "kind", "status", "sealed_product", "buy_source", "sell_source", "policy", "currency",
    "sealed_price", "total_cost", "singles_value", "gross_singles_value", "net_profit", "margin_percentage",
    "naive_margin_percentage", "coverage", "lines_counted", "probability_of_profit", "confidence_score",
    "risk_level", "rank_score", "seller_count", "competition_level", "flags", "needs_review",
    "oldest_price_at", "expires_at", "created_at", "updated_at",
    "revision", "quote_version",
)  # fmt: skip
_DETAIL_FIELDS = (
    "standard_deviation", "percentiles", "factors", "algorithm_version", "fee_schedule", "execution_quantity",
    "execution_notes", "executed_at", "detected_count", "opened_at", "closed_at", "closed_reason",
)  # fmt: skip


def amount(**options: Any) -> serializers.DecimalField:
    """Return a field of an amount of money, a percentage or another figure with two places."""
    return serializers.DecimalField(max_digits=14, decimal_places=2, **options)


class SealedProductSerializer(serializers.ModelSerializer[Product]):
    category = serializers.ChoiceField(choices=Category.choices)

    class Meta:
        model = Product
        fields = ("id", "name", "set_name", "set_code", "category", "sealed_kind", "image_url", "is_demo")


class FactorSerializer(serializers.Serializer[Any]):
    score = serializers.DecimalField(max_digits=7, decimal_places=6)
    weight = serializers.DecimalField(max_digits=3, decimal_places=1)
    inputs = serializers.DictField(
        child=serializers.JSONField(), help_text="What the score came from: texts, counts, null for unknown."
    )


class FactorsSerializer(serializers.Serializer[Any]):
    """R002's four weighted factors of confidence."""

    price_stability = FactorSerializer()
    seller_count = FactorSerializer()
    volume_history = FactorSerializer()
    margin_size = FactorSerializer()


PercentilesSerializer = inline_serializer(
    "Percentiles", {percentile: amount() for percentile in ("5", "25", "50", "75", "95")}
).__class__


class AppliedFeesSerializer(serializers.ModelSerializer[FeeSchedule]):
    venue = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)

    class Meta:
        model = FeeSchedule
        fields = ("venue", "programme", "version", "source_url", "valid_from")


class OpportunitySerializer(serializers.ModelSerializer[Opportunity]):
    sealed_product = SealedProductSerializer(read_only=True)
    buy_source = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    sell_source = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    flags = serializers.ListField(child=serializers.CharField(), read_only=True)
    quote_version = serializers.CharField(
        source="revision", read_only=True, help_text="Send it with an execution: the figures you saw."
    )

    class Meta:
        model = Opportunity
        fields: tuple[str, ...] = ITEM_FIELDS
        read_only_fields = ITEM_FIELDS


class OpportunityDetailSerializer(OpportunitySerializer):
    percentiles = PercentilesSerializer(read_only=True)
    factors = FactorsSerializer(read_only=True)
    fee_schedule = AppliedFeesSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Opportunity
        fields = (*ITEM_FIELDS, *_DETAIL_FIELDS)
        read_only_fields = fields
