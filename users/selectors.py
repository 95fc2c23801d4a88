"""Who is behind a token or a key, and what belongs to a user."""

import hashlib
import re
from datetime import datetime
from typing import Final

from django.db.models import QuerySet

from .models import ApiKey, TokenLogin, User
from .tokens import read_access_token

API_KEY_MARK: Final = "arb_"
_API_KEY: Final = re.compile(r"arb_[a-z0-9]{8}_[A-Za-z0-9_-]{43}")


def live_logins(user: User, *, now: datetime) -> QuerySet[TokenLogin]:
    """Return the user's log-ins with token cookies that have not ended."""
    return TokenLogin.objects.filter(user=user, revoked_at=None, expires_at__gt=now)


def live_api_keys(user: User, *, now: datetime) -> QuerySet[ApiKey]:
    """Return the user's keys that can be used."""
    return ApiKey.objects.filter(user=user, revoked_at=None).exclude(expires_at__lte=now)


def login_of_access_token(text: str, *, now: datetime) -> TokenLogin | None:
    """Return the log-in (with its user) an access token stands for, or None if it no longer does.

    One query, so that a log-out counts at once and not when the token expires.
    """
    facts = read_access_token(text)
    if facts is None:
        return None
    login = TokenLogin.objects.select_related("user").filter(pk=facts.login_id).first()
    return login if login is not None and is_live(login, now=now) and facts.fits(login.user) else None


def is_live(login: TokenLogin, *, now: datetime) -> bool:
    """Return whether a log-in has not ended and its user is active."""
    return login.revoked_at is None and login.expires_at > now and login.user.is_active


def api_key_digest(text: str) -> str | None:
    """Return what is kept of a key, or None if the text has not the form of a key."""
    return hashlib.sha256(text.encode()).hexdigest() if _API_KEY.fullmatch(text) else None


def api_key_of(text: str) -> ApiKey | None:
    """Return the key (with its owner) somebody presents, usable or not, or None if there is none.

    It is found by its digest: 256 random bits cannot be guessed piece by piece through the index's timing.
    """
    digest = api_key_digest(text)
    return None if digest is None else ApiKey.objects.select_related("user").filter(digest=digest).first()
