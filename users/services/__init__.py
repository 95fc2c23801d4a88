"""Writes to users, and to what lets them in and belongs to them."""

from .accounts import INITIAL_USERS, ensure_initial_users, read_credentials, set_active, sign_up
from .api_keys import (
    MAX_DAYS,
    MAX_KEYS,
    KeyOrder,
    NewApiKey,
    create_api_key,
    note_key_use,
    revoke_api_key,
    revoke_keys_of,
)
from .logins import (
    FORCED,
    IssuedTokens,
    end_everything_of,
    end_login,
    end_login_of_token,
    end_logins_of,
    force_log_out,
    note_session,
    refresh_login,
    reissue_tokens,
    start_login,
)
from .passwords import change_password
from .profile import update_profile
from .saved_views import create_saved_view, delete_saved_view, update_saved_view
from .upkeep import purge_expired

__all__ = [
    "FORCED",
    "INITIAL_USERS",
    "MAX_DAYS",
    "MAX_KEYS",
    "IssuedTokens",
    "KeyOrder",
    "NewApiKey",
    "change_password",
    "create_api_key",
    "create_saved_view",
    "delete_saved_view",
    "end_everything_of",
    "end_login",
    "end_login_of_token",
    "end_logins_of",
    "ensure_initial_users",
    "force_log_out",
    "note_key_use",
    "note_session",
    "purge_expired",
    "read_credentials",
    "refresh_login",
    "reissue_tokens",
    "revoke_api_key",
    "revoke_keys_of",
    "set_active",
    "sign_up",
    "start_login",
    "update_profile",
    "update_saved_view",
]
