"""Venues."""

from django.contrib import admin

from catalog.models import Venue

from .base import CatalogueAdmin


@admin.register(Venue)
class VenueAdmin(CatalogueAdmin):
    list_display = ("name", "code", "kind", "region", "currency", "is_enabled")
    list_filter = ("kind", "is_enabled", "currency")
    search_fields = ("name", "code")
    ordering = ("name",)
    show_full_result_count = True
