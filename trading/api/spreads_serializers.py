"""What the endpoints of executions across venues read and show. Amounts are decimal strings."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from common.api.bodies import StrictBody
from opportunities.api.spreads_fields import PlainDecimalField
from opportunities.choices import LiveMarketKind, OpportunityKind
from trading.models import LegFill, LegOrder, SpreadExecution
from trading.services.spreads.resolving import FILLED, NOTHING_HAPPENED

_LEAST = Decimal("0.000000000001")
_MOST_UNITS = Decimal(10**9)
_MOST_PRICE = Decimal(10**12)


class ExecuteSpreadSerializer(StrictBody):
    """An order to act on a gap between two venues."""

    quantity = serializers.DecimalField(
        max_digits=22, decimal_places=12, min_value=_LEAST, max_value=_MOST_UNITS,
        help_text="Units; whole ones of gift cards.",
    )  # fmt: skip
    max_buy_price = serializers.DecimalField(
        max_digits=28, decimal_places=12, min_value=_LEAST, max_value=_MOST_PRICE, required=False,
        allow_null=True, help_text="Most to pay for one unit, before fees; it binds the order too.",
    )  # fmt: skip
    min_sell_price = serializers.DecimalField(
        max_digits=28, decimal_places=12, min_value=_LEAST, max_value=_MOST_PRICE, required=False,
        allow_null=True, help_text="Least to get for one unit, before fees; it binds the order too.",
    )  # fmt: skip
    min_net_bps = serializers.DecimalField(
        max_digits=12, decimal_places=4, min_value=Decimal(-10_000), max_value=Decimal(10**7),
        required=False, allow_null=True, help_text="A lower net profit is refused.",
    )  # fmt: skip
    note = serializers.CharField(max_length=500, required=False, allow_blank=True)
    accept_disclaimer = serializers.BooleanField(help_text="Must be true; the text is in `/trading/status/`.")


class ResolveSerializer(StrictBody):
    """What a person found out about the order without an answer."""

    outcome = serializers.ChoiceField(choices=[(NOTHING_HAPPENED, "Nothing happened"), (FILLED, "Filled")])
    quantity = serializers.DecimalField(
        max_digits=22, decimal_places=12, min_value=_LEAST, max_value=_MOST_UNITS, required=False,
        allow_null=True, help_text="Units filled; without it, all that was ordered.",
    )  # fmt: skip
    price = serializers.DecimalField(
        max_digits=28, decimal_places=12, min_value=_LEAST, max_value=_MOST_PRICE, required=False,
        allow_null=True, help_text="Of one unit, before fees; without it, the order's limit.",
    )  # fmt: skip
    fees = serializers.DecimalField(
        max_digits=28, decimal_places=12, min_value=Decimal(0), max_value=_MOST_PRICE, required=False,
        default=Decimal(0), help_text="Of the whole fill.",
    )  # fmt: skip
    venue_order_id = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)
    note = serializers.CharField(max_length=160, required=False, default="", allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse figures of something that did not happen."""
        given = [name for name in ("quantity", "price", "fees", "venue_order_id") if attrs.get(name)]
        if attrs["outcome"] == NOTHING_HAPPENED and given:
            raise serializers.ValidationError({name: ["Nothing happened."] for name in given})
        return attrs


class LegFillSerializer(serializers.ModelSerializer[LegFill]):
    """What a leg brought."""

    quantity = PlainDecimalField()
    price = PlainDecimalField()
    fees = PlainDecimalField()

    class Meta:
        model = LegFill
        fields = ("quantity", "price", "fees", "filled_at")


class LegSerializer(serializers.ModelSerializer[LegOrder]):
    """One order at one venue."""

    venue = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    quantity = PlainDecimalField()
    limit_price = PlainDecimalField()
    fills = LegFillSerializer(many=True, read_only=True)

    class Meta:
        model = LegOrder
        fields = (
            "position", "side", "venue", "state", "client_order_id", "venue_order_id", "quantity",
            "limit_price", "queries", "last_error", "sent_at", "finished_at", "fills",
        )  # fmt: skip
        read_only_fields = fields


class SpreadExecutionSerializer(serializers.ModelSerializer[SpreadExecution]):
    """One attempt to buy at one venue and sell at another."""

    kind = serializers.SerializerMethodField(help_text="Always `cross_venue`.")
    market = serializers.ChoiceField(
        source="opportunity.market", choices=LiveMarketKind.choices, read_only=True
    )
    symbol = serializers.CharField(source="opportunity.instrument.symbol", read_only=True)
    buy_venue = serializers.CharField(source="opportunity.buy_venue.code", read_only=True)
    sell_venue = serializers.CharField(source="opportunity.sell_venue.code", read_only=True)
    actor = serializers.SlugRelatedField[Any](slug_field="username", read_only=True)
    quantity = PlainDecimalField(read_only=True)
    expected_cost = PlainDecimalField(read_only=True)
    expected_proceeds = PlainDecimalField(read_only=True)
    expected_profit = PlainDecimalField(read_only=True, help_text="Net of fees, slippage and cushions.")
    expected_net_bps = PlainDecimalField(read_only=True)
    realised_cost = PlainDecimalField(read_only=True, allow_null=True)
    realised_proceeds = PlainDecimalField(read_only=True, allow_null=True)
    realised_profit = PlainDecimalField(
        read_only=True, allow_null=True, help_text="After fees; what is held counts as lost."
    )
    shown = serializers.DictField(
        child=serializers.JSONField(), read_only=True, help_text="Figures of the last sighting, of one unit."
    )
    checked = serializers.DictField(
        child=serializers.JSONField(), read_only=True,
        help_text="Both quotes and the figures it was allowed by, and the controls that passed.",
    )  # fmt: skip
    legs = LegSerializer(many=True, read_only=True)

    class Meta:
        model = SpreadExecution
        fields = (
            "id", "kind", "opportunity", "market", "symbol", "buy_venue", "sell_venue", "actor", "mode",
            "state", "quantity", "currency", "expected_cost", "expected_proceeds", "expected_profit",
            "expected_net_bps", "realised_cost", "realised_proceeds", "realised_profit", "shown", "checked",
            "note", "reason", "created_at", "finished_at", "legs",
        )  # fmt: skip
        read_only_fields = fields

    def get_kind(self, execution: SpreadExecution) -> str:
        """Return the kind of opportunity it acts on."""
        return OpportunityKind.CROSS_VENUE.value


class SpreadExecutedSerializer(serializers.Serializer[Any]):
    """The answer of an execution."""

    execution = SpreadExecutionSerializer()
