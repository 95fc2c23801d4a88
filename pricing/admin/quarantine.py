"""Held prices: look at the evidence, release or reject."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from common.clock import utc_now
from pricing.choices import QuarantineReason
from pricing.errors import QuarantineDecided
from pricing.models import QuarantinedPrice
from pricing.services import reject_price, release_price
from users.choices import Role

from .base import RoleAdmin, staff

Decide = Callable[..., QuarantinedPrice]


class ReasonFilter(admin.SimpleListFilter):
    """Prices held for one reason, among others perhaps."""

    title, parameter_name = "reason", "reason"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return QuarantineReason.choices

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[QuarantinedPrice]
    ) -> QuerySet[QuarantinedPrice]:
        return queryset.filter(reasons__contains=[self.value()]) if self.value() else queryset


@admin.register(QuarantinedPrice)
class QuarantinedPriceAdmin(RoleAdmin):
    """Held prices, newest first. Decisions are actions; nothing else can be changed."""

    write_role = Role.ANALYST

    list_display = (
        "product",
        "source",
        "variant",
        "price",
        "reason_names",
        "compared_with",
        "recorded_at",
        "status",
    )
    list_filter = ("status", ReasonFilter, "source")
    list_select_related = ("product", "source", "variant")
    list_per_page = 50
    search_fields = ("product__name", "product__set_code")
    ordering = ("-recorded_at", "id")
    show_full_result_count = False
    actions = ("release_selected", "reject_selected")
    exclude = ("reasons", "evidence")
    readonly_fields = (
        "product",
        "source",
        "variant",
        "batch",
        "price",
        "reason_names",
        "compared_with",
        "seller_count",
        "available_quantity",
        "shipping_cost",
        "recorded_at",
        "status",
        "decided_by",
        "decided_at",
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description="reasons")
    def reason_names(self, held: QuarantinedPrice) -> str:
        """Return the reasons in words."""
        labels = dict(QuarantineReason.choices)
        return "; ".join(str(labels.get(reason, reason)) for reason in held.reasons)

    @admin.display(description="compared with")
    def compared_with(self, held: QuarantinedPrice) -> str:
        """Return the figures the price was compared with."""
        return ", ".join(f"{name} {value}" for name, value in sorted(held.evidence.items()))

    @admin.action(description="Release: the price is right, use it", permissions=["change"])
    def release_selected(self, request: HttpRequest, queryset: QuerySet[QuarantinedPrice]) -> None:
        """Release every selected price."""
        self._decide(request, queryset, release_price, "released")

    @admin.action(description="Reject: the price is wrong", permissions=["change"])
    def reject_selected(self, request: HttpRequest, queryset: QuerySet[QuarantinedPrice]) -> None:
        """Reject every selected price."""
        self._decide(request, queryset, reject_price, "rejected")

    def _decide(
        self, request: HttpRequest, queryset: QuerySet[QuarantinedPrice], decide: Decide, word: str
    ) -> None:
        done, now = 0, utc_now()
        for quarantined_id in queryset.order_by("id").values_list("id", flat=True):
            try:
                decide(quarantined_id=quarantined_id, actor=staff(request), now=now)
            except QuarantineDecided as error:
                self.message_user(request, error.detail, messages.WARNING)
            else:
                done += 1
        if done:
            self.message_user(request, f"{done} prices {word}.", messages.SUCCESS)
