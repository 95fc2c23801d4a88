"""Filters of the article list."""

from typing import Any

import django_filters
from django.db.models import QuerySet

from catalog.choices import Category, ProductType
from catalog.models import Product
from common.api.filters import TrueOrFalse

_ORDERABLE = ("name", "set_code", "released_on", "created_at", "updated_at")


class StableOrdering(django_filters.OrderingFilter):  # type: ignore[misc]  # untyped
    """Orders by the asked columns and then by id, so that pages never overlap. Absent means by name."""

    def filter(self, qs: QuerySet[Product], value: Any) -> QuerySet[Product]:
        """Return the ordered queryset."""
        columns = [self.get_ordering_value(name) for name in value or ["name"]]
        return qs.order_by(*columns, "id")


class ProductFilter(django_filters.FilterSet):  # type: ignore[misc]  # untyped
    """Exact filters, a search over words and outside ids, and a stable order."""

    product_type = django_filters.ChoiceFilter(choices=ProductType.choices)
    category = django_filters.ChoiceFilter(choices=Category.choices)
    set_code = django_filters.CharFilter(method="filter_set_code", help_text="In any case.")
    sealed_kind = django_filters.CharFilter(help_text="booster_box, deck, bundle, …")
    is_active = TrueOrFalse(help_text="Default true: articles taken out of use are hidden.")
    is_featured = TrueOrFalse()
    is_demo = TrueOrFalse()
    search = django_filters.CharFilter(
        method="filter_search",
        max_length=200,
        help_text="Beginnings of words of name, set and number, or an outside id, also as `source:id`.",
    )
    ordering = StableOrdering(fields=_ORDERABLE)

    class Meta:
        model = Product
        fields = (
            "product_type",
            "category",
            "set_code",
            "sealed_kind",
            "is_active",
            "is_featured",
            "is_demo",
        )

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        given = data.copy() if data is not None else {}
        given.setdefault("is_active", "true")
        super().__init__(given, *args, **kwargs)

    def filter_set_code(self, queryset: QuerySet[Product], name: str, value: str) -> QuerySet[Product]:
        """Keep one set; codes are stored in upper case."""
        return queryset.filter(set_code=value.upper())

    def filter_search(self, queryset: Any, name: str, value: str) -> QuerySet[Product]:
        """Keep what the search finds."""
        found: QuerySet[Product] = queryset.search(value)
        return found
