"""How live markets look over REST."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from catalog.choices import InstrumentKind
from scrapers.choices import LiveAdapter, MarketOrigin, MarketSide
from scrapers.selectors.markets import STATES

from .markets_examples import MARKET

_STATES = [(name, name) for name in STATES]
_BREAKERS = [(name, name) for name in ("closed", "half_open", "open")]


class MarketQuerySerializer(serializers.Serializer[Any]):
    """What a list of markets can be narrowed by."""

    kind = serializers.ChoiceField(choices=InstrumentKind.choices, required=False)
    state = serializers.ChoiceField(choices=_STATES, required=False)


@extend_schema_serializer(examples=[MARKET])
class MarketSerializer(serializers.Serializer[Any]):
    """One declared market and how it does now."""

    code = serializers.CharField(help_text="Also the venue's code.")
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=InstrumentKind.choices)
    adapter = serializers.ChoiceField(choices=LiveAdapter.choices)
    side = serializers.ChoiceField(
        choices=MarketSide.choices, help_text="From the venue's chair: sell means that it sells to us."
    )
    origin = serializers.ChoiceField(choices=MarketOrigin.choices)
    is_enabled = serializers.BooleanField()
    region = serializers.CharField(allow_blank=True)
    currency = serializers.CharField(allow_blank=True)
    fee_bps = serializers.DecimalField(max_digits=8, decimal_places=3)
    slippage_bps = serializers.DecimalField(max_digits=8, decimal_places=3)
    state = serializers.ChoiceField(
        choices=_STATES,
        help_text=(
            "gated: its region or currency is not allowed, so it never crosses. down: it does not answer, or "
            "nobody asks it. unknown: the store of the states does not answer."
        ),
    )
    gated_reason = serializers.CharField(allow_blank=True)
    latency_ms = serializers.FloatField(allow_null=True, help_text="Of the last answer or frame.")
    last_quote_at = serializers.DateTimeField(allow_null=True)
    age_ms = serializers.IntegerField(allow_null=True, help_text="Since its last quote.")
    quotes = serializers.IntegerField(help_text="Of a desk in its last list, of an exchange since the start.")
    errors = serializers.IntegerField()  # type: ignore[assignment]  # a field named like a property
    reconnects = serializers.IntegerField(help_text="Times it answered again after a failure.")
    invalid = serializers.IntegerField(help_text="Items that were not believed.")
    dropped = serializers.IntegerField(help_text="Crossed by itself, or lost on a full queue.")
    last_error = serializers.CharField(allow_blank=True)
    breaker = serializers.ChoiceField(choices=_BREAKERS)
