"""Two pages beside the register: the hosts with their breakers, and loading the real market."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.decorators import action

from common.admin.base import may_look, may_write
from common.clock import utc_now
from common.errors import DomainError
from pricing.choices import Route
from scrapers.models import SourceRoute
from scrapers.registry import SOURCES
from scrapers.selectors import HostState, Mode, source_list
from scrapers.services import reset_breaker
from scrapers.services.market_data import has_demo_market, request_market_data
from scrapers.services.syncing import DEFAULT_CATEGORIES
from users.acting import acting_user

from .confirming import confirm_page, is_confirmed
from .judging import judge


@dataclass(slots=True)
class HostRow:
    """One host and the routes that ask it."""

    state: HostState
    routes: list[str] = field(default_factory=list)


def host_rows() -> list[HostRow]:
    """Return every host once, those in trouble first."""
    rows: dict[str, HostRow] = {}
    for source in source_list(now=utc_now()):
        for route in source.routes:
            for state in route.hosts:
                rows.setdefault(state.key, HostRow(state)).routes.append(f"{source.code}/{route.code}")
    return sorted(rows.values(), key=lambda row: (row.state.breaker == "closed", row.state.key))


def bulk_routes() -> list[dict[str, str]]:
    """Return every bulk route by name, with the reason why the load will not ask it, if there is one."""
    wanted = [source for source in SOURCES if set(source.categories) & set(DEFAULT_CATEGORIES)]
    rows = SourceRoute.objects.filter(route=Route.BULK, source__in=[source.code for source in wanted])
    return [
        {"name": str(row), "reason": judge(row, Mode.LIVE).reason}
        for row in rows.order_by("source", "position")
    ]


class MarketPages:
    """Mixed into the register's page, before `RoleAdmin`."""

    actions_list: ClassVar = ("hosts", "load_market_data")

    def has_hosts_permission(self, request: HttpRequest) -> bool:
        """Return whether this member of staff may see the hosts."""
        return may_look(request)

    def has_load_permission(self, request: HttpRequest) -> bool:
        """Return whether this member of staff may load the real market."""
        return may_write(request)

    @action(description="Hosts and breakers", permissions=["hosts"], icon="electrical_services")  # type: ignore[untyped-decorator]
    def hosts(self, request: HttpRequest) -> HttpResponse:
        """Show the hosts; a reset comes back here."""
        page: Any = self
        if request.method == "POST" and may_write(request):
            key = request.POST.get("key", "")[:300]
            try:
                state = reset_breaker(key, actor=acting_user(request), now=utc_now())
            except DomainError as error:
                page.message_user(request, error.detail, messages.ERROR)
            else:
                page.message_user(request, f"{state.key} is asked again: {state.breaker}.", messages.SUCCESS)
            return redirect(request.path)
        context = {
            **page.admin_site.each_context(request),
            "title": "Hosts and breakers",
            "opts": page.model._meta,
            "hosts": host_rows(),
            "may_reset": may_write(request),
            "now": utc_now(),
        }
        return TemplateResponse(request, "admin/scrapers/hosts.html", context)

    @action(
        description="Load real market data",
        permissions=["load"],
        icon="cloud_download",
        url_path="load-market-data",
    )  # type: ignore[untyped-decorator]
    def load_market_data(self, request: HttpRequest) -> HttpResponse:
        """Say what will happen, then ask for it."""
        page: Any = self
        if not is_confirmed(request):
            context = {
                "has_demo": has_demo_market(),
                "routes": bulk_routes(),
                "button": "Load real market data",
                "back": reverse("admin:scrapers_sourceroute_changelist"),
            }
            return confirm_page(
                page, request, "market_data.html", title="Load real market data", context=context
            )
        try:
            job = request_market_data(actor=acting_user(request), now=utc_now())
        except DomainError as error:
            page.message_user(request, error.detail, messages.ERROR)
            return redirect("admin:scrapers_sourceroute_changelist")
        page.message_user(request, f"{job.label}: {job.get_state_display().lower()}.", messages.SUCCESS)
        return redirect("admin:jobs_job_change", job.pk)
