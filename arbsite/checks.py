"""System checks that refuse to start a production site which is not safe: `arbsite.E001` to `arbsite.E012`.

They run on `manage.py check`, before any management command, and, through `refuse_unsafe_start`, when the
WSGI or ASGI application is loaded: granian never runs `check` by itself. A development installation
(`ARBSITE_ENV` unset) passes.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

MIN_SECRET_LENGTH: Final = 50
MIN_SECRET_CHARACTERS: Final = 10
KNOWN_ENVIRONMENTS: Final = ("development", "production")
ROLE_PERMISSION: Final = "common.api.permissions.RoleRequired"


@register(Tags.security)
def check_production(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> list[CheckMessage]:
    """Return one error per thing that must not be so in production."""
    if settings.ARBSITE_ENV not in KNOWN_ENVIRONMENTS:
        return [
            _error(1, f"ARBSITE_ENV is {settings.ARBSITE_ENV!r}.", "Set it to development or production.")
        ]
    if not settings.IS_PRODUCTION:
        return []
    return [*_services(), *_addresses(), *_secrets(), *_api(), *_transport()]


def refuse_unsafe_start() -> None:
    """Stop a server process whose configuration the checks refuse.

    Raises:
        ImproperlyConfigured: naming every fault and its remedy.
    """
    errors = check_production()
    if errors:
        lines = "\n".join(f"  {error.id}: {error.msg} {error.hint}" for error in errors)
        raise ImproperlyConfigured(f"This configuration is not safe for production:\n{lines}")


def _services() -> Iterator[CheckMessage]:
    if "postgres" in settings.EMBEDDED_SERVICES:
        yield _error(
            2,
            "The embedded PostgreSQL trusts every local user.",
            "Set DATABASE_URL to a server of your own.",
        )
    if "redis" in settings.EMBEDDED_SERVICES:
        yield _error(3, "The embedded Redis has no password.", "Set REDIS_URL to a server of your own.")


def _addresses() -> Iterator[CheckMessage]:
    if not settings.ALLOWED_HOSTS or any(host in ("*", ".") for host in settings.ALLOWED_HOSTS):
        yield _error(4, "Every host name is accepted.", "Set DJANGO_ALLOWED_HOSTS to the site's own names.")
    if settings.DEBUG:
        yield _error(5, "DEBUG shows settings and source to visitors.", "Unset DJANGO_DEBUG.")


def _secrets() -> Iterator[CheckMessage]:
    secret = str(settings.SECRET_KEY)
    is_weak = len(secret) < MIN_SECRET_LENGTH or len(set(secret)) < MIN_SECRET_CHARACTERS
    if is_weak or "insecure" in secret or "change" in secret.lower():
        yield _error(
            6,
            "The secret key is short, monotonous or a published default.",
            f"Set DJANGO_SECRET_KEY to at least {MIN_SECRET_LENGTH} random characters.",
        )


def _api() -> Iterator[CheckMessage]:
    rest: dict[str, Any] = settings.REST_FRAMEWORK
    if settings.API_PUBLIC_READ:
        yield _error(7, "The API can be read without a login.", "Unset API_PUBLIC_READ.")
    if list(rest.get("DEFAULT_PERMISSION_CLASSES", ())) != [ROLE_PERMISSION]:
        yield _error(
            8, "API views are not closed by default.", f"Keep {ROLE_PERMISSION} as the default permission."
        )
    rates = rest.get("DEFAULT_THROTTLE_RATES", {})
    if not rest.get("DEFAULT_THROTTLE_CLASSES") or not all(
        rates.get(name) for name in ("anon", "user", "login")
    ):
        yield _error(
            9,
            "API calls are not limited.",
            "Set API_RATE_ANONYMOUS, API_RATE_USER and API_RATE_LOGIN, e.g. 600/min.",
        )
    if rest.get("NUM_PROXIES") is None:
        yield _error(
            10, "Callers can choose their address with X-Forwarded-For.", "Set TRUSTED_PROXIES to a number."
        )


def _transport() -> Iterator[CheckMessage]:
    if not (
        settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE and settings.SESSION_COOKIE_HTTPONLY
    ):
        yield _error(11, "Cookies may travel over plain HTTP.", "Unset SECURE_COOKIES.")
    if not settings.SECURE_SSL_REDIRECT and not settings.SECURE_PROXY_SSL_HEADER:
        yield _error(
            12,
            "Pages are served over plain HTTP.",
            "Unset SECURE_SSL_REDIRECT, or set TRUSTED_PROXIES if a proxy of yours ends TLS.",
        )


def _error(number: int, message: str, hint: str) -> Error:
    return Error(message, hint=hint, id=f"arbsite.E{number:03d}")
