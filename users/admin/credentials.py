"""API keys and token log-ins for staff: seen, and taken back; nobody sees a secret, nothing is deleted."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from common.admin.base import ReadOnlyAdmin
from common.admin.confirming import Question, ask, chosen, decide, is_confirmed
from common.clock import utc_now
from users.acting import acting_user
from users.models import ApiKey, TokenLogin
from users.policy import may_manage
from users.services import end_login, revoke_api_key


class LifeFilter(admin.SimpleListFilter):
    """What can be used, has expired, or was taken back."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("usable", "Usable"), ("expired", "Expired"), ("revoked", "Revoked")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        now = utc_now()
        if self.value() == "usable":
            return queryset.filter(Q(expires_at=None) | Q(expires_at__gt=now), revoked_at=None)
        if self.value() == "expired":
            return queryset.filter(expires_at__lte=now, revoked_at=None)
        return queryset.filter(revoked_at__isnull=False) if self.value() == "revoked" else queryset


class CredentialAdmin(ReadOnlyAdmin):
    """Base of both pages."""

    list_select_related = ("user",)
    ordering = ("-created_at", "-pk")
    date_hierarchy = "created_at"

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        options = self.model._meta
        return request.user.has_perm(f"{options.app_label}.change_{options.model_name}")

    def usable(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        """Return the selected rows that count and whose owner the member of staff may manage."""
        rows = queryset.filter(revoked_at=None).select_related("user")
        actor = acting_user(request)
        return [
            row
            for row in chosen(self, request, rows)
            if row.user_id == actor.pk or may_manage(actor, row.user)
        ]

    def confirm_revoking(
        self, request: HttpRequest, rows: Sequence[Any], *, title: str, line: str, label: str
    ) -> HttpResponseBase:
        """Ask before taking the rows back."""
        question = Question(
            title=title,
            button=title,
            lines=[line],
            headers=["User", label, "Made"],
            rows=[
                (row.user.username, str(row), timezone.localtime(row.created_at).strftime("%Y-%m-%d %H:%M"))
                for row in rows
            ],
            is_destructive=True,
            keys=[row.pk for row in rows],
        )
        return ask(self, request, question)


@admin.register(ApiKey)
class ApiKeyAdmin(CredentialAdmin):
    """Keys of programs. They are made through the API or `manage.py apikey`."""

    list_display = (
        "name",
        "prefix",
        "user",
        "scopes",
        "created_at",
        "expires_at",
        "last_used_at",
        "revoked_at",
    )
    list_filter = (LifeFilter, "user__role")
    search_fields = ("name", "prefix", "user__username")
    actions = ("revoke",)

    @admin.action(description="Revoke selected keys", permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> HttpResponseBase | None:
        rows = self.usable(request, queryset)
        if not rows:
            return None
        if not is_confirmed(request):
            line = "The next call with one of these keys is refused. This cannot be undone."
            return self.confirm_revoking(request, rows, title="Revoke API keys", line=line, label="Key")
        actor, now = acting_user(request), utc_now()
        decide(
            self,
            request,
            rows,
            lambda key: revoke_api_key(key, actor=actor, now=now),
            done="{count} keys revoked.",
        )
        return None


@admin.register(TokenLogin)
class TokenLoginAdmin(CredentialAdmin):
    """Log-ins with token cookies."""

    list_display = (
        "user",
        "created_at",
        "rotated_at",
        "expires_at",
        "revoked_at",
        "revoked_reason",
        "user_agent",
    )
    list_filter = (LifeFilter, "revoked_reason", "user__role")
    search_fields = ("user__username",)
    actions = ("revoke",)
    exclude = ("current_jti", "previous_jti")

    @admin.action(description="End selected log-ins", permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[TokenLogin]) -> HttpResponseBase | None:
        rows = self.usable(request, queryset)
        if not rows:
            return None
        if not is_confirmed(request):
            line = "These browsers are logged out from their next call on."
            return self.confirm_revoking(request, rows, title="End log-ins", line=line, label="Log-in")
        actor, now = acting_user(request), utc_now()
        decide(
            self,
            request,
            rows,
            lambda login: end_login(login, actor=actor, now=now),
            done="{count} log-ins ended.",
        )
        return None
