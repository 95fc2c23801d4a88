"""Figures over all opportunities, and the answer to a request for an analysis, as JSON."""

from typing import Any

from rest_framework import serializers

from .items import OpportunitySerializer, amount


class CurrencyAmountSerializer(serializers.Serializer[Any]):
    currency = serializers.CharField()
    amount = amount()


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
    average_margin_percentage = amount(allow_null=True)
    best = OpportunitySerializer(allow_null=True)
    oldest_price_at = serializers.DateTimeField(allow_null=True)
    newest_price_at = serializers.DateTimeField(allow_null=True)
    updated_at = serializers.DateTimeField(allow_null=True)


class AnalysisRequestedSerializer(serializers.Serializer[Any]):
    status = serializers.CharField(help_text="`queued`.")
    task = serializers.CharField()
    requested_at = serializers.DateTimeField()
