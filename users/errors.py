"""What the users app refuses, with stable codes."""

from typing import ClassVar

from common.errors import DomainError


class SignupClosed(DomainError):
    """Strangers cannot make themselves an account here."""

    default_code = "signup_closed"
    status = 403


class LoginEnded(DomainError):
    """The log-in behind a token has ended, or the token is not its newest: log in again."""

    default_code = "login_ended"
    status = 401


class WrongPassword(DomainError):
    """The current password, asked for as a proof, is wrong."""

    default_code = "wrong_password"
    status = 403


class NameTaken(DomainError):
    """Another one has this name already."""

    default_code = "name_taken"
    status = 409


class LimitReached(DomainError):
    """There are as many of them as one user may have."""

    default_code = "limit_reached"
    status = 409


class ScopeTooWide(DomainError):
    """A key would get more than its maker may give."""

    default_code = "scope_too_wide"
    status = 403


class NotManageable(DomainError):
    """The account is above the actor's own."""

    default_code = "not_manageable"
    status = 403

    only_admins: ClassVar[str] = "This account is above yours."
