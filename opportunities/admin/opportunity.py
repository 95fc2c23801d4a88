"""Opportunities for staff: figures to read, and decisions that ask first and are recorded."""

from collections.abc import Callable
from typing import Any, ClassVar, Final, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import RangeNumericFilter
from unfold.decorators import display

from common.admin.base import BoundedPaginator
from common.admin.confirming import Question, ReasonForm, ask, chosen, decide, is_confirmed
from common.clock import utc_now
from opportunities.choices import OpportunityStatus, RiskLevel
from opportunities.models import Opportunity
from opportunities.services import (
    Revalidation,
    dismiss_opportunity,
    expire_opportunity,
    request_analysis,
    revalidate_opportunity,
)
from opportunities.services.changing import change_opportunity
from users.choices import Role
from users.models import User

from .panels import contents_panel, flags_text, score_panel, timeline_panel, waterfall_panel

Close = Callable[..., Opportunity]
MOST_REVALIDATED: Final = 25
ANY_VERSION: Final = None
RISK_COLOURS: Final = {
    RiskLevel.LOW.label: "success", RiskLevel.MEDIUM.label: "warning", RiskLevel.HIGH.label: "danger"
}  # fmt: skip
STATUS_COLOURS: Final = {
    "Active": "success",
    "To review": "warning",
    "Executed": "info",
    "Cancelled": "danger",
}
_HEADERS: Final = ("Product", "Status", "Net profit", "Margin")


def staff(request: HttpRequest) -> User:
    """Return the member of staff behind a request; the admin lets nobody else through."""
    return cast(User, request.user)


