"""Alerts for staff: people's rules and channels, what was sent, what bells say. No address is shown."""

from typing import ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from unfold.contrib.filters.admin import RangeDateTimeFilter

from common.admin.base import BoundedPaginator, RoleReadOnlyAdmin
from common.admin.confirming import Question, ask, chosen, decide, is_confirmed
from common.clock import utc_now
from opportunities.models import AlertChannel, AlertDelivery, AlertRule, Notification
from opportunities.services.alerts_channels import try_channel, update_channel
from opportunities.services.alerts_rules import update_rule
from users.acting import acting_user

_MOST_TESTED = 5


@admin.register(AlertRule)
class AlertRuleAdmin(RoleReadOnlyAdmin):
    """When people want to be told. Their owners write them; operators may switch one off."""

    list_display = (
        "name", "user", "scope", "is_enabled", "snoozed_until", "last_fired_at", "fired_count",
        "cooldown_minutes",
    )  # fmt: skip
    list_filter = ("is_enabled", "scope", ("last_fired_at", RangeDateTimeFilter))
    list_filter_submit = True
    list_select_related = ("user",)
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("name", "user__username")
    ordering = ("name", "id")
    actions = ("switch_off",)
    fields = (
        "name", "user", "scope", "conditions", "channels", "cooldown_minutes", "quiet_from", "quiet_until",
        "is_enabled", "snoozed_until", "last_fired_at", "fired_count", "created_at", "updated_at",
    )  # fmt: skip

    @admin.action(description="Switch off", permissions=["write"])
    def switch_off(self, request: HttpRequest, queryset: QuerySet[AlertRule]) -> TemplateResponse | None:
        """Switch rules off, after a page that lists them."""
        rows = chosen(self, request, queryset.filter(is_enabled=True).select_related("user"))
        if not rows:
            return None
        if not is_confirmed(request):
            question = Question(
                title=f"Switch off {len(rows)} rules",
                button="Switch off",
                lines=("They tell nobody anything until their owners switch them on again.",),
                headers=("Rule", "User"),
                rows=[(row.name, row.user) for row in rows],
            )
            return ask(self, request, question)
        actor, now = acting_user(request), utc_now()
        decide(
            self,
            request,
            rows,
            lambda row: update_rule(row, facts={"is_enabled": False}, actor=actor, now=now),
            done="{count} rules switched off.",
        )
        return None


@admin.register(AlertChannel)
class AlertChannelAdmin(RoleReadOnlyAdmin):
    """Where people's alerts go. Service and host are shown; the address itself stays encrypted."""

    list_display = ("name", "user", "url_hint", "state", "is_muted", "last_delivered_at", "last_error")
    list_filter = ("state", "is_muted")
    list_select_related = ("user",)
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("name", "user__username", "url_hint")
    ordering = ("name", "id")
    actions = ("mute", "unmute", "test")
    fields: ClassVar[tuple[str, ...]] = (
        "name", "user", "url_hint", "is_muted", "state", "last_error", "last_delivered_at", "created_at",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[AlertChannel]:
        rows: QuerySet[AlertChannel] = super().get_queryset(request)
        return rows.defer("url")

    @admin.action(description="Mute", permissions=["write"])
    def mute(self, request: HttpRequest, queryset: QuerySet[AlertChannel]) -> TemplateResponse | None:
        """Mute channels, after a page that lists them."""
        return self._set_muted(request, queryset, is_muted=True)

    @admin.action(description="Unmute", permissions=["write"])
    def unmute(self, request: HttpRequest, queryset: QuerySet[AlertChannel]) -> TemplateResponse | None:
        """Unmute channels, after a page that lists them."""
        return self._set_muted(request, queryset, is_muted=False)

    @admin.action(description="Send a test message", permissions=["write"])
    def test(self, request: HttpRequest, queryset: QuerySet[AlertChannel]) -> TemplateResponse | None:
        """Send a test message through channels, after a page that lists them."""
        rows = chosen(self, request, queryset.select_related("user"), most=_MOST_TESTED)
        if not rows:
            return None
        if not is_confirmed(request):
            lines = ("Their owners get a message. Each channel may take some seconds.",)
            return self._ask(request, rows, title=f"Test {len(rows)} channels", button="Send", lines=lines)
        for row in rows:
            outcome = try_channel(row, actor=acting_user(request), now=utc_now())
            level = messages.SUCCESS if outcome.is_delivered else messages.ERROR
            self.message_user(request, f"{row.name}: {outcome.error or 'delivered'}", level)
        return None

    def _set_muted(
        self, request: HttpRequest, queryset: QuerySet[AlertChannel], *, is_muted: bool
    ) -> TemplateResponse | None:
        word = "Mute" if is_muted else "Unmute"
        rows = chosen(self, request, queryset.exclude(is_muted=is_muted).select_related("user"))
        if not rows:
            return None
        if not is_confirmed(request):
            lines = (
                ("Alerts to them are skipped, and do not arrive later.",)
                if is_muted
                else ("Alerts go to them again from now on.",)
            )
            return self._ask(request, rows, title=f"{word} {len(rows)} channels", button=word, lines=lines)
        actor, now = acting_user(request), utc_now()
        decide(
            self,
            request,
            rows,
            lambda row: update_channel(row, facts={"is_muted": is_muted}, actor=actor, now=now),
            done=f"{{count}} channels {word.lower()}d.",
        )
        return None

    def _ask(
        self,
        request: HttpRequest,
        rows: list[AlertChannel],
        *,
        title: str,
        button: str,
        lines: tuple[str, ...],
    ) -> TemplateResponse:
        question = Question(
            title=title,
            button=button,
            lines=lines,
            headers=("Channel", "User", "Service"),
            rows=[(row.name, row.user, row.url_hint) for row in rows],
        )
        return ask(self, request, question)


@admin.register(AlertDelivery)
class AlertDeliveryAdmin(RoleReadOnlyAdmin):
    """What was sent where, and what came of it."""

    paginator = BoundedPaginator
    list_display = ("title", "channel", "state", "attempts", "error", "due_at", "delivered_at", "created_at")
    list_filter = ("state", ("created_at", RangeDateTimeFilter))
    list_filter_submit = True
    list_select_related = ("channel",)
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("title", "channel__name", "channel__user__username")
    ordering = ("-created_at", "-id")
    fields = (
        "title", "body", "rule", "channel", "opportunity", "state", "attempts", "error", "due_at",
        "sending_since", "is_repeat", "delivered_at", "created_at",
    )  # fmt: skip


@admin.register(Notification)
class NotificationAdmin(RoleReadOnlyAdmin):
    """The lines behind people's bells."""

    paginator = BoundedPaginator
    list_display = ("title", "user", "kind", "read_at", "created_at")
    list_filter = ("kind", ("created_at", RangeDateTimeFilter))
    list_filter_submit = True
    list_select_related = ("user",)
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("title", "user__username")
    ordering = ("-created_at", "-id")
    fields: ClassVar[tuple[str, ...]] = (
        "user", "kind", "title", "body", "link", "tags", "read_at", "created_at",
    )  # fmt: skip
