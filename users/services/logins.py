"""Log-ins with token cookies: begun, carried on by rotation, ended; and the end of all of a user's at once.

Locks are taken in this order: user, log-in, audit chain.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from common.audit import NewEvent, record_event, record_events
from users.errors import LoginEnded
from users.models import TokenLogin, User
from users.policy import may_manage
from users.selectors import is_live, live_logins
from users.tokens import TokenFacts, issue_access_token, issue_refresh_token, new_token_id, read_refresh_token

REUSE_GRACE: Final = timedelta(seconds=10)
"""Two tabs may ask at the same moment: the refresh token replaced just now is late, not stolen."""
MAX_LOGINS: Final = 50
"""Per user; beginning another one ends the oldest."""

SIGNED_OUT: Final = "signed_out"
REUSED: Final = "refresh_token_reused"
REVOKED: Final = "revoked"
FORCED: Final = "forced"
CROWDED_OUT: Final = "too_many"


@dataclass(frozen=True, slots=True)
class IssuedTokens:
    """What a browser gets; `refresh` is None when its cookie holds the newest one already."""

    login: TokenLogin
    access: str
    refresh: str | None


def start_login(user: User, *, user_agent: str, now: datetime) -> IssuedTokens:
    """Begin a log-in for somebody who has just proven who they are.

    Args:
        user: an active user.
        user_agent: what the browser calls itself, to recognise the log-in in the list.
        now: the current time; the log-in ends `REFRESH_TOKEN_LIFETIME` later whatever happens.
    """
    with transaction.atomic():
        login = TokenLogin.objects.create(
            user=user,
            current_jti=new_token_id(),
            rotated_at=now,
            user_agent=_printable(user_agent)[:200],
            created_at=now,
            expires_at=now + settings.SIMPLE_JWT["REFRESH_TOKEN_LIFETIME"],
        )
        record_event(actor=user, verb="login.started", subject=_subject(login), data={}, now=now)
        surplus = live_logins(user, now=now).exclude(pk=login.pk).order_by("-created_at", "-pk")
        _end(surplus[MAX_LOGINS - 1 :].values_list("pk", flat=True), CROWDED_OUT, actor=user, now=now)
    return _issue(login, now=now)


def note_session(user: User, *, has_begun: bool, now: datetime) -> None:
    """Record that somebody logged in or out with a session; the session itself is Django's."""
    with transaction.atomic():
        verb = "user.logged_in" if has_begun else "user.logged_out"
        record_event(actor=user, verb=verb, subject=f"user:{user.pk}", data={"how": "session"}, now=now)


def refresh_login(refresh_token: str, *, now: datetime) -> IssuedTokens:
    """Give a new access token for the newest refresh token, and replace that one.

    An older refresh token was copied: its log-in ends, for the thief and for the owner, and the audit trail
    says so. Within `REUSE_GRACE` of its replacement the one before the newest still gives an access token,
    but no refresh token.

    Raises:
        LoginEnded: if the token is forged, expired or old, or its log-in has ended.
    """
    facts = read_refresh_token(refresh_token)
    issued = None if facts is None else _rotate(facts, now=now)
    if issued is None:
        raise LoginEnded(detail="This log-in has ended. Log in again.")
    return issued


def _rotate(facts: TokenFacts, *, now: datetime) -> IssuedTokens | None:
    """Act on a genuine refresh token; None means refused (what was written is kept)."""
    with transaction.atomic():
        rows = TokenLogin.objects.select_related("user").select_for_update(of=("self",))
        login = rows.filter(pk=facts.login_id).first()
        if login is None or not is_live(login, now=now) or not facts.fits(login.user):
            return None
        if facts.jti == login.current_jti:
            login.previous_jti, login.current_jti = login.current_jti, new_token_id()
            login.rotated_at = now
            login.save(update_fields=["previous_jti", "current_jti", "rotated_at"])
            return _issue(login, now=now)
        if facts.jti == login.previous_jti and now - login.rotated_at <= REUSE_GRACE:
            return IssuedTokens(login, issue_access_token(login, now=now), None)
        _end([login.pk], REUSED, actor=None, now=now)
        return None


