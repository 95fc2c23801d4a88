"""Limits and kill switches for staff."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from common.admin.base import ReadOnlyInline, RoleAdmin, RoleReadOnlyAdmin, may_write
from common.admin.confirming import Question, ReasonForm, ask, chosen, decide, is_confirmed
from common.clock import utc_now
from common.errors import DomainError
from trading.choices import KillScope
from trading.models import ExposureLimit, ExposureUse, KillSwitch
from trading.services import add_limit, change_limit, engage_kill_switch, release_kill_switch
from users.acting import acting_user
from users.choices import Role


class ExposureUseInline(ReadOnlyInline):
    """How much of a limit is taken, newest day first."""

    model = ExposureUse
    fields = ("subject", "day", "used", "ceiling")
    readonly_fields = fields
    ordering = ("-day", "subject")
    show_change_link = False


@admin.register(ExposureLimit)
class ExposureLimitAdmin(RoleAdmin):
    """What may be at stake at once. Amount and activity can be changed; each change is audited."""

    list_display = ("scope", "subject_or_each", "period", "amount", "currency", "is_active", "updated_at")
    list_filter = ("scope", "period", "currency", "is_active")
    ordering = ("scope", "subject", "period", "currency", "id")
    inlines = (ExposureUseInline,)
    fields = ("scope", "subject", "period", "currency", "amount", "is_active", "updated_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep what a limit is about: another scope is another limit."""
        return ("updated_at",) if obj is None else ("scope", "subject", "period", "currency", "updated_at")

    def save_model(self, request: HttpRequest, obj: ExposureLimit, form: Any, change: bool) -> None:
        """Write through the service, which audits."""
        if not change:
            add_limit(obj, actor=acting_user(request), now=utc_now())
            return
        change_limit(
            limit_id=obj.pk,
            amount=obj.amount,
            is_active=obj.is_active,
            actor=acting_user(request),
            now=utc_now(),
        )

    @admin.display(description="Subject", ordering="subject")
    def subject_or_each(self, limit: ExposureLimit) -> str:
        return limit.subject or "each"


class EngageForm(ReasonForm):
    """What to stop."""

    scope = forms.ChoiceField(choices=KillScope.choices, widget=UnfoldAdminSelectWidget, label="Stop")
    subject = forms.CharField(
        max_length=64,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        label="User or source",
        help_text="A username or the code of a price source; empty for everything.",
    )
    field_order = ("scope", "subject", "reason")


@admin.register(KillSwitch)
class KillSwitchAdmin(RoleReadOnlyAdmin):
    """What stops new executions. One trader engages it; two operators release it."""

    write_role = Role.TRADER
    list_display = (
        "engaged_badge", "scope", "subject", "reason", "engaged_by", "engaged_at", "release_asked_by",
        "released_by", "released_at",
    )  # fmt: skip
    list_filter = ("scope", ("released_at", admin.EmptyFieldListFilter))
    list_select_related = ("engaged_by", "release_asked_by", "released_by")
    ordering = ("-engaged_at", "-id")
    actions = ("release_selected",)
    actions_list = ("engage",)

    @display(description="Engaged", boolean=True)  # type: ignore[untyped-decorator]
    def engaged_badge(self, switch: KillSwitch) -> bool:
        return switch.released_at is None

    def has_release_permission(self, request: HttpRequest, object_id: UUID | None = None) -> bool:
        """Return whether the user may ask for and confirm releases."""
        return may_write(request, Role.OPERATOR)

    @action(description="Stop trading…", permissions=["write"], icon="block")  # type: ignore[untyped-decorator]
    def engage(self, request: HttpRequest) -> HttpResponse:
        """Engage a switch."""
        form = EngageForm(request.POST if is_confirmed(request) else None)
        if not is_confirmed(request) or not form.is_valid():
            question = Question(
                title="Stop trading",
                button="Stop now",
                lines=["New executions are refused at once. Settling and cancelling stay possible."],
                form=form,
                is_destructive=True,
                keys=(),
            )
            return ask(self, request, question)
        try:
            engage_kill_switch(actor=acting_user(request), now=utc_now(), **form.cleaned_data)
        except DomainError as error:
            self.message_user(request, error.detail, messages.WARNING)
        else:
            self.message_user(request, "Trading is stopped.", messages.SUCCESS)
        return redirect(reverse("admin:trading_killswitch_changelist"))

    @admin.action(description="Release… (two operators)", permissions=["release"])
    def release_selected(self, request: HttpRequest, queryset: QuerySet[KillSwitch]) -> HttpResponse | None:
        """Ask for a release, or confirm somebody else's request."""
        rows = chosen(self, request, queryset)
        if not rows:
            return None
        if not is_confirmed(request):
            question = Question(
                title="Release kill switches",
                button="Ask or confirm",
                lines=["The first operator asks, a second one confirms; then executions are possible again."],
                headers=("Scope", "Subject", "Reason", "Asked by"),
                rows=[(row.scope, row.subject, row.reason, row.release_asked_by or "–") for row in rows],
                is_destructive=True,
                keys=[row.pk for row in rows],
            )
            return ask(self, request, question)
        actor, now = acting_user(request), utc_now()
        decide(
            self,
            request,
            rows,
            lambda row: release_kill_switch(switch_id=row.pk, actor=actor, now=now),
            done="{count} releases asked for or confirmed.",
        )
        return None
