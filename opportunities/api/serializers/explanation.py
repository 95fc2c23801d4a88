"""Why an opportunity has its score, as JSON."""

from typing import Any

from rest_framework import serializers

from catalog.choices import Finish
from opportunities.choices import RiskLevel

from .items import FactorsSerializer, PercentilesSerializer, amount


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
    price = amount(allow_null=True, help_text="Of one copy; null if it has none.")
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
    value = amount()
    probability = serializers.DecimalField(max_digits=7, decimal_places=6)


class DistributionSerializer(serializers.Serializer[Any]):
    """What the singles of one product bring after floor, fees and postage, and what they must bring."""

    currency = serializers.CharField()
    mean = amount()
    standard_deviation = amount(allow_null=True)
    standard_error = amount(help_text="Of the mean; 0 when nothing was simulated.")
    percentiles = PercentilesSerializer()
    probability_of_profit = serializers.DecimalField(max_digits=5, decimal_places=4, allow_null=True)
    break_even = amount(help_text="The total cost.")
    points = DistributionPointSerializer(many=True)


class WaterfallStepSerializer(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]  # a field's own label is another thing
    amount = amount()


class InstantSaleSerializer(serializers.Serializer[Any]):
    """What the singles bring at once at a store's buylist, which takes so many copies and no more."""

    source = serializers.CharField()  # type: ignore[assignment]  # a field's own source is another thing
    currency = serializers.CharField()
    value = amount(help_text="Expected, after nothing but postage; the margin does not use it.")
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
