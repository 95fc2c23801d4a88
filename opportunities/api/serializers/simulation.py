"""The calculator as JSON: assumptions in, figures out; and scenarios."""

from typing import Any

from rest_framework import serializers

from common.api.bodies import StrictBody
from opportunities.models import Scenario
from opportunities.services.simulating import MAX_QUANTITY
from opportunities.services.simulation import MAX_TRIALS

from .items import PercentilesSerializer, amount

_MAX_AMOUNT = 1_000_000_000
_MAX_SEED = 2**32 - 1


def _given_amount(**options: Any) -> serializers.DecimalField:
    return serializers.DecimalField(
        max_digits=14, decimal_places=2, min_value=0, max_value=_MAX_AMOUNT, required=False, **options
    )


def _given_share(**options: Any) -> serializers.DecimalField:
    return serializers.DecimalField(
        max_digits=6, decimal_places=5, min_value=0, max_value=1, required=False, **options
    )


class SimulationRequestSerializer(StrictBody):
    """What differs from the opportunity's own assumptions; an empty body repeats the stored figures."""

    quantity = serializers.IntegerField(min_value=1, max_value=MAX_QUANTITY, required=False)
    sealed_price = _given_amount()
    shipping_cost = _given_amount(help_text="Inbound, of one product.")
    fixed_cost = _given_amount(help_text="Added to the price of every product.")
    fee_rate = _given_share(help_text="Share of each sale, instead of the venue's fees and postage.")
    floor = _given_amount(help_text="Cards below this market price go for the bulk value.")
    sell_through = _given_share(help_text="Share of the copies worth selling that find a buyer.")
    bulk_discount = _given_share(help_text="Share taken off everything that is sold.")
    tax_rate = _given_share(help_text="On top of the price of the product.")
    trials = serializers.IntegerField(
        min_value=1, max_value=MAX_TRIALS, required=False, help_text="Open by dice; absent: do not."
    )
    seed = serializers.IntegerField(min_value=0, max_value=_MAX_SEED, required=False)
    save_as = serializers.CharField(max_length=80, required=False, help_text="Keep it under this name.")


class EffectiveAssumptionsSerializer(serializers.Serializer[Any]):
    quantity = serializers.IntegerField()
    sealed_price = amount()
    shipping_cost = amount()
    fixed_cost = amount()
    fee_rate = serializers.CharField(help_text="Average share that fees and postage take, if not given.")
    floor = amount()
    sell_through = serializers.CharField()
    bulk_discount = serializers.CharField()
    tax_rate = serializers.CharField()
    changed = serializers.ListField(child=serializers.CharField())


class SampleCardSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    finish = serializers.CharField()
    price = amount(allow_null=True)
    quantity = serializers.IntegerField()


class SampleSerializer(serializers.Serializer[Any]):
    """One product opened by dice: what it brought, and its most valuable cards."""

    value = amount()
    cards = SampleCardSerializer(many=True)


class TrialsSerializer(serializers.Serializer[Any]):
    trials = serializers.IntegerField(help_text="Fewer than asked for where they would take too long.")
    seed = serializers.IntegerField()
    mean = amount()
    loss_probability = serializers.DecimalField(max_digits=5, decimal_places=4)
    sample_packs = SampleSerializer(many=True)


class SimulationPointSerializer(serializers.Serializer[Any]):
    value = amount()
    probability = serializers.DecimalField(max_digits=7, decimal_places=6)


class SimulationResultSerializer(serializers.Serializer[Any]):
    """Figures of the whole quantity."""

    quantity = serializers.IntegerField()
    currency = serializers.CharField()
    total_cost = amount()
    gross_value = amount()
    net_value = amount()
    net_profit = amount()
    margin_percentage = amount()
    probability_of_profit = serializers.DecimalField(max_digits=5, decimal_places=4)
    standard_deviation = amount()
    percentiles = PercentilesSerializer()
    points = SimulationPointSerializer(many=True)
    lines_counted = serializers.IntegerField()
    simulation = TrialsSerializer(allow_null=True)


class DeltaSerializer(serializers.Serializer[Any]):
    """Difference to the stored figures; the profit to that of as many products."""

    net_profit = amount()
    margin_percentage = amount()
    probability_of_profit = serializers.DecimalField(max_digits=5, decimal_places=4, allow_null=True)


class ScenarioNameSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()


class SimulationSerializer(serializers.Serializer[Any]):
    scenario = ScenarioNameSerializer(allow_null=True, help_text="If it was kept.")
    assumptions = EffectiveAssumptionsSerializer()
    result = SimulationResultSerializer()
    delta = DeltaSerializer()


class ScenarioSerializer(serializers.ModelSerializer[Scenario]):
    assumptions = serializers.DictField(child=serializers.JSONField(), read_only=True)
    result = serializers.DictField(child=serializers.JSONField(), read_only=True)

    class Meta:
        model = Scenario
        fields = ("id", "opportunity", "name", "assumptions", "result", "created_at")
        read_only_fields = fields
