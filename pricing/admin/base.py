"""What the staff pages of prices share: roles, and lists that are never counted whole."""

from functools import cached_property
from typing import Any, ClassVar, cast

from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from users.choices import Role
from users.models import User

MAX_LISTED = 1000  # a list longer than this asks for a filter instead of a count


def staff(request: HttpRequest) -> User:
    """Return the member of staff behind a request that passed `has_view_permission`."""
    return cast(User, request.user)


class BoundedPaginator(Paginator):  # type: ignore[type-arg] # not generic at run time
    """Counts at most `MAX_LISTED` rows: counting the whole history would read all of it."""

    @cached_property
    def count(self) -> int:
        """Return the number of rows, or `MAX_LISTED` if there are more."""
        rows: Any = self.object_list
        return int(rows.order_by()[:MAX_LISTED].count())


class RoleAdmin(ModelAdmin):  # type: ignore[misc] # unfold is untyped
    """Every member of staff may look; writing needs `write_role`. Nothing is deleted here."""

    write_role: ClassVar[str] = Role.OPERATOR

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may_write(request)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.may_write(request)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def may_write(self, request: HttpRequest) -> bool:
        """Return whether the user's role includes the one for writing."""
        return self.has_view_permission(request) and staff(request).has_role(self.write_role)


class ReadOnlyAdmin(RoleAdmin):
    """Pages that only show."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False
