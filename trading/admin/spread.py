"""Executions across two venues for staff: what was done step by step; deciding about those that are stuck."""

import json
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import RangeDateTimeFilter
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminSelectWidget

from common.admin.base import BoundedRoleAdmin, ReadOnlyInline, RoleReadOnlyAdmin
from common.admin.confirming import Question, ReasonForm, ask, is_confirmed
from common.clock import utc_now
from common.errors import DomainError
from trading.choices import SpreadState
from trading.models import LedgerPosting, LegOrder, SpreadExecution
from trading.services.spreads import Resolution, drive_spread, resolve_spread
from trading.services.spreads.resolving import FILLED, NOTHING_HAPPENED
from users.acting import acting_user
from users.choices import Role

from .execution import entries_of

LEAST: Final = Decimal("0.000000000001")

STATE_COLOURS: Final = {
    SpreadState.PENDING.label: "info",
    SpreadState.BUYING.label: "info",
    SpreadState.SELLING.label: "info",
    SpreadState.UNKNOWN.label: "warning",
    SpreadState.UNWINDING.label: "warning",
    SpreadState.SETTLED.label: "success",
    SpreadState.UNWOUND.label: "warning",
    SpreadState.FAILED.label: "danger",
    SpreadState.STUCK.label: "danger",
}


class LegInline(ReadOnlyInline):
    """The orders with their fills."""

    model = LegOrder
    fields = (
        "position", "side", "venue", "state", "quantity", "limit_price", "client_order_id", "venue_order_id",
        "queries", "last_error", "filled_at",
    )  # fmt: skip
    readonly_fields = fields
    ordering = ("position",)
    show_change_link = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[LegOrder]:
        legs: QuerySet[LegOrder] = super().get_queryset(request)
        return legs.select_related("venue").prefetch_related("fills")

    @admin.display(description="Fills")
    def filled_at(self, leg: LegOrder) -> SafeString | str:
        lines = (
            (
                f"{fill.quantity.normalize():f}",
                f"{fill.price.normalize():f}",
                f"{fill.fees.normalize():f}",
                f"{fill.filled_at:%F %T}",
            )
            for fill in leg.fills.all()
        )
        return format_html_join("", "<p>{} at {}, fees {}, {} UTC</p>", lines) or "–"


class SpreadPostingInline(ReadOnlyInline):
    """What was booked."""

    model = LedgerPosting
    fields = ("posted_at", "description", "amounts")
    readonly_fields = fields
    ordering = ("posted_at", "id")
    show_change_link = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[LedgerPosting]:
        postings: QuerySet[LedgerPosting] = super().get_queryset(request)
        return postings.prefetch_related("entries")

    @admin.display(description="Entries (debit +)")
    def amounts(self, posting: LedgerPosting) -> SafeString:
        return entries_of(posting)


class ResolveForm(ReasonForm):
    """What a person found out about the order without an answer."""

    outcome = forms.ChoiceField(
        choices=[(NOTHING_HAPPENED, "Nothing happened"), (FILLED, "It was filled")],
        widget=UnfoldAdminSelectWidget,
        label="The order",
    )
    quantity = forms.DecimalField(
        required=False, min_value=LEAST, max_digits=22, decimal_places=12,
        widget=UnfoldAdminDecimalFieldWidget, help_text="Units filled; empty: all that was ordered.",
    )  # fmt: skip
    price = forms.DecimalField(
        required=False, min_value=LEAST, max_digits=28, decimal_places=12,
        widget=UnfoldAdminDecimalFieldWidget, help_text="Of one unit, before fees; empty: the order's limit.",
    )  # fmt: skip
    field_order = ("outcome", "quantity", "price", "reason")

    def resolution(self) -> Resolution:
        """Return what was entered."""
        given = self.cleaned_data
        if given["outcome"] == NOTHING_HAPPENED:
            return Resolution(NOTHING_HAPPENED, note=given["reason"][:160])
        return Resolution(
            FILLED,
            quantity=given["quantity"],
            price=given["price"],
            note=given["reason"][:160],
        )


