"""Staff pages for users and groups. Nobody grants a role above their own, nobody edits their own rank."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Field, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from common.admin.confirming import Question, ask, chosen, is_confirmed
from common.audit import record_event
from common.clock import utc_now
from users.acting import acting_user
from users.models import User
from users.policy import grantable_roles, may_manage
from users.services import (
    FORCED,
    end_everything_of,
    end_logins_of,
    force_log_out,
    revoke_keys_of,
    set_active,
)

admin.site.unregister(Group)

_RANK_FIELDS = ("role", "is_active", "is_staff", "is_superuser", "groups", "user_permissions")
_SUPERUSER_FIELDS = ("is_superuser", "groups", "user_permissions")


@admin.register(User)
class UserAdmin(DjangoUserAdmin, ModelAdmin):  # type: ignore[misc,type-arg] # unfold is untyped
    """Accounts are switched off, not deleted: the audit trail names them."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "role", "is_active", "is_staff", "time_zone", "last_login")
    list_filter = ("role", "is_active", "is_staff", "is_superuser")
    search_fields = ("username", "first_name", "last_name", "email")
    ordering = ("username",)
    actions = ("log_out", "revoke_keys", "deactivate", "activate")
    readonly_fields = (
        "last_login",
        "date_joined",
        "tokens_valid_from",
        "currency",
        "theme",
        "density",
        "fee_profile",
    )
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "email", "time_zone")}),
        ("Rights", {"fields": _RANK_FIELDS}),
        ("Preferences", {"fields": ("currency", "theme", "density", "fee_profile")}),
        ("Dates", {"fields": ("last_login", "date_joined", "tokens_valid_from")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": (
                    "username",
                    "role",
                    "is_staff",
                    "time_zone",
                    "usable_password",
                    "password1",
                    "password2",
                ),
            },
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        fields = list(super().get_readonly_fields(request, obj))
        if obj is not None and obj.pk == request.user.pk:
            return [*fields, *_RANK_FIELDS]
        return fields if acting_user(request).is_superuser else [*fields, *_SUPERUSER_FIELDS]

    def formfield_for_choice_field(
        self, db_field: "Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "role":
            kwargs["choices"] = [(role.value, role.label) for role in grantable_roles(acting_user(request))]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        allowed = bool(super().has_change_permission(request, obj))
        return allowed and (obj is None or may_manage(acting_user(request), obj))

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: User, form: "ModelForm[User]", change: bool) -> None:
        super().save_model(request, obj, form, change)
        changed = sorted(set(form.changed_data) - {"password1", "password2", "usable_password"})
        data: dict[str, Any] = {"fields": changed}
        if "role" in changed or not change:
            data["role"] = obj.role
        record_event(
            actor=acting_user(request),
            verb="user.changed" if change else "user.created",
            subject=f"user:{obj.pk}",
            data=data,
            now=utc_now(),
        )
        if "is_active" in changed and not obj.is_active:
            end_everything_of([obj.pk], actor=acting_user(request), now=utc_now())

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        with transaction.atomic():
            response = super().user_change_password(request, id, form_url)
            if request.method == "POST" and response.status_code == 302:
                record_event(
                    actor=acting_user(request),
                    verb="user.password_changed",
                    subject=f"user:{id}",
                    data={},
                    now=utc_now(),
                )
                end_logins_of([UUID(id)], reason=FORCED, actor=acting_user(request), now=utc_now())
        return response

    @admin.action(description="Log selected people out everywhere", permissions=["change"])
    def log_out(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponseBase | None:
        line = "Every session and every token log-in of these people ends now. Their API keys stay."
        return self._confirmed(request, queryset, _log_out, title="Log out everywhere", line=line)

    @admin.action(description="Revoke all API keys of selected people", permissions=["change"])
    def revoke_keys(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponseBase | None:
        line = "Every program that uses a key of these people is refused from now on. This cannot be undone."
        return self._confirmed(request, queryset, _revoke_keys, title="Revoke all API keys", line=line)

    @admin.action(description="Switch selected accounts off", permissions=["change"])
    def deactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponseBase | None:
        line = "They are logged out everywhere and cannot log in; your own account is left as it is."
        return self._confirmed(request, queryset, _deactivate, title="Switch accounts off", line=line)

    @admin.action(description="Switch selected accounts on", permissions=["change"])
    def activate(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponseBase | None:
        line = "They can log in again."
        return self._confirmed(request, queryset, _activate, title="Switch accounts on", line=line)

    def _confirmed(
        self,
        request: HttpRequest,
        queryset: QuerySet[User],
        act: Callable[[list[User], User], str],
        *,
        title: str,
        line: str,
    ) -> HttpResponseBase | None:
        """Show who will be changed, and change them after the button; those above one's own role stay."""
        actor = acting_user(request)
        users = [user for user in chosen(self, request, queryset) if may_manage(actor, user)]
        if not users:
            self.message_user(request, "You may change none of these accounts.", messages.WARNING)
            return None
        if not is_confirmed(request):
            rows = [(user.username, user.effective_role.label) for user in users]
            keys = [user.pk for user in users]
            question = Question(
                title, title, [line], ["User", "Role"], rows, is_destructive=act is not _activate, keys=keys
            )
            return ask(self, request, question)
        self.message_user(request, act(users, actor), messages.SUCCESS)
        return None


def _log_out(users: list[User], actor: User) -> str:
    return f"{force_log_out(users, actor=actor, now=utc_now())} people logged out."


def _revoke_keys(users: list[User], actor: User) -> str:
    return f"{revoke_keys_of(users, actor=actor, now=utc_now())} keys revoked."


def _deactivate(users: list[User], actor: User) -> str:
    return f"{set_active(users, is_active=False, actor=actor, now=utc_now())} accounts changed."


def _activate(users: list[User], actor: User) -> str:
    return f"{set_active(users, is_active=True, actor=actor, now=utc_now())} accounts changed."


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin, ModelAdmin):  # type: ignore[misc] # unfold is untyped
    """Extra permissions beside the roles. The groups named like a role are rewritten at every migration."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return acting_user(request).is_superuser

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return acting_user(request).is_superuser

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return acting_user(request).is_superuser
