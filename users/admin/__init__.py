"""Staff pages of the users app."""

from .credentials import ApiKeyAdmin, TokenLoginAdmin
from .saved_view import SavedViewAdmin
from .user import GroupAdmin, UserAdmin

__all__ = ["ApiKeyAdmin", "GroupAdmin", "SavedViewAdmin", "TokenLoginAdmin", "UserAdmin"]
