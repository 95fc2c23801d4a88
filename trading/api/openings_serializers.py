"""The opening ledger as JSON. Amounts are decimal strings in the execution's currency."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from catalog.choices import Finish
from common.api.bodies import StrictBody
from trading.models import Sale
from trading.selectors.openings import CardComparison, Comparison
from trading.services.openings import MAX_COPIES, MAX_LINES
from trading.services.sales import MAX_AMOUNT

from .serializers import CardSerializer


class PulledLineSerializer(StrictBody):
    """So many copies of one card in one finish."""

    product = serializers.UUIDField(help_text="Id of the single.")
    finish = serializers.ChoiceField(choices=Finish.choices)
    quantity = serializers.IntegerField(min_value=1, max_value=MAX_COPIES)


class OpeningEntrySerializer(StrictBody):
    """What was pulled."""

    quantity = serializers.IntegerField(min_value=1, max_value=1_000_000, help_text="Products opened.")
    note = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    opened_at = serializers.DateTimeField(required=False, allow_null=True, help_text="Default now.")
    lines = PulledLineSerializer(  # type: ignore[call-arg]  # the list takes it
        many=True, max_length=MAX_LINES, allow_empty=False
    )


class SaleEntrySerializer(StrictBody):
    """What was sold by hand; amounts are of all copies."""

    product = serializers.UUIDField(help_text="Id of the single.")
    finish = serializers.ChoiceField(choices=Finish.choices)
    quantity = serializers.IntegerField(min_value=1, max_value=MAX_COPIES)
    gross = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=Decimal(0), max_value=MAX_AMOUNT,
        help_text="What the buyer paid.",
    )  # fmt: skip
    fees = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=Decimal(0), max_value=MAX_AMOUNT, default=Decimal(0)
    )
    postage = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=Decimal(0), max_value=MAX_AMOUNT, default=Decimal(0)
    )
    sold_at = serializers.DateTimeField(required=False, allow_null=True, help_text="Default now.")
    note = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class SaleSerializer(serializers.ModelSerializer[Sale]):
    """Cards that were sold, by the paper broker or by a person."""

    product = CardSerializer(read_only=True)
    entered_by = serializers.SlugRelatedField[Any](slug_field="username", read_only=True, allow_null=True)
    is_entered = serializers.SerializerMethodField(help_text="By a person; else the broker sold it.")

    class Meta:
        model = Sale
        fields = (
            "id", "product", "finish", "quantity", "gross", "fees", "postage", "is_entered", "entered_by",
            "note", "sold_at", "created_at",
        )  # fmt: skip
        read_only_fields = fields

    def get_is_entered(self, sale: Sale) -> bool:
        """Return whether a person entered it."""
        return sale.order_id is None


def _amount(**options: Any) -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=16, decimal_places=2, **options)


class ExpectedSerializer(serializers.Serializer[Any]):
    """What the model said when it was bought."""

    cost = _amount(source="expected_cost")
    proceeds = _amount(source="expected_proceeds")
    profit = _amount(source="expected_profit")


class RealisedSerializer(serializers.Serializer[Any]):
    """What has happened so far; `profit` is proceeds so far less the whole cost."""

    cost = _amount()
    proceeds = _amount()
    profit = _amount()


class ComparedCardSerializer(serializers.Serializer[CardComparison]):
    """One card in one finish."""

    product = CardSerializer(source="*")
    finish = serializers.CharField()
    expected_copies = serializers.DecimalField(max_digits=16, decimal_places=10)
    pulled = serializers.IntegerField()
    sold = serializers.IntegerField()
    model_price = _amount(allow_null=True, help_text="Market price of one copy when opened.")
    average_price = _amount(allow_null=True, help_text="Of one sold copy, before fees.")
    net = _amount(allow_null=True, help_text="Of all sold copies, after fees and postage.")
    is_counted = serializers.BooleanField(help_text="Whether its price reaches the floor of the model.")


class ComparisonSerializer(serializers.Serializer[Comparison]):
    """What an execution was expected to bring beside what it has brought so far."""

    currency = serializers.CharField(source="execution.currency")
    quantity = serializers.IntegerField(source="execution.quantity")
    opened = serializers.IntegerField(help_text="Products opened so far.")
    is_settled = serializers.SerializerMethodField()
    expected = ExpectedSerializer(source="execution")
    realised = RealisedSerializer(source="*")
    pulled_value = _amount(help_text="Counted cards that were pulled, at the prices of the opening.")
    model_value = _amount(help_text="What the model expected of the counted cards, at the same prices.")
    cards = ComparedCardSerializer(many=True)

    def get_is_settled(self, comparison: Comparison) -> bool:
        """Return whether nothing more will be sold."""
        return comparison.execution.settled_at is not None
