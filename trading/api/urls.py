"""Routes of the trading app, under `/api/v1/`, with and without the trailing slash."""

from django.urls import URLPattern, URLResolver

from common.api.routers import OptionalSlashRouter, optional_slash

from .desk import KillSwitchViewSet, LimitViewSet, TradingStatusView
from .executions import UUID_PATTERN, ExecuteView, ExecutionViewSet

router = OptionalSlashRouter()
router.register("executions", ExecutionViewSet, basename="execution")
router.register("trading/limits", LimitViewSet, basename="limit")
router.register("trading/kill-switches", KillSwitchViewSet, basename="kill-switch")

urlpatterns: list[URLPattern | URLResolver] = [
    optional_slash(
        rf"opportunities/(?P<opportunity_id>{UUID_PATTERN})/execute",
        ExecuteView.as_view(),
        name="opportunity-execute",
    ),
    optional_slash("trading/status", TradingStatusView.as_view(), name="trading-status"),
    *router.urls,
]
