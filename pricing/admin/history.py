"""Sources, batches and the price history, read-only where they are evidence."""

from datetime import UTC, datetime, time
from typing import Any, ClassVar, Final
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from catalog.choices import Finish
from catalog.models import Product, ProductIdentifier
from common.admin.confirming import Question, ReasonForm, ask, decide, is_confirmed
from common.admin.filters import DayRangeFilter
from common.clock import utc_now
from pricing.choices import Condition, ConfidenceLevel, PriceType
from pricing.errors import PriceNotStored
from pricing.models import PriceBatch, PriceHistory, PriceSource
from pricing.partitions import add_months, existing_months
from pricing.selectors import record_key
from pricing.services import mark_outlier
from pricing.services.outliers import PriceKey
from users.choices import Role

from .base import MAX_LISTED, BoundedPaginator, ReadOnlyAdmin, RoleAdmin, staff

PRODUCTS_SEARCHED: Final = 50
MOST_TAKEN_OUT: Final = 50


class _ColumnFilter(admin.SimpleListFilter):
    """A filter with fixed choices: Django's own would read the distinct values out of the whole history."""

    options: ClassVar[list[tuple[str, str]]] = []

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return self.options

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(**{str(self.parameter_name): self.value()}) if self.value() else queryset


class SourceFilter(_ColumnFilter):
    title, parameter_name = "source", "source"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(code, code) for code in PriceSource.objects.order_by("code").values_list("code", flat=True)]


class PriceTypeFilter(_ColumnFilter):
    title, parameter_name, options = "price type", "price_type", PriceType.choices


class ConditionFilter(_ColumnFilter):
    title, parameter_name, options = "condition", "condition", Condition.choices


class FinishFilter(_ColumnFilter):
    title, parameter_name, options = "finish", "finish", Finish.choices


class MonthFilter(_ColumnFilter):
    """Prices of one month: the partitions are the date hierarchy, and only one of them is read."""

    title, parameter_name = "month", "month"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(f"{month:%Y-%m}", f"{month:%B %Y}") for month in reversed(existing_months())]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        month = next((one for one in existing_months() if f"{one:%Y-%m}" == self.value()), None)
        if month is None:
            return queryset
        first, end = (datetime.combine(day, time.min, tzinfo=UTC) for day in (month, add_months(month, 1)))
        return queryset.filter(recorded_at__gte=first, recorded_at__lt=end)


class TrustFilter(_ColumnFilter):
    """Prices by how far their batch is trusted."""

    title, parameter_name, options = "trust", "confidence_level", ConfidenceLevel.choices


@admin.register(PriceHistory)
class PriceHistoryAdmin(ReadOnlyAdmin):
    """Stored prices in the order of their key; found by product, never counted whole."""

    write_role = Role.ANALYST
    list_display = (
        "product", "source", "price_type", "finish", "condition", "amount", "trust", "route", "recorded_at",
    )  # fmt: skip
    list_filter = (
        SourceFilter, MonthFilter, ("recorded_at", DayRangeFilter), PriceTypeFilter, ConditionFilter,
        FinishFilter, TrustFilter,
    )  # fmt: skip
    list_filter_submit = True
    actions = ("take_out_selected",)
    list_select_related = ("product",)
    list_per_page = 100
    search_fields = ("product__id",)
    search_help_text = (
        f"Product id, source:external id, or part of a name. At most {MAX_LISTED} prices are listed."
    )
    show_full_result_count = False
    paginator = BoundedPaginator

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """Return the order of the primary key, which every partition has as an index."""
        return ("product_key", "source_id", "variant_id", "-recorded_at")

    def get_sortable_by(self, request: HttpRequest) -> tuple[str, ...]:
        """Return nothing: another order would sort the whole history."""
        return ()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[PriceHistory], search_term: str
    ) -> tuple[QuerySet[PriceHistory], bool]:
        """Find the products first and then their prices."""
        term = search_term.strip()
        return (queryset.filter(product_key__in=_product_keys(term)) if term else queryset), False

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> PriceHistory | None:
        """Return one price by the key its id encodes."""
        try:
            key = record_key(UUID(object_id))
        except ValueError:
            return None
        if key is None:
            return None
        names = ("product_key", "source_id", "variant_id", "recorded_at")
        return (
            PriceHistory.objects.select_related("product")
            .filter(**dict(zip(names, key, strict=True)))
            .first()
        )

    @admin.display(description="Price")
    def amount(self, row: PriceHistory) -> str:
        return f"{row.price:,} {row.currency}"

    @admin.display(description="Trust")
    def trust(self, row: PriceHistory) -> str:
        return f"{row.confidence_level}, {row.data_source_quality}"

    @admin.action(description="Mark as outlier…", permissions=["write"])
    def take_out_selected(
        self, request: HttpRequest, queryset: QuerySet[PriceHistory]
    ) -> HttpResponse | None:
        """Take the selected prices out of history, for a reason; they stay as rejected evidence."""
        # Looked up by the key their id encodes: filtering by the computed id would read all of history.
        keys = request.POST.getlist(ACTION_CHECKBOX_NAME)[: MOST_TAKEN_OUT + 1]
        found = {key: self.get_object(request, key) for key in keys}
        rows = {key: row for key, row in found.items() if row is not None}
        if len(keys) > MOST_TAKEN_OUT or request.POST.get("select_across") == "1":
            self.message_user(
                request, f"Select at most {MOST_TAKEN_OUT}; nothing was changed.", messages.ERROR
            )
            return None
        if not rows:
            self.message_user(request, "None of these prices is in history.", messages.WARNING)
            return None
        form = ReasonForm(request.POST if is_confirmed(request) else None)
        if not form.is_valid():
            return ask(self, request, _question(list(rows.values()), form))
        reason, actor, now = form.cleaned_data["reason"], staff(request), utc_now()
        decide(
            self,
            request,
            rows,
            lambda key: mark_outlier(_key(key), reason=reason, actor=actor, now=now),
            done="{count} prices were taken out of history.",
            name=lambda key: rows[key].product,
        )
        return None