@admin.register(Opportunity)
class OpportunityAdmin(ModelAdmin):  # type: ignore[misc]  # untyped
    """Opportunities, best first. Every figure is the analysis's and cannot be changed."""

    closing_role: ClassVar[str] = Role.TRADER
    list_display = (
        "named", "cost", "profit", "margin", "confidence", "risk", "state", "expires_at",
    )  # fmt: skip
    list_filter = (
        "status", "risk_level", "needs_review", "kind", "sealed_product__category",
        ("margin_percentage", RangeNumericFilter), ("confidence_score", RangeNumericFilter), "buy_source",
    )  # fmt: skip
    list_filter_submit = True
    paginator = BoundedPaginator
    list_select_related = ("sealed_product", "buy_source")
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("sealed_product__name", "sealed_product__set_name", "sealed_product__set_code")
    search_help_text = "Name or set of the product"
    ordering = ("-rank_score", "-net_profit", "created_at", "id")
    actions = ("revalidate_selected", "review_selected", "expire_selected", "dismiss_selected")
    fieldsets = (
        (None, {"fields": ("sealed_product", "status", "closed_reason", "flags_in_words", "needs_review")}),
        (
            "Figures",
            {
                "fields": (
                    "currency", "sealed_price", "total_cost", "gross_singles_value", "singles_value",
                    "net_profit",
                    "margin_percentage", "naive_margin_percentage", "coverage", "lines_counted",
                    "probability_of_profit", "standard_deviation", "waterfall",
                )
            },
        ),
        ("Score", {"fields": ("confidence_score", "risk_level", "rank_score", "competition_level", "score")}),
        ("Contents", {"fields": ("contents",)}),
        ("Timeline", {"fields": ("timeline",)}),
        (
            "Provenance",
            {
                "fields": (
                    "kind", "policy", "buy_source", "sell_source", "fee_schedule", "contents_version",
                    "algorithm_version", "seller_count", "oldest_price_at", "detected_count", "opened_at",
                    "alerted_at", "expires_at", "closed_at", "executed_at", "execution_quantity",
                    "execution_notes", "created_at", "updated_at",
                )
            },
        ),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Opportunity]:
        rows: QuerySet[Opportunity] = super().get_queryset(request)
        is_list = request.resolver_match is not None and "object_id" not in request.resolver_match.kwargs
        return rows.defer("inputs", "factors", "distribution") if is_list else rows

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return the opportunity, knowing who reads it: its timeline names people."""
        row = super().get_object(request, object_id, from_field)
        if row is not None:
            row.reader = request.user
        return row

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_close_permission(self, request: HttpRequest) -> bool:
        """Return whether the user may expire and dismiss."""
        return self.has_view_permission(request) and staff(request).has_role(self.closing_role)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("flags_in_words", "waterfall", "score", "contents", "timeline")

    @admin.display(description="flags")
    def flags_in_words(self, row: Opportunity) -> str:
        return flags_text(row)

    @admin.display(description="why this score")
    def score(self, row: Opportunity) -> SafeString:
        return score_panel(row)

    @admin.display(description="what is inside")
    def contents(self, row: Opportunity) -> SafeString:
        return contents_panel(row)

    @admin.display(description="from value to profit")
    def waterfall(self, row: Opportunity) -> SafeString:
        return waterfall_panel(row)

    @display(description="Product", ordering="sealed_product__name", header=True)  # type: ignore[untyped-decorator]
    def named(self, row: Opportunity) -> tuple[str, str]:
        product = row.sealed_product
        return product.name, f"{product.get_category_display()}, {row.buy_source.code}"

    @display(description="Cost", ordering="total_cost")  # type: ignore[untyped-decorator]
    def cost(self, row: Opportunity) -> str:
        return f"{row.total_cost:,} {row.currency}"

    @display(description="Net profit", ordering="net_profit")  # type: ignore[untyped-decorator]
    def profit(self, row: Opportunity) -> str:
        return f"{row.net_profit:+,} {row.currency}"

    @display(description="Margin", ordering="margin_percentage")  # type: ignore[untyped-decorator]
    def margin(self, row: Opportunity) -> str:
        return f"{row.margin_percentage:,}\N{NO-BREAK SPACE}%"

    @display(description="Confidence", ordering="confidence_score")  # type: ignore[untyped-decorator]
    def confidence(self, row: Opportunity) -> str:
        return str(row.confidence_score)

    @display(description="Risk", ordering="risk_level", label=RISK_COLOURS)  # type: ignore[untyped-decorator]
    def risk(self, row: Opportunity) -> str:
        return row.get_risk_level_display()

    @display(description="Status", ordering="status", label=STATUS_COLOURS)  # type: ignore[untyped-decorator]
    def state(self, row: Opportunity) -> str:
        return (
            "To review"
            if row.needs_review and row.status == OpportunityStatus.ACTIVE
            else row.get_status_display()
        )

    @admin.display(description="what happened")
    def timeline(self, row: Opportunity) -> SafeString:
        return timeline_panel(row, reader=getattr(row, "reader", None))

    @admin.action(description="Re-validate: do the figures still hold?")
    def revalidate_selected(
        self, request: HttpRequest, queryset: QuerySet[Opportunity]
    ) -> TemplateResponse | None:
        """Compute the figures of the selected opportunities afresh and show what moved; write nothing."""
        rows = chosen(self, request, queryset.select_related("sealed_product"), most=MOST_REVALIDATED)
        if not rows:
            return None
        now = utc_now()
        found = [revalidate_opportunity(opportunity_id=row.pk, now=now) for row in rows]
        may_ask = self.has_close_permission(request)
        if is_confirmed(request):
            if may_ask:
                self._analyse_again(request, rows)
            return None
        question = Question(
            title=f"Figures of {now:%Y-%m-%d %H:%M:%S} UTC",
            button="Analyse all products again" if may_ask else "Back to the list",
            lines=["Nothing was changed. An analysis stores the fresh figures and expires what is gone."],
            headers=("Product", "Result", "Profit then", "Profit now", "Why"),
            rows=[_revalidated(one) for one in found],
            keys=[row.pk for row in rows],
        )
        return ask(self, request, question)

    def _analyse_again(self, request: HttpRequest, rows: list[Opportunity]) -> None:
        """Ask for an analysis; it looks at everything, which takes seconds."""
        request_analysis(actor=staff(request), now=utc_now())
        self.message_user(request, f"An analysis was asked for ({len(rows)} selected).", messages.SUCCESS)

    @admin.action(description="Reviewed: the figures are right…", permissions=["close"])
    def review_selected(
        self, request: HttpRequest, queryset: QuerySet[Opportunity]
    ) -> TemplateResponse | None:
        """Say of the ones that wait for a review that their figures are right."""
        rows = chosen(self, request, queryset.filter(needs_review=True).select_related("sealed_product"))
        if not rows:
            return None
        if not is_confirmed(request):
            question = Question(
                title="Reviewed and found right",
                button="The figures are right",
                lines=["They are listed and alerted like any other from now on. Margins this high are "
                       "usually wrong prices: look at the product's price and its dearest cards first."],
                headers=_HEADERS,
                rows=[_row(row) for row in rows],
                keys=[row.pk for row in rows],
            )  # fmt: skip
            return ask(self, request, question)
        actor, now = staff(request), utc_now()
        decide(
            self,
            request,
            rows,
            lambda row: change_opportunity(
                opportunity_id=row.pk,
                changes={"needs_review": False},
                expected=ANY_VERSION,
                actor=actor,
                now=now,
            ),
            done="{count} opportunities reviewed.",
            name=lambda row: row.sealed_product.name,
        )
        return None

    @admin.action(description="Expire: it does not hold any more…", permissions=["close"])
    def expire_selected(
        self, request: HttpRequest, queryset: QuerySet[Opportunity]
    ) -> TemplateResponse | None:
        """Expire the selected opportunities; the next analysis may open them again."""
        return self._close(request, queryset, expire_opportunity, "Expire")

    @admin.action(description="Dismiss: do not offer it for some days…", permissions=["close"])
    def dismiss_selected(
        self, request: HttpRequest, queryset: QuerySet[Opportunity]
    ) -> TemplateResponse | None:
        """Dismiss the selected opportunities."""
        return self._close(request, queryset, dismiss_opportunity, "Dismiss")

    def _close(
        self, request: HttpRequest, queryset: QuerySet[Opportunity], close: Close, word: str
    ) -> TemplateResponse | None:
        """Ask for a reason, then close one by one, each with its audit event."""
        rows = chosen(self, request, queryset.select_related("sealed_product"))
        if not rows:
            return None
        form = ReasonForm(request.POST if is_confirmed(request) else None)
        if not form.is_valid():
            question = Question(
                title=f"{word} {len(rows)} opportunit{'ies' if len(rows) > 1 else 'y'}",
                button=word,
                headers=_HEADERS,
                rows=[_row(row) for row in rows],
                form=form,
                is_destructive=True,
                keys=[row.pk for row in rows],
            )
            return ask(self, request, question)
        reason, actor, now = form.cleaned_data["reason"], staff(request), utc_now()
        decide(
            self,
            request,
            rows,
            lambda row: close(opportunity_id=row.pk, reason=reason, actor=actor, now=now),
            done="{count} opportunities closed.",
            name=lambda row: row.sealed_product.name,
        )
        return None


def _row(row: Opportunity) -> tuple[object, ...]:
    return (
        row.sealed_product.name, row.get_status_display(), f"{row.net_profit:,} {row.currency}",
        f"{row.margin_percentage:,} %",
    )  # fmt: skip


def _revalidated(found: Revalidation) -> tuple[object, ...]:
    row = found.opportunity
    fresh = "–" if found.fresh is None else f"{found.fresh.net_profit:,} {row.currency}"
    reasons = " ".join(reason.detail for reason in found.reasons) or "The same figures."
    return row.sealed_product.name, found.status, f"{found.shown.net_profit:,} {row.currency}", fresh, reasons
