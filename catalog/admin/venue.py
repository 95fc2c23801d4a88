"""Venues."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from catalog.models import Venue

from .base import CatalogueAdmin


@admin.register(Venue)
class VenueAdmin(CatalogueAdmin):
    list_display = ("name", "code", "kind", "region", "currency", "is_enabled")
    list_filter = ("kind", "is_enabled", "currency")
    search_fields = ("name", "code")
    ordering = ("name",)
    show_full_result_count = True

    def formfield_for_dbfield(
        self, db_field: "models.Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        if isinstance(db_field, models.URLField):
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)
