"""What is inside what, line by line; staff load their lines from a file."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from catalog.models import Product, ProductSingle
from users.choices import Role

from .base import ReadOnlyAdmin
from .importing import ImportPage
from .mapping_import import ProductSingleResource


@admin.register(ProductSingle)
class ProductSingleAdmin(ImportPage, ReadOnlyAdmin):
    """The flattened mapping. Single lines are edited on their product's page, many in a file."""

    write_role: ClassVar[str] = Role.ANALYST
    resource_classes: ClassVar = [ProductSingleResource]
    list_display = (
        "sealed_product", "single_product", "quantity", "guaranteed", "finish", "slot", "pull_probability",
        "source",
    )  # fmt: skip
    list_filter = ("source", "guaranteed", "finish", "sealed_product__category")
    list_select_related = ("sealed_product", "single_product")
    search_fields = ("sealed_product__name",)
    search_help_text = "Beginnings of words of the name, set or number of the product or the card"
    ordering = ("sealed_product", "single_product", "id")
    sortable_by = ()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not search_term.strip():
            return queryset, False
        found = Product.objects.all().search(search_term).values("pk")
        return queryset.filter(sealed_product__in=found) | queryset.filter(single_product__in=found), False
