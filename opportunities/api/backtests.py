"""`/backtests/`: what past signals would have brought."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from common.api.filters import refuse_unknown_parameters
from common.api.idempotency import HEADER, idempotent
from common.clock import utc_now
from opportunities.backtest import BacktestTerms, Period, backtest_list, request_backtest, signal_list
from opportunities.errors import BacktestNotFound
from opportunities.models import Backtest, BacktestSignal
from users.acting import acting_user
from users.choices import Role

from .backtests_filters import BacktestFilter, BacktestSignalFilter
from .backtests_serializers import (
    BacktestAcceptedSerializer,
    BacktestDetailSerializer,
    BacktestRequestSerializer,
    BacktestSerializer,
    BacktestSignalSerializer,
)

_IDEMPOTENCY_KEY = OpenApiParameter(
    HEADER, OpenApiTypes.STR, OpenApiParameter.HEADER, required=True,
    description="Your own id of this request; sent again, it is answered again and done once.",
)  # fmt: skip
_BACKTEST_ID = OpenApiParameter("backtest_id", OpenApiTypes.UUID, OpenApiParameter.PATH)
_TOTALS = {
    "signals": 523, "first_signals": 20, "judged": 444, "hits": 430, "hit_rate": "0.9685",
    "profit_per_signal": "101.22", "median_profit": "9.38", "total_profit": "44942.34",
}  # fmt: skip
_EXAMPLE = {
    "id": "01a1fdd5-522c-71d5-a3b2-7aeb7fd7cb53", "state": "succeeded", "job": None, "requested_by": "alice",
    "from_day": "2026-10-15", "to_day": "2026-11-20", "horizon_days": 7,
    "parameters": {"source": "cardmarket", "fee_rate": "0.1"}, "algorithm_version": "cards-2",
    "signal_count": 523, "error": "", "created_at": "2026-11-20T12:00:00Z",
    "finished_at": "2026-11-20T12:00:19Z",
}  # fmt: skip
_DETAIL_EXAMPLE = {
    **_EXAMPLE,
    "progress_done": 43, "progress_total": 43,
    "summary": {
        "currencies": {"EUR": _TOTALS},
        "by_risk": [{"currency": "EUR", "risk_level": "low", **_TOTALS}],
        "by_category": [{"currency": "EUR", "category": "mtg", **_TOTALS}],
        "calibration": [
            {
                "low": "0.9000", "high": "1.0000", "count": 300, "hits": 294, "expected": "0.9810",
                "realised": "0.9800", "share_profitable": "0.9800",
                "wilson_low": "0.9570", "wilson_high": "0.9908",
            }
        ],
        "brier": "0.0563",
        "days": [{"day": "2026-10-15", "currency": "EUR", "signals": 14, "profit": "812.40"}],
    },
}  # fmt: skip
_SIGNAL_EXAMPLE = {
    "day": "2026-10-15", "source": "cardmarket", "currency": "EUR", "category": "mtg", "total_cost": "60.00",
    "expected_value": "76.00", "expected_profit": "16.00", "margin_percentage": "26.66",
    "confidence_score": "0.71", "probability_of_profit": "0.8312", "risk_level": "medium", "is_first": True,
    "realised_value": "74.10", "realised_profit": "14.10", "realised_coverage": "1.0000",
}  # fmt: skip


@extend_schema_view(
    list=extend_schema(
        operation_id="backtests_list",
        summary="Back-tests, newest first",
        examples=[OpenApiExample("One of a page", value=_EXAMPLE, response_only=True)],
    ),
    retrieve=extend_schema(
        operation_id="backtests_retrieve",
        summary="One back-test with its result",
        responses=BacktestDetailSerializer,
        examples=[OpenApiExample("Finished", value=_DETAIL_EXAMPLE, response_only=True)],
    ),
)
@extend_schema(tags=["reports"])
class BacktestViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Backtest]):
    """Stored history replayed day by day with the prices and fees known then."""

    queryset = Backtest.objects.none()
    serializer_class = BacktestSerializer
    filterset_class = BacktestFilter
    lookup_value_regex = "[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}"
    required_role: ClassVar = {"create": Role.ANALYST}

    def get_queryset(self) -> QuerySet[Backtest]:
        """Return back-tests with their state."""
        return backtest_list()

    def get_serializer_class(self) -> Any:
        """Return the wider serializer for one back-test."""
        return BacktestDetailSerializer if self.action == "retrieve" else BacktestSerializer

    @extend_schema(
        operation_id="backtests_create",
        summary="Start a back-test",
        description="Analysts and above. Runs in the background; `Location` names the job.",
        request=BacktestRequestSerializer,
        responses={202: BacktestAcceptedSerializer},
        parameters=[_IDEMPOTENCY_KEY],
        filters=False,
        examples=[
            OpenApiExample(
                "A month",
                value={
                    "from_day": "2026-10-01",
                    "to_day": "2026-11-01",
                    "horizon_days": 7,
                    "source": "cardmarket",
                },
                request_only=True,
            )
        ],
    )
    @idempotent
    def create(self, request: Request) -> Response:
        """Ask for a back-test."""
        refuse_unknown_parameters(request, frozenset())
        body = BacktestRequestSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        asked = body.validated_data
        now = utc_now()
        backtest = request_backtest(
            Period(asked["from_day"], asked["to_day"], asked["horizon_days"]),
            terms=BacktestTerms(
                source=asked.get("source"),
                category=asked.get("category"),
                floor=asked.get("floor"),
                fee_rate=asked.get("fee_rate"),
            ),
            actor=acting_user(request),
            now=now,
        )
        shown = backtest_list().get(pk=backtest.pk)
        answer = BacktestAcceptedSerializer(
            {"job": shown.job, "backtest": shown}, context={"request": request, "now": now}
        )
        headers = {"Location": f"/api/v1/jobs/{shown.job_id}/"}
        return Response(answer.data, status=status.HTTP_202_ACCEPTED, headers=headers)


@extend_schema_view(
    list=extend_schema(
        operation_id="backtests_signals",
        summary="Signals of a back-test, newest day first",
        examples=[OpenApiExample("One of a page", value=_SIGNAL_EXAMPLE, response_only=True)],
    )
)
@extend_schema(tags=["reports"], parameters=[_BACKTEST_ID])
class BacktestSignalViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[BacktestSignal]):
    """What one back-test found, and what became of it."""

    queryset = BacktestSignal.objects.none()
    serializer_class = BacktestSignalSerializer
    filterset_class = BacktestSignalFilter

    def get_queryset(self) -> QuerySet[BacktestSignal]:
        """Return the back-test's signals.

        Raises:
            BacktestNotFound: if there is no such back-test.
        """
        backtest = Backtest.objects.filter(pk=self.kwargs["backtest_id"]).first()
        if backtest is None:
            raise BacktestNotFound
        return signal_list(backtest)
