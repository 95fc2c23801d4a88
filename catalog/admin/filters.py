"""Filters of the catalogue's lists."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from catalog.models import Product, ProductIdentifier

_YES_NO = [("yes", "Yes"), ("no", "No")]


class OutsideIdsFilter(admin.SimpleListFilter):
    """Articles that any source knows by an id; only those get prices."""

    title, parameter_name = "has outside ids", "outside_ids"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return _YES_NO

    def queryset(self, request: HttpRequest, queryset: QuerySet[Product]) -> QuerySet[Product]:
        if self.value() not in ("yes", "no"):
            return queryset
        known = (
            Exists(ProductIdentifier.objects.filter(product=OuterRef("pk")))
            | Q(tcg_product_id__isnull=False)
            | ~Q(ebay_product_id="")
            | ~Q(amazon_asin="")
        )
        return queryset.filter(known) if self.value() == "yes" else queryset.exclude(known)