def reissue_tokens(login: TokenLogin, *, now: datetime) -> IssuedTokens:
    """Give a log-in new tokens after its user's password changed; the ones before no longer count."""
    with transaction.atomic():
        row = TokenLogin.objects.select_related("user").select_for_update(of=("self",)).get(pk=login.pk)
        row.previous_jti, row.current_jti, row.rotated_at = "", new_token_id(), now
        row.save(update_fields=["previous_jti", "current_jti", "rotated_at"])
        return _issue(row, now=now)


def end_login(login: TokenLogin, *, actor: User, reason: str = REVOKED, now: datetime) -> bool:
    """End one log-in; its tokens count no more.

    Returns:
        Whether it had not ended before.
    """
    with transaction.atomic():
        return _end([login.pk], reason, actor=actor, now=now) == 1


def end_login_of_token(refresh_token: str, *, now: datetime) -> None:
    """End the log-in a refresh token belongs to (signing out), if it stands for one."""
    facts = read_refresh_token(refresh_token)
    login = facts and TokenLogin.objects.select_related("user").filter(pk=facts.login_id).first()
    if facts is not None and login and facts.fits(login.user):
        end_login(login, actor=login.user, reason=SIGNED_OUT, now=now)


def end_logins_of(
    user_ids: Collection[UUID], *, reason: str, actor: User, keep: TokenLogin | None = None, now: datetime
) -> int:
    """End the users' token log-ins, except one. In the caller's transaction.

    Returns:
        How many ended.
    """
    rows = TokenLogin.objects.filter(user__in=user_ids, revoked_at=None, expires_at__gt=now)
    if keep is not None:
        rows = rows.exclude(pk=keep.pk)
    return _end(rows.values_list("pk", flat=True), reason, actor=actor, now=now)


def end_everything_of(user_ids: Collection[UUID], *, actor: User, now: datetime) -> None:
    """End every session and every token log-in of the users. In the caller's transaction."""
    User.objects.filter(pk__in=user_ids).update(tokens_valid_from=now)
    end_logins_of(user_ids, reason=FORCED, actor=actor, now=now)


def force_log_out(users: Collection[User], *, actor: User, now: datetime) -> int:
    """End every session and every token log-in of the users; API keys stay.

    Accounts the actor may not manage are left alone; one's own may be among them.

    Returns:
        How many users were logged out.
    """
    allowed = [user.pk for user in users if user.pk == actor.pk or may_manage(actor, user)]
    with transaction.atomic():
        rows = User.objects.select_for_update().filter(pk__in=allowed).order_by("pk")
        locked = list(rows.values_list("pk", flat=True))
        events = [NewEvent("user.logged_out_everywhere", f"user:{pk}") for pk in locked]
        record_events(events, actor=actor, now=now)
        end_everything_of(locked, actor=actor, now=now)
    return len(locked)


def _end(login_ids: Iterable[UUID], reason: str, *, actor: User | None, now: datetime) -> int:
    """Mark log-ins as ended, with one event each."""
    rows = TokenLogin.objects.select_for_update().filter(pk__in=list(login_ids), revoked_at=None)
    ended = list(rows.order_by("pk").values_list("pk", flat=True))
    if not ended:
        return 0
    TokenLogin.objects.filter(pk__in=ended).update(revoked_at=now, revoked_reason=reason)
    events = [NewEvent("login.ended", f"token_login:{pk}", {"reason": reason}) for pk in ended]
    record_events(events, actor=actor, now=now)
    return len(ended)


def _issue(login: TokenLogin, *, now: datetime) -> IssuedTokens:
    return IssuedTokens(login, issue_access_token(login, now=now), issue_refresh_token(login, now=now))


def _subject(login: TokenLogin) -> str:
    return f"token_login:{login.pk}"


def _printable(text: str) -> str:
    return "".join(character for character in text if character.isprintable())
