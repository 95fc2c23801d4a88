"""The analysis: every route is screened, assessed and stored, and what no longer holds is closed."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from time import monotonic
from typing import Final
from uuid import UUID

import structlog
from django.db import connection

from common.metrics import ANALYSIS_PRODUCTS, ANALYSIS_SECONDS, OPPORTUNITIES_ACTIVE
from opportunities.choices import OpportunityKind, RiskLevel
from opportunities.detection import Route, routes_at
from opportunities.errors import AnalysisBusy
from opportunities.models import Opportunity
from opportunities.policy import AnalysisPolicy, default_policy

from .closing import WITHDRAWN, expire_overdue, expire_rows
from .report import AnalysisReport
from .route_analysis import RouteAnalysis

logger = structlog.get_logger(__name__)

Progress = Callable[[int, str], object]
_LOCK: Final = "opportunities.analysis"


def analyze_products(
    *,
    product_ids: Collection[UUID] | None = None,
    now: datetime,
    policy: AnalysisPolicy | None = None,
    progress: Progress | None = None,
) -> AnalysisReport:
    """Look for sealed-to-singles chances, write them, and close those that no longer hold.

    Every enabled source is a route. Totals of all products come from one set-based valuation per route; only
    products that pass every gate are assessed exactly. A product that fails is skipped, counted and logged.

    Args:
        product_ids: sealed products to analyse; None analyses all.
        now: the time prices, fees and lifetimes are judged at.
        policy: gates and terms; None takes the settings'.
        progress: called with steps done and a note, once per route.

    Raises:
        AnalysisBusy: if another analysis is running.
    """
    chosen = policy or default_policy()
    report = AnalysisReport()
    started = monotonic()
    with _only_one():
        routes = routes_at(now)
        for route in routes:
            RouteAnalysis(route, chosen, now).run(product_ids, report)
            if progress is not None:
                progress(1, f"{route.buy.code} {route.category}")
        report.routes = len(routes)
        if product_ids is None:
            report.expired += _withdraw(routes, chosen, now)
            report.expired += expire_overdue(now=now)
    ANALYSIS_SECONDS.labels(kind=OpportunityKind.SEALED_TO_SINGLES).observe(monotonic() - started)
    _publish_gauges(report)
    logger.info("opportunity.analysed", **report.as_data())
    return report


@contextmanager
def _only_one() -> Iterator[None]:
    """Hold the lock of the analysis on this connection.

    Raises:
        AnalysisBusy: if another connection holds it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [_LOCK])
        if not cursor.fetchone()[0]:
            raise AnalysisBusy(detail="Another analysis is running; try again when it is done.")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [_LOCK])


def _withdraw(routes: list[Route], policy: AnalysisPolicy, now: datetime) -> int:
    """Expire what belongs to products or sources that are no longer in use."""
    sources = {route.buy.pk for route in routes}
    active = Opportunity.objects.active().filter(policy=policy.name)
    gone = active.exclude(buy_source__in=sources) | active.filter(sealed_product__is_active=False)
    return expire_rows(gone, {}, WITHDRAWN, now=now)


def _publish_gauges(report: AnalysisReport) -> None:
    for reason, count in report.refusals.items():
        ANALYSIS_PRODUCTS.labels(outcome=reason).inc(count)
    ANALYSIS_PRODUCTS.labels(outcome="opportunity").inc(report.outcomes.total())
    ANALYSIS_PRODUCTS.labels(outcome="failed").inc(len(report.failed))
    for level in RiskLevel.values:
        OPPORTUNITIES_ACTIVE.labels(risk_level=level).set(
            Opportunity.objects.active().filter(risk_level=level).count()
        )
