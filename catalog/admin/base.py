"""What the staff pages of the catalogue share: roles, bounded counts, no deletion."""

from functools import cached_property
from typing import Any, ClassVar, cast

from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline

from users.choices import Role
from users.models import User

MAX_LISTED = 1_000


class BoundedPaginator(Paginator):  # type: ignore[type-arg]  # no generic at run time
    """Counts at most `MAX_LISTED` rows; a longer list asks for a filter instead."""

    @cached_property
    def count(self) -> int:
        """Return the number of rows, or `MAX_LISTED` if there are more."""
        rows: Any = self.object_list
        return int(rows.order_by()[:MAX_LISTED].count())


def may_look(request: HttpRequest) -> bool:
    """Return whether this is a member of staff."""
    return bool(request.user.is_active and request.user.is_staff)


def may_write(request: HttpRequest, role: str = Role.OPERATOR) -> bool:
    """Return whether this member of staff has the role for changing things."""
    return may_look(request) and bool(request.user.has_role(role))  # type: ignore[union-attr]


def staff_user(request: HttpRequest) -> User:
    """Return the member of staff who sent a request to the admin."""
    return cast(User, request.user)


class CatalogueAdmin(ModelAdmin):  # type: ignore[misc]  # untyped
    """Every member of staff may look; writing needs `write_role`. Nothing is deleted here."""

    write_role: ClassVar[str] = Role.OPERATOR
    paginator = BoundedPaginator
    show_full_result_count = False
    list_per_page = 50

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return may_look(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_look(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may_write(request, self.write_role)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return may_write(request, self.write_role)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class ReadOnlyAdmin(CatalogueAdmin):
    """Pages that only show."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class StaffInline(TabularInline):  # type: ignore[misc]  # untyped
    """Rows that operators edit inside their parent."""

    extra = 0
    tab = True

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return may_look(request)

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return may_write(request)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return may_write(request)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return may_write(request)


class ReadOnlyInline(StaffInline):
    """Rows that are only shown."""

    max_num = 0
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False
