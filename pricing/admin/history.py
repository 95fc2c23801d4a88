"""Sources, batches and the price history, read-only where they are evidence."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from catalog.choices import Finish
from catalog.models import Product, ProductIdentifier
from pricing.choices import Condition, PriceType
from pricing.models import PriceBatch, PriceHistory, PriceSource
from pricing.selectors import record_key

from .base import MAX_LISTED, BoundedPaginator, ReadOnlyAdmin, RoleAdmin

PRODUCTS_SEARCHED = 50


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


@admin.register(PriceHistory)
class PriceHistoryAdmin(ReadOnlyAdmin):
    """Stored prices in the order of their key; found by product, never counted whole."""

    list_display = (
        "product",
        "source",
        "price_type",
        "finish",
        "condition",
        "price",
        "currency",
        "data_source_quality",
        "confidence_level",
        "route",
        "recorded_at",
    )
    list_filter = (SourceFilter, PriceTypeFilter, ConditionFilter, FinishFilter)
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
        "id",
        "source",
        "route",
        "data_source_quality",
        "confidence_level",
        "recorded_at",
        "fetched_at",
        "parser",
        "prices_read",
        "prices_stored",
        "prices_known",
        "prices_quarantined",
    )
    list_filter = ("source", "route", "confidence_level")
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
