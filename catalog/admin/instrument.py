"""Instruments of the live markets: made by what is quoted, never typed in."""

from django.contrib import admin

from catalog.models import Instrument

from .base import ReadOnlyAdmin


@admin.register(Instrument)
class InstrumentAdmin(ReadOnlyAdmin):
    list_display = ("symbol", "kind", "base", "quote", "denomination", "region", "created_at")
    list_filter = ("kind", "quote", "region")
    search_fields = ("symbol", "base")
    ordering = ("symbol",)
