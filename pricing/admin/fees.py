"""Fee schedules and exchange rates: new versions instead of edits."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest

from common.clock import utc_now
from pricing.errors import FeeScheduleRefused, FxRateRefused
from pricing.models import FeeSchedule, FxRate
from pricing.rates import NewRate
from pricing.services import check_rate, clone_fee_schedule, record_fx_rates, save_fee_schedule

from .base import RoleAdmin, staff


class ValidTodayFilter(admin.SimpleListFilter):
    """Schedules that apply today."""

    title, parameter_name = "valid today", "valid_today"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Yes")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[FeeSchedule]) -> QuerySet[FeeSchedule]:
        if not self.value():
            return queryset
        today = utc_now().date()
        return queryset.filter(valid_from__lte=today).exclude(valid_to__lte=today)


@admin.register(FeeSchedule)
class FeeScheduleAdmin(RoleAdmin):
    """Dated versions. One that has begun is only shown; clone it, and edit the clone until its first day."""

    list_display = (
        "venue",
        "programme",
        "category",
        "version",
        "valid_from",
        "valid_to",
        "currency",
        "verified_on",
    )
    list_filter = (ValidTodayFilter, "venue", "programme")
    list_select_related = ("venue",)
    search_fields = ("venue__name", "programme", "note")
    ordering = ("venue__name", "programme", "category", "-version")
    actions = ("clone_selected",)
    exclude = ("version",)
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Allow changes to what has not begun."""
        has_begun = isinstance(obj, FeeSchedule) and obj.valid_from <= utc_now().date()
        return super().has_change_permission(request, obj) and not has_begun

    def save_model(
        self, request: HttpRequest, obj: FeeSchedule, form: "forms.ModelForm[Any]", change: bool
    ) -> None:
        """Store through the service, as the next version when it is new."""
        if not change:
            newest = obj.siblings().aggregate(newest=models.Max("version"))["newest"]
            obj.version = (newest or 0) + 1
        save_fee_schedule(obj, actor=staff(request), now=utc_now())

    @admin.action(description="Clone as new version from tomorrow", permissions=["change"])
    def clone_selected(self, request: HttpRequest, queryset: QuerySet[FeeSchedule]) -> None:
        """Make the next version of every selected schedule, to be edited before tomorrow."""
        now = utc_now()
        for schedule in queryset.order_by("id"):
            try:
                clone = clone_fee_schedule(
                    schedule, valid_from=(now + timedelta(days=1)).date(), actor=staff(request), now=now
                )
            except FeeScheduleRefused as error:
                self.message_user(request, f"{schedule}: {error.detail}", messages.ERROR)
            else:
                self.message_user(request, f"{clone} begins on {clone.valid_from}; edit it until then.")


class FxRateForm(forms.ModelForm):  # type: ignore[type-arg] # not generic at run time
    """A rate that can be meant."""

    class Meta:
        model = FxRate
        fields = ("base", "quote", "bid", "ask", "source", "observed_at")

    def clean(self) -> dict[str, Any]:
        """Refuse what the service would refuse."""
        values = super().clean() or {}
        if not self.errors:
            try:
                check_rate(NewRate(**values), now=utc_now())
            except FxRateRefused as error:
                raise ValidationError(error.detail) from error
        return values


@admin.register(FxRate)
class FxRateAdmin(RoleAdmin):
    """Observed rates: added, never changed."""

    form = FxRateForm
    list_display = ("base", "quote", "bid", "ask", "source", "observed_at")
    list_filter = ("base", "quote", "source")
    ordering = ("-observed_at", "base", "quote")
    show_full_result_count = False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: FxRate, form: "forms.ModelForm[Any]", change: bool
    ) -> None:
        """Store through the service; a rate that is already there is left alone."""
        names = ("base", "quote", "bid", "ask", "source", "observed_at")
        rate = NewRate(**{name: getattr(obj, name) for name in names})
        record_fx_rates([rate], actor=staff(request), now=utc_now())
        obj.pk = FxRate.objects.get(
            **{name: getattr(obj, name) for name in ("base", "quote", "source", "observed_at")}
        ).pk