@admin.register(SpreadExecution)
class SpreadExecutionAdmin(RoleReadOnlyAdmin, BoundedRoleAdmin):
    """Executions across two venues, newest first. Every figure is the trade's and cannot be changed."""

    write_role = Role.OPERATOR
    list_display = (
        "created_at", "route", "quantity_plain", "state_badge", "mode", "expected_profit_plain",
        "realised_profit_plain", "currency", "actor",
    )  # fmt: skip
    list_display_links = ("created_at", "route")
    list_filter = (
        "mode", "state", "opportunity__market", "currency", ("created_at", RangeDateTimeFilter),
    )  # fmt: skip
    list_filter_submit = True
    list_select_related = (
        "opportunity__instrument", "opportunity__buy_venue", "opportunity__sell_venue", "actor",
    )  # fmt: skip
    search_fields = ("opportunity__instrument__symbol__icontains", "actor__username__startswith")
    search_help_text = "Instrument, or the beginning of a trader's name"
    date_hierarchy = "created_at"
    ordering = ("-created_at", "-id")
    actions_detail = ("resolve",)
    inlines = (LegInline, SpreadPostingInline)
    fieldsets = (
        (None, {"fields": ("route", "state_badge", "mode", "quantity", "actor", "note", "reason")}),
        (
            "Expected and realised",
            {
                "fields": (
                    "currency",
                    ("expected_cost", "realised_cost"),
                    ("expected_proceeds", "realised_proceeds"),
                    ("expected_profit", "realised_profit"),
                    "expected_net_bps",
                )
            },
        ),
        ("Shown and checked", {"fields": ("shown_figures", "checked_figures")}),
        ("Provenance", {"fields": ("created_at", "due_at", "finished_at", "fence")}),
    )
    readonly_fields = ("route", "state_badge", "shown_figures", "checked_figures")

    @admin.display(description="Route")
    def route(self, execution: SpreadExecution) -> str:
        row = execution.opportunity
        return f"{row.instrument.symbol}: {row.buy_venue.code} to {row.sell_venue.code}"

    @admin.display(description="Quantity", ordering="quantity")
    def quantity_plain(self, execution: SpreadExecution) -> str:
        return f"{execution.quantity.normalize():f}"

    @admin.display(description="Expected profit", ordering="expected_profit")
    def expected_profit_plain(self, execution: SpreadExecution) -> str:
        return f"{execution.expected_profit:,.2f}"

    @admin.display(description="Realised profit", ordering="realised_profit")
    def realised_profit_plain(self, execution: SpreadExecution) -> str:
        return "–" if execution.realised_profit is None else f"{execution.realised_profit:,.2f}"

    @display(description="State", ordering="state", label=STATE_COLOURS)  # type: ignore[untyped-decorator]
    def state_badge(self, execution: SpreadExecution) -> str:
        return execution.get_state_display()

    @admin.display(description="Shown to the trader")
    def shown_figures(self, execution: SpreadExecution) -> SafeString:
        return _document(execution.shown)

    @admin.display(description="Found at re-validation")
    def checked_figures(self, execution: SpreadExecution) -> SafeString:
        return _document(execution.checked)

    @action(description="Decide…", permissions=["write"], icon="gavel")  # type: ignore[untyped-decorator]
    def resolve(self, request: HttpRequest, object_id: UUID) -> HttpResponse:
        """Say what became of an order that no venue tells about."""
        rows = SpreadExecution.objects.select_related(*self.list_select_related)
        execution = get_object_or_404(rows, pk=object_id)
        page = reverse("admin:trading_spreadexecution_change", args=[execution.pk])
        form = ResolveForm(request.POST if is_confirmed(request) else None)
        if not is_confirmed(request) or not form.is_valid():
            return ask(self, request, _question(execution, form, page, self.route(execution)))
        facts: dict[str, Any] = {"actor": acting_user(request), "now": utc_now()}
        try:
            resolved = resolve_spread(execution_id=execution.pk, resolution=form.resolution(), **facts)
        except DomainError as error:
            self.message_user(request, error.detail, messages.WARNING)
        else:
            drive_spread(execution_id=resolved.pk, fence=resolved.fence)
            self.message_user(request, "Decided; the execution goes on from there.", messages.SUCCESS)
        return redirect(page)


def _question(execution: SpreadExecution, form: ResolveForm, page: str, route: str) -> Question:
    return Question(
        title="Decide what became of the order",
        button="Decide",
        lines=[
            "Look at the venue first. A purchase that never was ends the execution, a sale that never was is "
            "unwound. This is recorded and cannot be taken back."
        ],
        headers=("Route", "Units", "State", "Why"),
        rows=[
            (route, f"{execution.quantity.normalize():f}", execution.get_state_display(), execution.reason)
        ],
        form=form,
        is_destructive=True,
        back=page,
        keys=(),
    )


def _document(data: object) -> SafeString:
    text = json.dumps(data, indent=2, ensure_ascii=False)
    return format_html('<pre class="whitespace-pre-wrap">{}</pre>', text)
