"""Routes of the opportunities endpoints, with and without the trailing slash."""

from common.api.routers import OptionalSlashRouter, optional_slash

from .alert_channels import AlertChannelViewSet
from .alert_deliveries import AlertDeliveryViewSet
from .alert_rules import AlertRuleViewSet
from .backtests import BacktestSignalViewSet, BacktestViewSet
from .contents_findings import ContentsFindingViewSet
from .notifications import NotificationViewSet
from .signals import SignalHistoryView
from .spreads import SpreadViewSet
from .views import OpportunityViewSet, ScenarioViewSet
from .watches import WatchViewSet

router = OptionalSlashRouter()
router.register("opportunities", OpportunityViewSet, basename="opportunity")
router.register("spreads", SpreadViewSet, basename="spread")
router.register("scenarios", ScenarioViewSet, basename="scenario")
router.register("watches", WatchViewSet, basename="watch")
router.register("alert-rules", AlertRuleViewSet, basename="alert-rule")
router.register("alert-channels", AlertChannelViewSet, basename="alert-channel")
router.register("alert-deliveries", AlertDeliveryViewSet, basename="alert-delivery")
router.register("notifications", NotificationViewSet, basename="notification")
router.register("backtests", BacktestViewSet, basename="backtest")
router.register("contents-findings", ContentsFindingViewSet, basename="contents-finding")
_BACKTEST = r"backtests/(?P<backtest_id>[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12})"
urlpatterns = [
    *router.urls,
    optional_slash("signals/history", SignalHistoryView.as_view(), name="signal-history"),
    optional_slash(
        f"{_BACKTEST}/signals", BacktestSignalViewSet.as_view({"get": "list"}), name="backtest-signals"
    ),
]
