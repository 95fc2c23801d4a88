"""`/reports/…`: what was expected and what came of it, over all executions."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any, ClassVar, Final
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.filters import refuse_unknown_parameters
from common.api.permissions import LoginRequired
from common.clock import utc_now
from opportunities.api.backtests_serializers import CalibrationBinSerializer
from opportunities.backtest.summary import backtest_calibration, bins_data
from opportunities.choices import BacktestState
from opportunities.errors import BacktestNotFound
from opportunities.models import Backtest
from trading.selectors.calibration import execution_calibration
from trading.selectors.reports import ProfitGroup, profit_rows
from users.choices import Role

DEFAULT_DAYS: Final = 365
MAX_DAYS: Final = 366 * 5
_BASES: Final = ("executions", "backtest")


class ProfitRowSerializer(serializers.Serializer[Any]):
    """One group in one currency."""

    key = serializers.CharField(help_text="Of the group; a week is named by its Monday.")
    label = serializers.CharField()  # type: ignore[assignment]  # named like an attribute of fields
    currency = serializers.CharField()
    executions = serializers.IntegerField(help_text="That were not cancelled.")
    settled = serializers.IntegerField()
    profitable = serializers.IntegerField(help_text="Settled ones that brought a profit.")
    cost = serializers.DecimalField(max_digits=20, decimal_places=2)
    expected_profit = serializers.DecimalField(max_digits=20, decimal_places=2)
    realised_profit = serializers.DecimalField(max_digits=20, decimal_places=2, allow_null=True)
    expected_of_settled = serializers.DecimalField(
        max_digits=20, decimal_places=2, allow_null=True, help_text="Compare realised_profit with this."
    )


class ProfitReportSerializer(serializers.Serializer[Any]):
    """Expected and realised profit. Currencies are never added up."""

    group = serializers.ChoiceField(choices=[group.value for group in ProfitGroup])
    from_day = serializers.DateField()
    to_day = serializers.DateField(help_text="Exclusive.")
    rows = ProfitRowSerializer(many=True)


class CalibrationReportSerializer(serializers.Serializer[Any]):
    """How often stated chances of profit came true."""

    basis = serializers.ChoiceField(choices=_BASES)
    backtest = serializers.UUIDField(allow_null=True, help_text="Whose signals, on that basis.")
    bins = CalibrationBinSerializer(many=True)
    brier = serializers.CharField(allow_null=True, help_text="Mean squared error: 0 is best, 0.25 a guess.")
    count = serializers.IntegerField()
    hits = serializers.IntegerField()


class ProfitReportView(APIView):
    """Expected and realised profit by week, source, game or risk level."""

    permission_classes = [LoginRequired]
    required_role: ClassVar = {"get": Role.VIEWER}

    @extend_schema(
        tags=["reports"],
        operation_id="reports_profit",
        summary="Expected and realised profit of executions",
        parameters=[
            OpenApiParameter("group", enum=[group.value for group in ProfitGroup], default="week"),
            OpenApiParameter("from", OpenApiTypes.DATE, description="First day (UTC); default a year ago."),
            OpenApiParameter("to", OpenApiTypes.DATE, description="Day after the last; default tomorrow."),
        ],
        responses=ProfitReportSerializer,
        examples=[
            OpenApiExample(
                "By week",
                value={
                    "group": "week",
                    "from_day": "2026-11-01",
                    "to_day": "2026-12-01",
                    "rows": [
                        {
                            "key": "2026-11-16", "label": "Week of 2026-11-16", "currency": "EUR",
                            "executions": 4, "settled": 3, "profitable": 2, "cost": "480.00",
                            "expected_profit": "96.10", "realised_profit": "61.40",
                            "expected_of_settled": "70.00",
                        }
                    ],
                },
                response_only=True,
            )
        ],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """Group the executions of a period."""
        refuse_unknown_parameters(request, {"group", "from", "to"})
        name = request.query_params.get("group", ProfitGroup.WEEK)
        if name not in set(ProfitGroup):
            raise ValidationError({"group": [f"Choose one of {', '.join(ProfitGroup)}."]})
        to_day = _day(request, "to") or utc_now().date() + timedelta(days=1)
        from_day = _day(request, "from") or max(to_day - timedelta(days=DEFAULT_DAYS), date(2000, 1, 1))
        if not timedelta(0) < to_day - from_day <= timedelta(days=MAX_DAYS):
            raise ValidationError({"from": [f"The period must have 1 to {MAX_DAYS} days."]})
        rows = profit_rows(group=ProfitGroup(name), from_day=from_day, to_day=to_day)
        report = {
            "group": name, "from_day": from_day, "to_day": to_day, "rows": [asdict(row) for row in rows],
        }  # fmt: skip
        return Response(ProfitReportSerializer(report).data)


class CalibrationReportView(APIView):
    """Whether the chance of profit that was stated came true."""

    permission_classes = [LoginRequired]
    required_role: ClassVar = {"get": Role.VIEWER}

    @extend_schema(
        tags=["reports"],
        operation_id="reports_calibration",
        summary="How often stated chances of profit came true",
        parameters=[
            OpenApiParameter("basis", enum=_BASES, default="executions"),
            OpenApiParameter(
                "backtest", OpenApiTypes.UUID, description="Which one; default the newest that succeeded."
            ),
        ],
        responses=CalibrationReportSerializer,
        examples=[
            OpenApiExample(
                "Executions",
                value={
                    "basis": "executions", "backtest": None, "brier": "0.1432", "count": 41, "hits": 30,
                    "bins": [
                        {
                            "low": "0.7000", "high": "0.8000", "count": 41, "hits": 30, "expected": "0.7610",
                            "realised": "0.7317", "share_profitable": "0.7317",
                            "wilson_low": "0.5806", "wilson_high": "0.8431",
                        }
                    ],
                },
                response_only=True,
            )
        ],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """Sort forecasts into bins and count those that came true."""
        refuse_unknown_parameters(request, {"basis", "backtest"})
        basis = request.query_params.get("basis", _BASES[0])
        if basis not in _BASES:
            raise ValidationError({"basis": [f"Choose one of {', '.join(_BASES)}."]})
        if basis != "backtest" and "backtest" in request.query_params:
            raise ValidationError({"backtest": ["It goes with basis=backtest only."]})
        backtest = _backtest(request) if basis == "backtest" else None
        found = execution_calibration() if backtest is None else backtest_calibration(backtest)
        report = {
            "basis": basis,
            "backtest": None if backtest is None else backtest.pk,
            "bins": bins_data(found),
            "brier": None if found.brier is None else str(found.brier),
            "count": found.count,
            "hits": found.hits,
        }
        return Response(CalibrationReportSerializer(report).data)


def _day(request: Request, name: str) -> date | None:
    text = request.query_params.get(name)
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or not date(2000, 1, 1) <= day <= date(9000, 1, 1):
        raise ValidationError({name: ["Give a day such as 2026-11-01."]})
    return day


def _backtest(request: Request) -> Backtest:
    """Return the back-test that is asked for.

    Raises:
        ValidationError: if its id is malformed.
        BacktestNotFound: if there is none that has succeeded.
    """
    finished = Backtest.objects.filter(state=BacktestState.SUCCEEDED)
    text = request.query_params.get("backtest")
    if text is not None:
        try:
            finished = finished.filter(pk=UUID(text))
        except ValueError:
            raise ValidationError({"backtest": ["Give the id of a back-test."]}) from None
    found = finished.order_by("-created_at", "-id").first()
    if found is None:
        raise BacktestNotFound(detail="No back-test has succeeded." if text is None else "")
    return found
