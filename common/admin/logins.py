"""django-axes' pages in the admin's own looks."""

from axes.admin import AccessAttemptAdmin
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin


class LoginAttemptAdmin(AccessAttemptAdmin, ModelAdmin):  # type: ignore[misc] # untyped packages
    """Failed logins that count towards a lockout; deleting one lifts it."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: AccessAttempt | None = None) -> bool:
        return False


def restyle_login_pages() -> None:
    """Register the attempts with our page; axes' logs are switched off in settings, so their pages go."""
    for model in (AccessAttempt, AccessFailureLog, AccessLog):
        if admin.site.is_registered(model):
            admin.site.unregister(model)
    admin.site.register(AccessAttempt, LoginAttemptAdmin)
