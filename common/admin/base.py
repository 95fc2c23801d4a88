"""What staff pages share: roles, lists that are never counted whole, no deletion.

`common` lies below the users app, so roles are named here by their text and asked of the user by protocol.
"""

from functools import cached_property
from typing import Any, ClassVar, Final, Protocol, cast

from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline

MAX_LISTED: Final = 1_000  # a list longer than this asks for a filter instead of a count
OPERATOR: Final = "operator"


class _HasRole(Protocol):
    def has_role(self, role: str) -> bool: ...


class BoundedPaginator(Paginator):  # type: ignore[type-arg]  # not generic at run time
    """Counts at most `MAX_LISTED` rows: counting a whole history would read all of it."""

    @cached_property
    def count(self) -> int:
        """Return the number of rows, or `MAX_LISTED` if there are more."""
        rows: Any = self.object_list
        return int(rows.order_by()[:MAX_LISTED].count())


def may_look(request: HttpRequest) -> bool:
    """Return whether this is a member of staff."""
    return bool(request.user.is_active and request.user.is_staff)


def may_write(request: HttpRequest, role: str = OPERATOR) -> bool:
    """Return whether this member of staff has the role for changing things."""
    return may_look(request) and cast(_HasRole, request.user).has_role(role)


class ReadOnlyAdmin(ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """A page nobody writes through, superusers included; who may look is a permission of the model."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class RoleAdmin(ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """Every member of staff may look; writing needs `write_role`. Nothing is deleted here."""

    write_role: ClassVar[str] = OPERATOR

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return may_look(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_look(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may_write(request)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.may_write(request)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def may_write(self, request: HttpRequest) -> bool:
        """Return whether the user's role includes the one for writing."""
        return may_write(request, self.write_role)


class RoleReadOnlyAdmin(RoleAdmin):
    """Pages that only show; their actions ask `has_write_permission` (`permissions=["write"]`)."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_write_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Return whether actions of this page are offered."""
        return self.may_write(request)


class BoundedRoleAdmin(RoleAdmin):
    """A role page whose list may grow without bound."""

    paginator = BoundedPaginator
    show_full_result_count = False
    list_per_page = 50


class StaffInline(TabularInline):  # type: ignore[misc]  # unfold is untyped
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
