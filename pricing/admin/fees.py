"""Fee schedules and exchange rates: new versions instead of edits."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from unfold.widgets import UnfoldAdminSingleDateWidget

from common.admin.confirming import Question, ask, chosen, decide, is_confirmed
from common.clock import utc_now
from pricing.errors import FxRateRefused
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


class BeginForm(forms.Form):
    """The first day of new versions."""

    valid_from = forms.DateField(label="Valid from", widget=UnfoldAdminSingleDateWidget)

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = now.date()
        self.fields["valid_from"].initial = self._today + timedelta(days=1)

    def clean_valid_from(self) -> date:
        """Refuse a day on which figures were computed already."""
        begins: date = self.cleaned_data["valid_from"]
        if begins <= self._today:
            raise ValidationError("A new version can only begin on a later day.")
        return begins


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

    @admin.action(description="Clone as new version…", permissions=["change"])
    def clone_selected(self, request: HttpRequest, queryset: QuerySet[FeeSchedule]) -> HttpResponse | None:
        """Make the next version of every selected schedule from a day on, to be edited before it begins."""
        rows = chosen(self, request, queryset.select_related("venue"))
        if not rows:
            return None
        now = utc_now()
        form = BeginForm(request.POST if is_confirmed(request) else None, now=now)
        if not form.is_valid():
            question = Question(
                title="Clone as new version",
                button="Clone",
                lines=["The chosen versions end on that day, their copies begin on it and can be edited "
                       "until then. Nothing that has begun is overwritten."],
                headers=("Venue", "Programme", "Version", "Valid from", "Valid to"),
                rows=[(row.venue, row.programme, row.version, row.valid_from, row.valid_to or "open")
                      for row in rows],
                form=form,
                keys=[row.pk for row in rows],
            )  # fmt: skip
            return ask(self, request, question)
        begins, actor = form.cleaned_data["valid_from"], staff(request)
        decide(
            self,
            request,
            rows,
            lambda row: clone_fee_schedule(row, valid_from=begins, actor=actor, now=now),
            done=f"{{count}} new versions begin on {begins}; edit them until then.",
        )
        return None


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
