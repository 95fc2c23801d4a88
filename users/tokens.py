"""The signed tokens behind token cookies: what is in them, and whether one is to be believed.

A token names its log-in (`TokenLogin`) and carries a fingerprint of what the user's sessions are bound to,
so it ends with the password, with a forced log-out and with its log-in. The algorithm is pinned: a token
that states another one, or none, is refused.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.crypto import constant_time_compare
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken, Token

from .models import TokenLogin, User

_LOGIN: Final = "login"
_BOUND_TO: Final = "bound"
_BOUND_LENGTH: Final = 32
_MAX_TOKEN_LENGTH: Final = 2_048


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """What a believable token says: its log-in, its own id, and what it is bound to."""

    login_id: UUID
    jti: str
    bound_to: str

    def fits(self, user: User) -> bool:
        """Return whether the user's password and forced log-outs are still those of the token."""
        return constant_time_compare(self.bound_to, _binding(user))


def new_token_id() -> str:
    """Return an id for the next refresh token."""
    return secrets.token_hex(16)


def issue_access_token(login: TokenLogin, *, now: datetime) -> str:
    """Return an access token of a log-in, good for a few minutes."""
    token = AccessToken()
    token.set_exp(from_time=now)
    return _signed(token, login, now=now)


def issue_refresh_token(login: TokenLogin, *, now: datetime) -> str:
    """Return the log-in's current refresh token; it ends with the log-in."""
    token = RefreshToken()
    token["jti"] = login.current_jti
    token.set_exp(from_time=now, lifetime=login.expires_at - now)
    return _signed(token, login, now=now)


def read_access_token(text: str) -> TokenFacts | None:
    """Return what an access token says, or None if it is forged, expired or something else."""
    return _read(AccessToken, text)


def read_refresh_token(text: str) -> TokenFacts | None:
    """Return what a refresh token says, or None if it is forged, expired or something else."""
    return _read(RefreshToken, text)


def _signed(token: Token, login: TokenLogin, *, now: datetime) -> str:
    token.set_iat(at_time=now)
    token[_LOGIN] = str(login.pk)
    token[_BOUND_TO] = _binding(login.user)
    return str(token)


def _read(kind: type[Token], text: str) -> TokenFacts | None:
    if not text or len(text) > _MAX_TOKEN_LENGTH:
        return None
    try:
        token = kind(text)  # type: ignore[arg-type]  # the package's own annotation names the wrong type
        return TokenFacts(UUID(str(token[_LOGIN])), str(token["jti"]), str(token[_BOUND_TO]))
    except (TokenError, KeyError, ValueError):
        return None


def _binding(user: User) -> str:
    return user.get_session_auth_hash()[:_BOUND_LENGTH]
