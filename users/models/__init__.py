"""The tables of the users app."""

from .credentials import ApiKey, TokenLogin
from .saved_view import SavedView
from .user import User, validate_time_zone

__all__ = ["ApiKey", "SavedView", "TokenLogin", "User", "validate_time_zone"]
