"""The state of sources and jobs on the admin's first page."""

from datetime import timedelta
from typing import Any

from django import template
from django.http import HttpRequest

from common.clock import utc_now
from jobs.choices import JobState
from jobs.models import Job
from scrapers.selectors import coverage, source_list
from users.acting import acting_user
from users.choices import Role

register = template.Library()


@register.inclusion_tag("admin/scrapers/dashboard.html", takes_context=True)
def market_data(context: dict[str, Any]) -> dict[str, Any]:
    """Return what the panel shows: freshness by source, hosts left alone, open and failed jobs."""
    request: HttpRequest = context["request"]
    now = utc_now()
    sources = source_list(now=now)
    jobs = Job.objects.select_related("requested_by").order_by("-created_at", "id")
    ended_badly = jobs.filter(
        state__in=(JobState.FAILED, JobState.PARTLY), created_at__gte=now - timedelta(days=1)
    )
    return {
        "coverage": coverage(now=now),
        "sources": [
            {
                "name": source.name,
                "coverage": source.coverage,
                "newest": source.newest_price_at,
                "prices": source.prices_24h,
                "held": source.quarantined_24h,
                "ready": sum(route.is_ready for route in source.routes),
                "routes": len(source.routes),
            }
            for source in sources
        ],
        "left_alone": sorted(
            {
                host.key
                for source in sources
                for route in source.routes
                for host in route.hosts
                if host.is_open
            }
        ),
        "open_jobs": list(jobs.open()[:5]),
        "failed_jobs": list(ended_badly[:5]),
        "may_load": acting_user(request).has_role(Role.OPERATOR),
    }
