"""The ledger for staff: to read. The database itself refuses changes."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import RangeDateTimeFilter

from common.admin.base import BoundedRoleAdmin, RoleReadOnlyAdmin
from trading.models import LedgerPosting

from .execution import entries_of


@admin.register(LedgerPosting)
class LedgerPostingAdmin(RoleReadOnlyAdmin, BoundedRoleAdmin):
    """Postings, newest first."""

    list_display = ("posted_at", "description", "amounts", "execution", "spread_execution", "key")
    list_filter = (("posted_at", RangeDateTimeFilter),)
    list_filter_submit = True
    list_select_related = ("execution", "spread_execution")
    search_fields = ("key__startswith", "description__icontains")
    search_help_text = "Beginning of a key (buy:, sale:, settle:, cancel:, leg:), or words of the description"
    ordering = ("-posted_at", "-id")
    fields = ("posted_at", "description", "amounts", "execution", "spread_execution", "key")
    readonly_fields = ("amounts",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[LedgerPosting]:
        postings: QuerySet[LedgerPosting] = super().get_queryset(request)
        return postings.prefetch_related("entries")

    @admin.display(description="Entries (debit +)")
    def amounts(self, posting: LedgerPosting) -> SafeString:
        return entries_of(posting)
