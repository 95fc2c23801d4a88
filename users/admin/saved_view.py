"""Saved views, to see what people look at; their owners change them."""

from django.contrib import admin

from common.admin.base import ReadOnlyAdmin
from users.models import SavedView


@admin.register(SavedView)
class SavedViewAdmin(ReadOnlyAdmin):
    """Named filters of the dashboard's pages."""

    list_display = ("name", "page", "user", "is_shared", "is_default", "updated_at")
    list_filter = ("page", "is_shared", "is_default")
    list_select_related = ("user",)
    search_fields = ("name", "user__username")
    ordering = ("user__username", "page", "name", "pk")
