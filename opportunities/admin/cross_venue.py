"""Live routes and their openings for staff: read-only, written by the sink."""

import json

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import display

from common.admin.base import BoundedRoleAdmin, RoleReadOnlyAdmin
from opportunities.choices import CrossVenueState
from opportunities.models import CrossVenueOpportunity, SpreadEpisode

STATE_COLOURS = {CrossVenueState.OPEN.label: "success", CrossVenueState.CLOSED.label: "info"}


@admin.register(CrossVenueOpportunity)
class CrossVenueOpportunityAdmin(RoleReadOnlyAdmin, BoundedRoleAdmin):
    """Routes between two venues, last seen first."""

    list_display = (
        "instrument", "buy_venue", "sell_venue", "state_badge", "net_bps", "net_profit", "currency", "size",
        "sightings", "last_seen_at",
    )  # fmt: skip
    list_display_links = ("instrument",)
    list_filter = ("state", "market", "closed_reason", "buy_venue", "sell_venue")
    list_select_related = ("instrument", "buy_venue", "sell_venue")
    search_fields = ("instrument__symbol__icontains", "buy_venue__code", "sell_venue__code")
    search_help_text = "A symbol, or the code of a venue."
    ordering = ("-last_seen_at", "-id")
    fieldsets = (
        (None, {"fields": ("id", "instrument", "buy_venue", "sell_venue", "market", "state_badge", "flags")}),
        (
            "Prices per unit",
            {
                "fields": (
                    "currency", "buy_price", "sell_price", "cost", "proceeds", "cushion", "gross_profit",
                    "net_profit", "loss_reserve", "expected_profit",
                )
            },
        ),
        (
            "Gap",
            {"fields": ("gross_bps", "net_bps", "best_net_bps", "threshold_bps", "size", "total_profit")},
        ),
        (
            "Times",
            {
                "fields": (
                    "created_at", "opened_at", "last_seen_at", "expires_at", "closed_at", "closed_reason",
                    "sightings", "revision",
                )
            },
        ),
        ("Quotes and fees", {"fields": ("pretty_inputs",), "classes": ("collapse",)}),
    )  # fmt: skip
    readonly_fields = ("state_badge", "pretty_inputs")

    @display(description="State", ordering="state", label=STATE_COLOURS)  # type: ignore[untyped-decorator]
    def state_badge(self, row: CrossVenueOpportunity) -> str:
        return CrossVenueState(row.state).label

    @admin.display(description="Quotes and fees")
    def pretty_inputs(self, row: CrossVenueOpportunity) -> SafeString:
        text = json.dumps(row.inputs, indent=2, ensure_ascii=False)
        return format_html('<pre class="whitespace-pre-wrap">{}</pre>', text)


@admin.register(SpreadEpisode)
class SpreadEpisodeAdmin(RoleReadOnlyAdmin, BoundedRoleAdmin):
    """Openings of routes, newest first: how long gaps live and how wide they get."""

    list_display = (
        "opened_at",
        "route",
        "lasted",
        "peak_net_bps",
        "peak_net_profit",
        "sightings",
        "closed_reason",
    )
    list_display_links = ("opened_at",)
    list_filter = ("closed_reason", "opportunity__market")
    list_select_related = (
        "opportunity__instrument", "opportunity__buy_venue", "opportunity__sell_venue"
    )  # fmt: skip
    search_fields = ("opportunity__instrument__symbol__icontains",)
    search_help_text = "A symbol."
    ordering = ("-id",)
    fieldsets = (
        (None, {"fields": ("route", "opened_at", "closed_at", "lasted", "closed_reason")}),
        ("Peak", {"fields": ("peak_net_bps", "peak_net_profit", "sightings")}),
    )
    readonly_fields = ("route", "lasted")

    def get_queryset(self, request: HttpRequest):  # type: ignore[no-untyped-def]  # of the untyped base
        """Return episodes with what names their route."""
        return super().get_queryset(request).select_related(*self.list_select_related)

    @admin.display(description="Route")
    def route(self, episode: SpreadEpisode) -> str:
        row = episode.opportunity
        return f"{row.instrument.symbol}: {row.buy_venue.code} → {row.sell_venue.code}"

    @admin.display(description="Lasted")
    def lasted(self, episode: SpreadEpisode) -> str:
        if episode.closed_at is None:
            return "open"
        return f"{(episode.closed_at - episode.opened_at).total_seconds():.1f} s"
