"""What the staff pages of the catalogue share: the common role pages, with lists that may be long."""

from common.admin.base import (
    MAX_LISTED,
    BoundedPaginator,
    BoundedRoleAdmin,
    ReadOnlyInline,
    RoleReadOnlyAdmin,
    StaffInline,
    may_look,
    may_write,
)
from users.acting import acting_user as staff_user

__all__ = [
    "MAX_LISTED", "BoundedPaginator", "CatalogueAdmin", "ReadOnlyAdmin", "ReadOnlyInline", "StaffInline",
    "may_look", "may_write", "staff_user",
]  # fmt: skip

CatalogueAdmin = BoundedRoleAdmin


class ReadOnlyAdmin(RoleReadOnlyAdmin, BoundedRoleAdmin):
    """Pages that only show."""
