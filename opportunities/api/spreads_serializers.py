"""What the endpoints of cross-venue opportunities show. Amounts are decimal strings, per unit."""

from datetime import UTC, datetime
from typing import Any

from rest_framework import serializers

from opportunities.choices import CrossVenueState, OpportunityKind
from opportunities.models import CrossVenueOpportunity, SpreadEpisode
from pricing.quotebook import LiveQuote

from .spreads_fields import PlainDecimalField, plain

ITEM_FIELDS = (
    "id", "kind", "market", "symbol", "base", "quote", "denomination", "region", "buy_venue", "sell_venue",
    "currency", "state", "revision", "buy_price", "sell_price", "cost", "proceeds", "cushion", "gross_profit",
    "net_profit", "loss_reserve", "expected_profit", "gross_bps", "net_bps", "best_net_bps", "size",
    "total_profit", "threshold_bps", "flags", "sightings", "created_at", "opened_at", "last_seen_at",
    "expires_at", "closed_at", "closed_reason", "is_stale",
)  # fmt: skip


class SpreadSerializer(serializers.ModelSerializer[CrossVenueOpportunity]):
    """One route: buy at one venue, sell at another. `context["now"]` judges what is stale."""

    kind = serializers.SerializerMethodField(help_text="Always `cross_venue`.")
    symbol = serializers.CharField(source="instrument.symbol")
    base = serializers.CharField(source="instrument.base", help_text="Brand or base asset.")
    quote = serializers.CharField(source="instrument.quote", help_text="Currency or asset of the prices.")
    denomination = PlainDecimalField(source="instrument.denomination", allow_null=True)
    region = serializers.CharField(source="instrument.region")
    buy_venue = serializers.CharField(source="buy_venue.code")
    sell_venue = serializers.CharField(source="sell_venue.code")
    buy_price = PlainDecimalField()
    sell_price = PlainDecimalField()
    cost = PlainDecimalField()
    proceeds = PlainDecimalField()
    cushion = PlainDecimalField()
    gross_profit = PlainDecimalField()
    net_profit = PlainDecimalField()
    loss_reserve = PlainDecimalField()
    expected_profit = PlainDecimalField(help_text="Net profit after the loss reserve.")
    gross_bps = PlainDecimalField()
    net_bps = PlainDecimalField()
    best_net_bps = PlainDecimalField(help_text="The widest since it opened.")
    size = PlainDecimalField(allow_null=True, help_text="Units both books take; null where unknown.")
    total_profit = PlainDecimalField(allow_null=True, help_text="Net, of the whole size.")
    threshold_bps = PlainDecimalField()
    is_stale = serializers.SerializerMethodField(
        help_text="Open by the last sighting, but its quotes are too old by now."
    )

    class Meta:
        model = CrossVenueOpportunity
        fields: tuple[str, ...] = ITEM_FIELDS
        read_only_fields: tuple[str, ...] = fields

    def get_kind(self, row: CrossVenueOpportunity) -> str:
        """Return the kind of opportunity."""
        return OpportunityKind.CROSS_VENUE.value

    def get_is_stale(self, row: CrossVenueOpportunity) -> bool:
        """Return whether an open route has outlived its quotes."""
        return bool(row.state == CrossVenueState.OPEN and row.expires_at < self.context["now"])


class EpisodeSerializer(serializers.ModelSerializer[SpreadEpisode]):
    """One opening of a route."""

    peak_net_bps = PlainDecimalField()
    peak_net_profit = PlainDecimalField()

    class Meta:
        model = SpreadEpisode
        fields = (
            "opened_at", "closed_at", "closed_reason", "peak_net_bps", "peak_net_profit", "sightings"
        )  # fmt: skip


class QuoteNowSerializer(serializers.Serializer[Any]):
    """What a venue shows now."""

    venue = serializers.CharField()
    bid = PlainDecimalField(allow_null=True)
    ask = PlainDecimalField(allow_null=True)
    bid_size = PlainDecimalField(allow_null=True)
    ask_size = PlainDecimalField(allow_null=True)
    currency = serializers.CharField()
    received_at = serializers.DateTimeField()
    age_ms = serializers.IntegerField()
    state = serializers.ChoiceField(choices=["live", "stale", "withdrawn"])
    bids = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    asks = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))


class SpreadDetailSerializer(SpreadSerializer):
    """A route with both quotes of now, what it was computed from, and its last openings."""

    inputs = serializers.DictField(
        child=serializers.JSONField(), help_text="Both quotes with fees and cushions at the last sighting."
    )
    quotes_readable = serializers.BooleanField(
        source="now.quotes_readable", help_text="False while the live quotes cannot be read."
    )
    buy_quote = QuoteNowSerializer(source="now.buy_quote", allow_null=True)
    sell_quote = QuoteNowSerializer(source="now.sell_quote", allow_null=True)
    episodes = EpisodeSerializer(source="now.episodes", many=True, help_text="The newest 20.")

    class Meta:
        model = CrossVenueOpportunity
        fields = (*ITEM_FIELDS, "inputs", "quotes_readable", "buy_quote", "sell_quote", "episodes")
        read_only_fields = fields


def quote_now(quote: LiveQuote | None, *, now: datetime) -> dict[str, Any] | None:
    """Return a quote as it is shown; None for none."""
    if quote is None:
        return None
    return {
        "venue": quote.venue,
        "bid": quote.bid,
        "ask": quote.ask,
        "bid_size": quote.bid_size,
        "ask_size": quote.ask_size,
        "currency": quote.currency,
        "received_at": datetime.fromtimestamp(quote.received_ms / 1_000, tz=UTC),
        "age_ms": int(now.timestamp() * 1_000) - quote.received_ms,
        "state": quote.state,
        "bids": [[plain(price), plain(size)] for price, size in quote.bids],
        "asks": [[plain(price), plain(size)] for price, size in quote.asks],
    }
