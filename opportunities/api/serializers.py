"""Opportunities, their explanation and their summary as JSON. Amounts and ratios are decimal strings."""

from typing import Any

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

from catalog.choices import Category, Finish
from catalog.models import Product
from opportunities.choices import RiskLevel
from opportunities.models import Opportunity
from pricing.models import FeeSchedule

_ITEM_FIELDS = (
    "id", "kind", "status", "sealed_product", "buy_source", "sell_source", "policy", "currency",
    "sealed_price", "total_cost", "singles_value", "gross_singles_value", "net_profit", "margin_percentage",
    "naive_margin_percentage", "coverage", "lines_counted", "probability_of_profit", "confidence_score",
    "risk_level", "rank_score", "seller_count", "competition_level", "flags", "needs_review",
    "oldest_price_at", "expires_at", "created_at", "updated_at",
)  # fmt: skip
_DETAIL_FIELDS = (
    "standard_deviation", "percentiles", "factors", "algorithm_version", "fee_schedule", "execution_quantity",
    "execution_notes", "executed_at", "detected_count", "opened_at", "closed_at", "closed_reason",
)  # fmt: skip


def _amount(**options: Any) -> serializers.DecimalField:
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
    "Percentiles", {percentile: _amount() for percentile in ("5", "25", "50", "75", "95")}
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

    class Meta:
        model = Opportunity
        fields: tuple[str, ...] = _ITEM_FIELDS
        read_only_fields = _ITEM_FIELDS


class OpportunityDetailSerializer(OpportunitySerializer):
    percentiles = PercentilesSerializer(read_only=True)
    factors = FactorsSerializer(read_only=True)
    fee_schedule = AppliedFeesSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Opportunity
        fields = (*_ITEM_FIELDS, *_DETAIL_FIELDS)
        read_only_fields = fields


class ConfidenceSerializer(serializers.Serializer[Any]):
    score = serializers.DecimalField(max_digits=3, decimal_places=2)
    factors = FactorsSerializer()


class RiskConditionSerializer(serializers.Serializer[Any]):
    text = serializers.CharField()
    holds = serializers.BooleanField()


class RiskSerializer(serializers.Serializer[Any]):
    level = serializers.ChoiceField(choices=RiskLevel.choices)
    conditions = RiskConditionSerializer(many=True)
    to_improve = serializers.ListField(
        child=serializers.CharField(), help_text="The conditions that keep it from the next better level."
    )


class ContentsValueSerializer(serializers.Serializer[Any]):
    """One card inside the product with its worth at the time of the analysis."""

    product_id = serializers.UUIDField()
    name = serializers.CharField()
    set_code = serializers.CharField()
    number = serializers.CharField()
    rarity = serializers.CharField()
    finish = serializers.ChoiceField(choices=Finish.choices)
    guaranteed = serializers.BooleanField(help_text="At least one copy is certainly inside.")
    expected_copies = serializers.CharField(help_text="Decimal, ten places.")
    price = _amount(allow_null=True, help_text="Of one copy; null if it has none.")
    gross_value = serializers.DecimalField(max_digits=18, decimal_places=4, allow_null=True)
    net_value = serializers.DecimalField(max_digits=18, decimal_places=4, allow_null=True)
    share = serializers.DecimalField(max_digits=5, decimal_places=4, help_text="Of the gross value, 0 to 1.")
    counted = serializers.BooleanField(help_text="Sold one by one.")
    recorded_at = serializers.DateTimeField(allow_null=True)


class ContentsExplanationSerializer(serializers.Serializer[Any]):
    complete = serializers.BooleanField()
    coverage = serializers.DecimalField(max_digits=5, decimal_places=4)
    unresolved = serializers.ListField(child=serializers.CharField())
    lines = ContentsValueSerializer(many=True)


class DistributionPointSerializer(serializers.Serializer[Any]):
    value = _amount()
    probability = serializers.DecimalField(max_digits=7, decimal_places=6)


class DistributionSerializer(serializers.Serializer[Any]):
    """What the singles of one product bring after floor, fees and postage, and what they must bring."""

    currency = serializers.CharField()
    mean = _amount()
    standard_deviation = _amount(allow_null=True)
    standard_error = _amount(help_text="Of the mean; 0 when nothing was simulated.")
    percentiles = PercentilesSerializer()
    probability_of_profit = serializers.DecimalField(max_digits=5, decimal_places=4, allow_null=True)
    break_even = _amount(help_text="The total cost.")
    points = DistributionPointSerializer(many=True)


class WaterfallStepSerializer(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]  # a field's own label is another thing
    amount = _amount()


class InstantSaleSerializer(serializers.Serializer[Any]):
    """What the singles bring at once at a store's buylist, which takes so many copies and no more."""

    source = serializers.CharField()  # type: ignore[assignment]  # a field's own source is another thing
    currency = serializers.CharField()
    value = _amount(help_text="Expected, after nothing but postage; the margin does not use it.")
    lines_counted = serializers.IntegerField(help_text="Cards of which the store takes some.")


class ExplanationSerializer(serializers.Serializer[Any]):
    confidence = ConfidenceSerializer()
    risk = RiskSerializer()
    contents = ContentsExplanationSerializer()
    distribution = DistributionSerializer(allow_null=True)
    waterfall = WaterfallStepSerializer(
        many=True,
        help_text="From the market value of all singles to the net profit; the first and last are totals.",
    )
    instant_sale = InstantSaleSerializer(
        allow_null=True, help_text="Null where no store of the currency bids for any of the cards."
    )


class CurrencyAmountSerializer(serializers.Serializer[Any]):
    currency = serializers.CharField()
    amount = _amount()


class RiskCountsSerializer(serializers.Serializer[Any]):
    low = serializers.IntegerField()
    medium = serializers.IntegerField()
    high = serializers.IntegerField()


class SummarySerializer(serializers.Serializer[Any]):
    active_count = serializers.IntegerField()
    needs_review_count = serializers.IntegerField()
    by_risk = RiskCountsSerializer()
    by_category = serializers.DictField(child=serializers.IntegerField())
    expected_profit = CurrencyAmountSerializer(many=True)
    average_confidence = serializers.DecimalField(max_digits=3, decimal_places=2, allow_null=True)
    average_margin_percentage = _amount(allow_null=True)
    best = OpportunitySerializer(allow_null=True)
    oldest_price_at = serializers.DateTimeField(allow_null=True)
    newest_price_at = serializers.DateTimeField(allow_null=True)
    updated_at = serializers.DateTimeField(allow_null=True)


class AnalysisRequestedSerializer(serializers.Serializer[Any]):
    status = serializers.CharField(help_text="`queued`.")
    task = serializers.CharField()
    requested_at = serializers.DateTimeField()