def _key(identifier: str) -> PriceKey:
    key = record_key(UUID(identifier))
    if key is None:
        raise PriceNotStored
    return key


def _question(rows: list[PriceHistory], form: ReasonForm) -> Question:
    return Question(
        title=f"Mark {len(rows)} price{'s' if len(rows) > 1 else ''} as outlier",
        button="Take out of history",
        lines=[
            "They leave history and are kept among the rejected quarantined prices. Where one is the current "
            "price, the newest one left takes its place. This cannot be undone here."
        ],
        headers=("Product", "Source", "Price", "Kind", "Observed"),
        rows=[
            (row.product, row.source, f"{row.price:,} {row.currency}",
             f"{row.price_type}, {row.finish}, {row.condition}", row.recorded_at)
            for row in rows
        ],
        form=form,
        is_destructive=True,
        keys=[row.pk for row in rows],
    )  # fmt: skip


def _product_keys(term: str) -> list[int]:
    products = Product.objects.values_list("key", flat=True)
    source, colon, external_id = term.partition(":")
    if colon:
        found = ProductIdentifier.objects.filter(source=source.lower(), external_id=external_id.strip())
        return list(found.values_list("product__key", flat=True)[:PRODUCTS_SEARCHED])
    try:
        return list(products.filter(pk=UUID(term)))
    except ValueError:
        return list(products.filter(name__icontains=term).order_by("name", "key")[:PRODUCTS_SEARCHED])


@admin.register(PriceBatch)
class PriceBatchAdmin(ReadOnlyAdmin):
    """What each import did."""

    list_display = (
        "recorded_at", "source", "route", "parser", "prices_read", "prices_stored", "prices_known",
        "prices_quarantined", "data_source_quality", "fetched_at",
    )  # fmt: skip
    list_filter = ("source", "route", "confidence_level", ("recorded_at", DayRangeFilter))
    list_filter_submit = True
    paginator = BoundedPaginator
    list_select_related = ("source",)
    search_fields = ("source_url", "content_sha256")
    ordering = ("-id",)
    show_full_result_count = False


@admin.register(PriceSource)
class PriceSourceAdmin(RoleAdmin):
    """Where prices come from. What its stored prices mean is fixed once it exists."""

    list_display = (
        "code",
        "venue",
        "currency",
        "identifier_source",
        "market_price_type",
        "is_reference",
        "is_enabled",
    )
    list_filter = ("is_enabled", "is_reference")
    list_select_related = ("venue",)
    search_fields = ("code", "venue__name")
    ordering = ("code",)

    def get_readonly_fields(self, request: HttpRequest, obj: PriceSource | None = None) -> tuple[str, ...]:
        """Return the fields that stored prices depend on."""
        return ("code", "venue", "currency", "identifier_source", "market_price_type") if obj else ()
