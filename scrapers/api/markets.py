"""`/markets/`: the live markets and how they do."""

import time
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from scrapers.models import LiveMarket
from scrapers.selectors.markets import market_list

from .markets_serializers import MarketQuerySerializer, MarketSerializer


@extend_schema(tags=["live"])
class MarketViewSet(viewsets.GenericViewSet[Any]):
    """Gift-card desks and exchanges, declared by environment, by staff or by the demo."""

    queryset = LiveMarket.objects.none()
    serializer_class = MarketSerializer
    extra_query_parameters: ClassVar = frozenset({"kind", "state"})

    @extend_schema(
        operation_id="markets_list",
        summary="Live markets and their health",
        description=(
            "By code. The list is always complete; while the store of the states does not answer, `state` is "
            "unknown and the figures are empty."
        ),
        parameters=[MarketQuerySerializer],
        responses=MarketSerializer(many=True),
    )
    def list(self, request: Request) -> Response:
        """Return the markets that match."""
        self.filter_queryset(self.get_queryset())  # refuses unknown parameters
        query = MarketQuerySerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        wanted = query.validated_data
        rows = [
            row
            for row in market_list(now_ms=time.time_ns() // 1_000_000)
            if wanted.get("kind", row.kind) == row.kind and wanted.get("state", row.state) == row.state
        ]
        page: Any = self.paginate_queryset(rows)
        return self.get_paginated_response(MarketSerializer(page, many=True).data)
