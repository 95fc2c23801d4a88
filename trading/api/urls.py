"""Routes of the trading app, under `/api/v1/`, with and without the trailing slash."""

from typing import Any

from django.urls import URLPattern, URLResolver

from common.api.routers import OptionalSlashRouter, optional_slash

from .desk import KillSwitchViewSet, LimitViewSet, TradingStatusView
from .executions import UUID_PATTERN, ExecuteView, ExecutionViewSet
from .openings import ExecutionComparisonView, ExecutionOpeningViewSet
from .reports import CalibrationReportView, ProfitReportView
from .sales import ExecutionSaleViewSet
from .spreads import ExecuteSpreadView, SpreadExecutionViewSet

_EXECUTION = rf"executions/(?P<execution_id>{UUID_PATTERN})"
_LIST: dict[str, Any] = {"get": "list", "post": "create"}

router = OptionalSlashRouter()
router.register("executions", ExecutionViewSet, basename="execution")
router.register("spread-executions", SpreadExecutionViewSet, basename="spread-execution")
router.register("trading/limits", LimitViewSet, basename="limit")
router.register("trading/kill-switches", KillSwitchViewSet, basename="kill-switch")

urlpatterns: list[URLPattern | URLResolver] = [
    optional_slash(
        rf"opportunities/(?P<opportunity_id>{UUID_PATTERN})/execute",
        ExecuteView.as_view(),
        name="opportunity-execute",
    ),
    optional_slash(
        rf"spreads/(?P<spread_id>{UUID_PATTERN})/execute", ExecuteSpreadView.as_view(), name="spread-execute"
    ),
    optional_slash("trading/status", TradingStatusView.as_view(), name="trading-status"),
    optional_slash(
        f"{_EXECUTION}/openings", ExecutionOpeningViewSet.as_view(_LIST), name="execution-openings"
    ),
    optional_slash(f"{_EXECUTION}/sales", ExecutionSaleViewSet.as_view(_LIST), name="execution-sales"),
    optional_slash(
        f"{_EXECUTION}/comparison", ExecutionComparisonView.as_view(), name="execution-comparison"
    ),
    optional_slash("reports/profit", ProfitReportView.as_view(), name="report-profit"),
    optional_slash("reports/calibration", CalibrationReportView.as_view(), name="report-calibration"),
    *router.urls,
]
