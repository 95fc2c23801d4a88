"""How live order books look over REST: decimals as strings, ages beside every price."""

from decimal import Decimal
from typing import Any, Final

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from catalog.choices import InstrumentKind
from pricing.selectors.books import STATES

from .books_examples import BOOK

DEPTH = (("0", "0"), ("1", "1"))
_LEVELS: Final = {
    "type": "array",
    "items": {"type": "array", "items": {"type": "string", "format": "decimal"}},
}


class BookQuerySerializer(serializers.Serializer[Any]):
    """What a list of books can be narrowed by."""

    market = serializers.ChoiceField(choices=InstrumentKind.choices, required=False)
    symbol = serializers.CharField(required=False, max_length=120, help_text="Exactly this route key.")
    base = serializers.CharField(required=False, max_length=60, help_text="Brand or base asset.")
    depth = serializers.ChoiceField(
        choices=DEPTH, required=False, default="0", help_text="1 adds up to 10 levels a side to each venue."
    )


@extend_schema_field({"type": "string", "format": "decimal"})
class PlainDecimalField(serializers.Field[Decimal, Decimal, str, Any]):
    """A Decimal as its own digits: prices of coins have more places than money."""

    def to_representation(self, value: Decimal) -> str:
        """Return the digits, never in powers of ten."""
        return f"{value:f}"


class BestPriceSerializer(serializers.Serializer[Any]):
    """The best price of one side over the venues whose quote is fresh and not gated."""

    venue = serializers.CharField()
    price = PlainDecimalField(help_text="In the book's quote currency.")
    size = PlainDecimalField(allow_null=True, help_text="Units; null where the venue does not say.")


class BookVenueSerializer(serializers.Serializer[Any]):
    """One venue's quote, whatever may be thought of it."""

    venue = serializers.CharField(source="quote.venue")
    bid = PlainDecimalField(source="quote.bid", allow_null=True)
    ask = PlainDecimalField(source="quote.ask", allow_null=True)
    bid_size = PlainDecimalField(source="quote.bid_size", allow_null=True)
    ask_size = PlainDecimalField(source="quote.ask_size", allow_null=True)
    received_at = serializers.DateTimeField()
    age_ms = serializers.IntegerField(help_text="Since we received it.")
    state = serializers.ChoiceField(choices=[(name, name) for name in STATES])
    is_fresh = serializers.BooleanField(help_text="Whether it counts: live, young enough and not gated.")
    bids = serializers.SerializerMethodField(help_text="Price and size, best first; only with depth=1.")
    asks = serializers.SerializerMethodField(help_text="Price and size, best first; only with depth=1.")

    def to_representation(self, instance: Any) -> Any:
        """Leave the levels out unless they were asked for."""
        shown = super().to_representation(instance)
        if not self.context.get("depth"):
            del shown["bids"], shown["asks"]
        return shown

    @extend_schema_field(_LEVELS)
    def get_bids(self, venue: Any) -> list[list[str]]:
        """Return price and size, best first."""
        return [[f"{price:f}", f"{size:f}"] for price, size in venue.quote.bids]

    @extend_schema_field(_LEVELS)
    def get_asks(self, venue: Any) -> list[list[str]]:
        """Return price and size, best first."""
        return [[f"{price:f}", f"{size:f}"] for price, size in venue.quote.asks]


@extend_schema_serializer(examples=[BOOK])
class BookSerializer(serializers.Serializer[Any]):
    """One instrument at all venues."""

    symbol = serializers.CharField(help_text="Route key: the same symbol is the same thing.")
    market = serializers.ChoiceField(choices=InstrumentKind.choices, source="parts.kind")
    base = serializers.CharField(source="parts.base", help_text="Brand or base asset.")
    quote = serializers.CharField(source="parts.quote", help_text="Currency or asset of the prices.")
    denomination = PlainDecimalField(
        source="parts.denomination", allow_null=True, help_text="Face value of a gift card."
    )
    region = serializers.CharField(source="parts.region", help_text="Of a gift card; empty for crypto.")
    best_bid = BestPriceSerializer(allow_null=True)
    best_ask = BestPriceSerializer(allow_null=True)
    is_crossed = serializers.BooleanField(help_text="The best bid is above the best ask, before fees.")
    venues = BookVenueSerializer(many=True)
