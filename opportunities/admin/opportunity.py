"""Opportunities for staff: figures to read, and two decisions (expire, dismiss) that ask for a reason."""

from collections.abc import Callable
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import RangeNumericFilter
from unfold.widgets import UnfoldAdminTextInputWidget

from common.clock import utc_now
from opportunities.errors import OpportunityClosed, OpportunityNotFound
from opportunities.models import Opportunity
from opportunities.services import dismiss_opportunity, expire_opportunity
from users.choices import Role
from users.models import User

from .panels import contents_panel, flags_text, score_panel, waterfall_panel

Close = Callable[..., Opportunity]
_MOST = 500


def staff(request: HttpRequest) -> User:
    """Return the member of staff behind a request; the admin lets nobody else through."""
    return cast(User, request.user)


class ReasonForm(forms.Form):
    """Why opportunities are closed; it is kept on the row and in the audit trail."""

    reason = forms.CharField(max_length=200, widget=UnfoldAdminTextInputWidget, label="Reason")


@admin.register(Opportunity)
class OpportunityAdmin(ModelAdmin):  # type: ignore[misc]  # untyped
    """Opportunities, best first. Every figure is the analysis's and cannot be changed."""

    closing_role: ClassVar[str] = Role.TRADER
    list_display = (
        "sealed_product", "game", "buy_source", "total_cost", "net_profit", "currency", "margin_percentage",
        "confidence_score", "risk_level", "needs_review", "status", "expires_at",
    )  # fmt: skip
    list_filter = (
        "status", "risk_level", "needs_review", "kind", "sealed_product__category",
        ("margin_percentage", RangeNumericFilter), ("confidence_score", RangeNumericFilter), "buy_source",
    )  # fmt: skip
    list_filter_submit = True
    list_select_related = ("sealed_product", "buy_source")
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("sealed_product__name", "sealed_product__set_name", "sealed_product__set_code")
    search_help_text = "Name or set of the product"
    ordering = ("-rank_score", "-net_profit", "created_at", "id")
    actions = ("expire_selected", "dismiss_selected")
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
        return ("flags_in_words", "waterfall", "score", "contents")

    @admin.display(description="game", ordering="sealed_product__category")
    def game(self, row: Opportunity) -> str:
        return row.sealed_product.get_category_display()

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

    @admin.action(description="Expire: it does not hold any more", permissions=["close"])
    def expire_selected(
        self, request: HttpRequest, queryset: QuerySet[Opportunity]
    ) -> TemplateResponse | None:
        """Expire the selected opportunities; the next analysis may open them again."""
        return self._close(request, queryset, expire_opportunity, "expire")

    @admin.action(description="Dismiss: do not offer it for some days", permissions=["close"])
    def dismiss_selected(
        self, request: HttpRequest, queryset: QuerySet[Opportunity]
    ) -> TemplateResponse | None:
        """Dismiss the selected opportunities."""
        return self._close(request, queryset, dismiss_opportunity, "dismiss")

    def _close(
        self, request: HttpRequest, queryset: QuerySet[Opportunity], close: Close, word: str
    ) -> TemplateResponse | None:
        """Ask for a reason, then close one by one, each with its audit event."""
        form = ReasonForm(request.POST if "apply" in request.POST else None)
        chosen = Opportunity.objects.filter(pk__in=queryset.order_by().values("pk"))
        named = chosen.select_related("sealed_product").only("id", "sealed_product__name").order_by("id")
        rows = list(named[: _MOST + 1])
        if len(rows) > _MOST:
            self.message_user(request, f"Select at most {_MOST} opportunities.", messages.ERROR)
            return None
        if not form.is_valid():
            return self._ask(request, rows, form, word)
        done, now = 0, utc_now()
        for row in rows:
            try:
                close(
                    opportunity_id=row.pk, reason=form.cleaned_data["reason"], actor=staff(request), now=now
                )
            except (OpportunityClosed, OpportunityNotFound) as error:
                self.message_user(request, f"{row.sealed_product.name}: {error.detail}", messages.WARNING)
            else:
                done += 1
        if done:
            self.message_user(request, f"{done} opportunities closed.", messages.SUCCESS)
        return None

    def _ask(
        self, request: HttpRequest, rows: list[Opportunity], form: ReasonForm, word: str
    ) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": f"{word.capitalize()} {len(rows)} opportunities",
            "opts": self.model._meta,
            "form": form,
            "rows": rows,
            "action": request.POST["action"],
            "word": word,
            "checkbox_name": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/opportunities/close.html", context)
