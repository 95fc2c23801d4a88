"""What the staff pages of prices share: the common role pages under the names used here."""

from common.admin.base import MAX_LISTED, BoundedPaginator, RoleAdmin
from common.admin.base import RoleReadOnlyAdmin as ReadOnlyAdmin
from users.acting import acting_user as staff

__all__ = ["MAX_LISTED", "BoundedPaginator", "ReadOnlyAdmin", "RoleAdmin", "staff"]
