"""Executions for staff: what was done step by step; settle and cancel, each after a page that asks."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import RangeDateTimeFilter
from unfold.decorators import action, display

from common.admin.base import BoundedRoleAdmin, ReadOnlyInline, RoleReadOnlyAdmin
from common.admin.confirming import Question, ReasonForm, ask, chosen, decide, is_confirmed
from common.clock import utc_now
from trading.choices import ExecutionState
from trading.models import Execution, LedgerPosting, Order
from trading.services import cancel_execution, settle_execution
from users.acting import acting_user
from users.choices import Role

STATE_COLOURS = {
    ExecutionState.BOUGHT.label: "info",
    ExecutionState.SELLING.label: "warning",
    ExecutionState.SETTLED.label: "success",
    ExecutionState.FAILED.label: "danger",
}


@dataclass(frozen=True, slots=True)
class _Change:
    """What an action does and how its page says so."""

    button: str
    line: str
    done: str
    change: Callable[..., Execution]
    asks_reason: bool


SETTLE: Final = _Change(
    "Settle now",
    "Everything that is left is sold at the executable prices of now. Cards without a fresh price stay open.",
    "{count} executions: sold what could be sold.",
    settle_execution,
    asks_reason=False,
)
CANCEL: Final = _Change(
    "Cancel the purchase",
    "The purchase is booked backwards and its exposure comes back. Not possible once something was sold.",
    "{count} executions cancelled.",
    cancel_execution,
    asks_reason=True,
)


class OrderInline(ReadOnlyInline):
    """The orders with their fills."""

    model = Order
    fields = ("leg", "side", "state", "product", "finish", "quantity", "limit_price", "filled")
    readonly_fields = fields
    ordering = ("leg",)
    show_change_link = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        orders: QuerySet[Order] = super().get_queryset(request)
        return orders.select_related("product").prefetch_related("fills")

    @admin.display(description="Fills")
    def filled(self, order: Order) -> SafeString | str:
        lines = (
            (fill.quantity, fill.price, fill.fees, fill.postage, f"{fill.filled_at:%Y-%m-%d %H:%M}")
            for fill in order.fills.all()
        )
        return format_html_join("", "<p>{} at {}, fees {}, postage {}, {} UTC</p>", lines) or "–"


class PostingInline(ReadOnlyInline):
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


def entries_of(posting: LedgerPosting) -> SafeString:
    """Return the entries of a posting, one a line."""
    lines = (
        (entry.get_account_display(), f"{entry.amount:+,.2f}", entry.currency)
        for entry in posting.entries.all()
    )
    return format_html_join("", "<p>{} {} {}</p>", lines)


@admin.register(Execution)
class ExecutionAdmin(RoleReadOnlyAdmin, BoundedRoleAdmin):
    """Executions, newest first. Every figure is the trade's and cannot be changed."""

    write_role = Role.TRADER
    list_display = (
        "created_at", "product", "quantity", "state_badge", "mode", "expected_cost", "expected_profit",
        "realised_profit", "currency", "actor", "buy_source",
    )  # fmt: skip
    list_display_links = ("created_at", "product")
    list_filter = (
        "mode", "state", "buy_source", "sell_source", "currency", ("created_at", RangeDateTimeFilter),
    )  # fmt: skip
    list_filter_submit = True
    list_select_related = ("product", "buy_source", "sell_source", "actor")
    search_fields = ("product__name__icontains", "actor__username__startswith")
    search_help_text = "Product, or the beginning of a trader's name"
    date_hierarchy = "created_at"
    ordering = ("-created_at", "-id")
    actions = ("settle_selected", "cancel_selected")
    actions_detail = ("settle_one", "cancel_one")
    inlines = (OrderInline, PostingInline)
    fieldsets = (
        (None, {"fields": ("product", "state_badge", "mode", "quantity", "actor", "note", "closed_reason")}),
        (
            "Expected and realised",
            {
                "fields": (
                    "currency",
                    ("expected_cost", "realised_cost"),
                    ("expected_proceeds", "realised_proceeds"),
                    ("expected_profit", "realised_profit"),
                    ("expected_margin_percentage", "confidence_score"),
                    ("probability_of_profit", "risk_level"),
                )
            },
        ),
        ("Shown and checked", {"fields": ("quote_version", "shown_figures", "checked_figures")}),
        (
            "Provenance",
            {
                "fields": (
                    "opportunity",
                    "buy_source",
                    "sell_source",
                    "created_at",
                    "settles_at",
                    "settled_at",
                )
            },
        ),
    )
    readonly_fields = ("state_badge", "shown_figures", "checked_figures")

    @display(description="State", ordering="state", label=STATE_COLOURS)  # type: ignore[untyped-decorator]
    def state_badge(self, execution: Execution) -> str:
        return execution.get_state_display()

    @admin.display(description="Shown to the trader")
    def shown_figures(self, execution: Execution) -> SafeString:
        return _document(execution.shown)

    @admin.display(description="Found at re-validation")
    def checked_figures(self, execution: Execution) -> SafeString:
        return _document(execution.checked)

    @admin.action(description="Settle now…", permissions=["write"])
    def settle_selected(self, request: HttpRequest, queryset: QuerySet[Execution]) -> HttpResponse | None:
        """Sell what is left of the selected executions."""
        return self._change(request, chosen(self, request, queryset), SETTLE)

    @admin.action(description="Cancel…", permissions=["write"])
    def cancel_selected(self, request: HttpRequest, queryset: QuerySet[Execution]) -> HttpResponse | None:
        """Reverse the selected purchases."""
        return self._change(request, chosen(self, request, queryset), CANCEL)

    @action(description="Settle now", permissions=["write"], icon="sell")  # type: ignore[untyped-decorator]
    def settle_one(self, request: HttpRequest, object_id: UUID) -> HttpResponse:
        """Sell what is left of this execution."""
        return self._change_one(request, object_id, SETTLE)

    @action(description="Cancel", permissions=["write"], icon="undo")  # type: ignore[untyped-decorator]
    def cancel_one(self, request: HttpRequest, object_id: UUID) -> HttpResponse:
        """Reverse this purchase."""
        return self._change_one(request, object_id, CANCEL)

    def _change_one(self, request: HttpRequest, object_id: UUID, how: _Change) -> HttpResponse:
        rows = Execution.objects.select_related("product")
        execution = get_object_or_404(rows, pk=object_id)
        page = reverse("admin:trading_execution_change", args=[execution.pk])
        return self._change(request, [execution], how, back=page) or redirect(page)

    def _change(
        self, request: HttpRequest, rows: list[Execution], how: _Change, *, back: str = ""
    ) -> HttpResponse | None:
        """Ask, then change one by one, each with its audit event."""
        if not rows:
            return None
        form = ReasonForm(request.POST if is_confirmed(request) else None) if how.asks_reason else None
        if not is_confirmed(request) or (form is not None and not form.is_valid()):
            question = Question(
                title=how.button,
                button=how.button,
                lines=[how.line],
                headers=("Execution", "Products", "State", "Cost"),
                rows=[_line(row) for row in rows],
                form=form,
                is_destructive=how.asks_reason,
                back=back,
                keys=[row.pk for row in rows],
            )
            return ask(self, request, question)
        facts: dict[str, Any] = {"actor": acting_user(request), "now": utc_now()}
        if form is not None:
            facts["reason"] = form.cleaned_data["reason"]
        decide(self, request, rows, lambda row: how.change(execution_id=row.pk, **facts), done=how.done)
        return None


def _line(row: Execution) -> tuple[object, ...]:
    cost = f"{row.expected_cost} {row.currency}"
    return (row.product.name, row.quantity, row.get_state_display(), cost)


def _document(data: object) -> SafeString:
    text = json.dumps(data, indent=2, ensure_ascii=False)
    return format_html('<pre class="whitespace-pre-wrap">{}</pre>', text)
