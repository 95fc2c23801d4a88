"""Held prices: look at the evidence, release or reject."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from unfold.decorators import display

from common.admin.base import BoundedPaginator
from common.admin.confirming import Question, ask, chosen, decide, is_confirmed
from common.admin.filters import DayRangeFilter
from common.clock import utc_now
from pricing.choices import QuarantineReason, QuarantineStatus
from pricing.models import QuarantinedPrice
from pricing.services import reject_price, release_price
from users.choices import Role

from .base import RoleAdmin, staff

Decide = Callable[..., QuarantinedPrice]
STATUS_COLOURS: Final = {
    QuarantineStatus.HELD.label: "warning",
    QuarantineStatus.RELEASED.label: "success",
    QuarantineStatus.REJECTED.label: "danger",
}
FIGURES: Final = {
    "market": "market price", "low": "lowest offer", "mid": "median offer", "avg": "average",
    "avg7": "7-day average", "avg30": "30-day average", "median_7_days": "median of 7 days",
    "median_30_days": "median of 30 days", "points": "prices in it",
    "median_of_peers": "median of other sources",
    "peers": "other sources", "newest": "newest price", "confirmed_by": "confirmed by",
    "confirmed_with": "confirmed with", "said": "reason given",
}  # fmt: skip
"""Names of the evidence in words; a gate's new figure is shown under its own name."""


def figures_in_words(evidence: dict[str, object]) -> str:
    """Return the figures a price was compared with, in words."""
    return ", ".join(
        f"{FIGURES.get(name, name.replace('_', ' '))} {value}" for name, value in sorted(evidence.items())
    )


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
        "named",
        "offered",
        "reason_names",
        "compared_with",
        "recorded_at",
        "state",
    )
    list_filter = (
        "status", ReasonFilter, "source", "product__category", ("recorded_at", DayRangeFilter)
    )  # fmt: skip
    list_filter_submit = True
    paginator = BoundedPaginator
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
        return figures_in_words(held.evidence) or "–"

    @display(description="Product", ordering="product__name", header=True)  # type: ignore[untyped-decorator]
    def named(self, held: QuarantinedPrice) -> tuple[str, str]:
        return held.product.name, held.source.code

    @display(description="Price", ordering="price", header=True)  # type: ignore[untyped-decorator]
    def offered(self, held: QuarantinedPrice) -> tuple[str, str]:
        variant = held.variant
        kind = f"{variant.get_price_type_display()}, {variant.get_finish_display().lower()}"
        return f"{held.price:,} {variant.currency}", kind

    @display(description="Status", ordering="status", label=STATUS_COLOURS)  # type: ignore[untyped-decorator]
    def state(self, held: QuarantinedPrice) -> str:
        return held.get_status_display()

    @admin.action(description="Release: the price is right, use it…", permissions=["change"])
    def release_selected(
        self, request: HttpRequest, queryset: QuerySet[QuarantinedPrice]
    ) -> HttpResponse | None:
        """Release every selected price."""
        line = (
            "They enter history, become the current price where none is newer, and speak for near prices of "
            "the next two weeks."
        )
        return self._decide(request, queryset, release_price, "Release", line)

    @admin.action(description="Reject: the price is wrong…", permissions=["change"])
    def reject_selected(
        self, request: HttpRequest, queryset: QuerySet[QuarantinedPrice]
    ) -> HttpResponse | None:
        """Reject every selected price."""
        line = "They are used by nothing, for good, and are not read again."
        return self._decide(request, queryset, reject_price, "Reject", line)

    def _decide(
        self, request: HttpRequest, queryset: QuerySet[QuarantinedPrice], change: Decide, word: str, line: str
    ) -> HttpResponse | None:
        rows = chosen(self, request, queryset.select_related("product", "source", "variant"))
        if not rows:
            return None
        if not is_confirmed(request):
            question = Question(
                title=f"{word} {len(rows)} price{'s' if len(rows) > 1 else ''}",
                button=word,
                lines=[line],
                headers=("Product", "Price", "Now", "Held because", "Compared with"),
                rows=[
                    (row.product, f"{row.price:,} {row.variant.currency}", row.get_status_display(),
                     self.reason_names(row), self.compared_with(row))
                    for row in rows
                ],
                is_destructive=word == "Reject",
                keys=[row.pk for row in rows],
            )  # fmt: skip
            return ask(self, request, question)
        actor, now = staff(request), utc_now()
        decide(
            self,
            request,
            rows,
            lambda row: change(quarantined_id=row.pk, actor=actor, now=now),
            done=f"{{count}} prices {word.lower()}{'d' if word.endswith('e') else 'ed'}.",
            name=lambda row: row.product,
        )
        return None
