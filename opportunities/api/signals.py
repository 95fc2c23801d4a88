"""`/signals/history/`: the last signals of the live engine, as R001's consumers got them."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.filters import refuse_unknown_parameters
from common.live import MAX_SIGNALS
from opportunities.selectors.cross_venue import signals_history

_DEFAULT_LIMIT: Final = 50
_EXAMPLE: Final = OpenApiExample(
    "A signal",
    response_only=True,
    value={
        "results": [
            {
                "type": "ARBITRAGE_OPPORTUNITY",
                "action": "BUY_BINANCE_SELL_OKX",
                "symbol": "BTC/USDT",
                "spread_pct": 1.1086,
                "buy_price": 45001.2,
                "sell_price": 45500.1,
                "profit_estimate": 498.9,
                "timestamp": 1795272532382,
                "id": "53ffcb39-8d3a-59ab-ae92-9d977c972a5e",
                "buy_exchange": "binance",
                "sell_exchange": "okx",
                "net_spread_pct": 0.9066,
                "net_bps": "90.6622",
                "net_profit": "408.39870000",
                "size": "1.00000000",
                "total_profit": "408.39870000",
                "flags": ["top_only"],
                "received_ms": 1795272532381,
                "latency_us": 398,
            }
        ]
    },
)


class SignalSerializer(serializers.Serializer[Any]):
    """One signal: R001's fields as numbers, then ours, whose amounts are decimal text."""

    type = serializers.CharField(help_text="`ARBITRAGE_OPPORTUNITY`, or `TRIANGULAR_OPPORTUNITY`.")
    action = serializers.CharField(help_text="`BUY_<EXCHANGE>_SELL_<EXCHANGE>`.")
    symbol = serializers.CharField()
    spread_pct = serializers.FloatField(help_text="Gross, in percent, to 4 places.")
    buy_price = serializers.FloatField(help_text="Gross.")
    sell_price = serializers.FloatField(help_text="Gross.")
    profit_estimate = serializers.FloatField(help_text="Gross, per unit, to 2 places.")
    timestamp = serializers.IntegerField(help_text="Unix milliseconds.")
    id = serializers.UUIDField(help_text="Of the route: the same as in `/spreads/`.")
    buy_exchange = serializers.CharField()
    sell_exchange = serializers.CharField()
    net_spread_pct = serializers.FloatField(help_text="After both taker fees, in percent.")
    net_bps = serializers.CharField(help_text="After both taker fees, in basis points.")
    net_profit = serializers.CharField(help_text="After both taker fees, per unit.")
    size = serializers.CharField(allow_null=True, help_text="Units the books take at a profit.")
    total_profit = serializers.CharField(allow_null=True, help_text="Net, of the whole size.")
    flags = serializers.ListField(child=serializers.CharField())
    received_ms = serializers.IntegerField(help_text="When the newer quote was received, Unix milliseconds.")
    latency_us = serializers.IntegerField(help_text="From that receipt to the signal, in microseconds.")


class SignalHistorySerializer(serializers.Serializer[Any]):
    """The last signals, newest first."""

    results = SignalSerializer(many=True)


class SignalQuery(serializers.Serializer[Any]):
    """Which signals."""

    limit = serializers.IntegerField(min_value=1, max_value=MAX_SIGNALS, default=_DEFAULT_LIMIT)
    symbol = serializers.RegexField(r"^[A-Z0-9]{1,12}/[A-Z0-9]{1,12}$", required=False)


class SignalHistoryView(APIView):
    """The last signals of the live engine."""

    @extend_schema(
        operation_id="signals_history",
        summary="The last signals of the live engine, newest first",
        description=(
            "At most 1,000 are kept. A signal is published when its route opens and at every change of one "
            "of its two prices. 503 with the code `signals_unreadable` when they cannot be read."
        ),
        parameters=[
            OpenApiParameter("limit", int, description="At most this many, 1 to 1,000; 50 by default."),
            OpenApiParameter("symbol", str, description="Only of this pair, such as `BTC/USDT`."),
        ],
        responses=SignalHistorySerializer,
        examples=[_EXAMPLE],
        tags=["live markets"],
    )
    def get(self, request: Request) -> Response:
        """Return the last signals."""
        refuse_unknown_parameters(request, frozenset(SignalQuery().fields))
        query = SignalQuery(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        found = signals_history(query.validated_data["limit"], query.validated_data.get("symbol"))
        return Response({"results": found})
