"""What sources reported as sold, to look at."""

from django.contrib import admin

from common.admin.base import BoundedPaginator
from pricing.models import SaleRecord

from .base import ReadOnlyAdmin


@admin.register(SaleRecord)
class SaleRecordAdmin(ReadOnlyAdmin):
    """Listings and daily totals, newest first: evidence for volume, never prices."""

    list_display = (
        "product", "source", "sold_on", "units", "unit_price", "finish", "condition", "reference",
        "recorded_at",
    )  # fmt: skip
    list_filter = ("source", "finish", "condition")
    list_select_related = ("product", "source")
    list_per_page = 50
    show_full_result_count = False
    paginator = BoundedPaginator
    search_fields = ("product__name", "product__set_code", "=reference")
    search_help_text = "Product, set code, or the whole reference"
    ordering = ("-id",)
    sortable_by = ()
