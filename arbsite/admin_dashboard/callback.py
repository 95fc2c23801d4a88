"""Puts the dashboard into the context of the admin's first page (`UNFOLD["DASHBOARD_CALLBACK"]`)."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from common.clock import utc_now
from scrapers.selectors import SourceOverview
from users.acting import acting_user
from users.choices import Role

from .charts import charts_of
from .figures import figures_of
from .ranges import RANGES, range_of
from .tiles import list_link, tiles_of


def dashboard_callback(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add tiles, charts and tables; `?range=24h|7d|30d` chooses what they look back on."""
    chosen = range_of(request.GET.get("range"))
    figures = figures_of(chosen, now=utc_now())
    context.update(
        title="Dashboard",
        figures=figures,
        ranges=[
            {"title": found.label, "link": f"?range={found.key}", "active": found is chosen}
            for found in RANGES
        ],
        tiles=tiles_of(figures, chosen, request),
        charts=charts_of(figures, chosen),
        sources=[_source(source) for source in figures.sources],
        jobs_link=list_link(request, "jobs.job"),
        routes_link=list_link(request, "scrapers.sourceroute"),
        hosts_link=reverse("admin:scrapers_sourceroute_hosts"),
        load_link=reverse("admin:scrapers_sourceroute_load_market_data"),
        may_load=acting_user(request).has_role(Role.OPERATOR),
    )
    return context


def _source(source: SourceOverview) -> dict[str, Any]:
    return {
        "name": source.name,
        "coverage": source.coverage,
        "newest": source.newest_price_at,
        "prices": source.prices_24h,
        "held": source.quarantined_24h,
        "ready": sum(route.is_ready for route in source.routes),
        "routes": len(source.routes),
    }
