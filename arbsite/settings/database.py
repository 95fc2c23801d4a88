"""PostgreSQL and Redis: external when their URL is set, embedded under `VAR_DIR` otherwise.

Reading these settings starts nothing: the embedded servers' addresses follow from the data folder.
"""

from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from arbsite.embedded.layout import DATABASE_NAME, DATABASE_USER, Layout

from .env import VAR_DIR, env

__all__ = [
    "CACHES", "DATABASES", "EMBEDDED_SERVICES", "REDIS_CONNECT_SECONDS", "REDIS_SOCKET_SECONDS", "REDIS_URL",
]  # fmt: skip

_layout = Layout(VAR_DIR)
_database_url = env.str("DATABASE_URL", default="")
_redis_url = env.str("REDIS_URL", default="")

EMBEDDED_SERVICES = tuple(
    name for name, url in (("postgres", _database_url), ("redis", _redis_url)) if not url
)
"""The servers that this installation runs itself."""


def external_database(url: str) -> dict[str, Any]:
    """Return Django's form of a PostgreSQL address; raise ImproperlyConfigured, never with its password."""
    expected = "expected postgres://USER:PASSWORD@HOST:PORT/NAME"
    try:
        if urlsplit(url).scheme not in ("postgres", "postgresql"):
            raise ImproperlyConfigured(f"DATABASE_URL: not a PostgreSQL address, {expected}")
        found: dict[str, Any] = env.db_url_config(url)
    except (ValueError, KeyError) as error:
        raise ImproperlyConfigured(f"DATABASE_URL: cannot be read, {expected}") from error
    if not found.get("NAME"):
        raise ImproperlyConfigured(f"DATABASE_URL: names no database, {expected}")
    options = found.get("OPTIONS", {})
    if "host" in options:  # postgres://user@/name?host=/folder/of/the/socket
        found["HOST"] = options.pop("host")
    return found


def with_statement_timeout(options: dict[str, Any], milliseconds: int) -> dict[str, Any]:
    """Return connection options under which PostgreSQL ends a longer statement; 0 asks for nothing.

    Web servers set it, so that no request holds a connection for long; workers have time limits of their own.
    """
    if not milliseconds:
        return options
    if milliseconds < 0:
        raise ImproperlyConfigured("DATABASE_STATEMENT_TIMEOUT_MS: must not be negative")
    given = options.get("options", "")
    return {**options, "options": f"{given} -c statement_timeout={milliseconds}".strip()}


def checked_redis(name: str, url: str) -> str:
    """Return a Redis address as it is; raise ImproperlyConfigured, naming the variable, when it is none."""
    try:
        is_valid = _is_redis(url)
    except ValueError:
        is_valid = False
    if not is_valid:
        raise ImproperlyConfigured(
            f"{name}: not a Redis address, expected redis://HOST:PORT/DB, rediss://… or "
            "unix:///path/to/socket?db=DB"
        )
    return url


def _is_redis(url: str) -> bool:
    parts = urlsplit(url)
    database = parse_qs(parts.query).get("db", ["0"])[0]
    if parts.scheme == "unix":
        return len(parts.path) > 1 and int(database) >= 0
    if parts.scheme not in ("redis", "rediss") or not parts.hostname:
        return False
    return parts.port != 0 and int(parts.path.strip("/") or database) >= 0


def _embedded_redis(database: int) -> str:
    return f"unix://{quote(str(_layout.redis_socket))}?db={database}"


EMBEDDED_DATABASE: dict[str, Any] = {
    "NAME": DATABASE_NAME,
    "USER": DATABASE_USER,
    "HOST": str(_layout.postgres_socket_dir),
    "PORT": "",
}
_database = external_database(_database_url) if _database_url else EMBEDDED_DATABASE
_pool_size = env.int("DATABASE_POOL_SIZE", default=0)
_options: dict[str, Any] = with_statement_timeout(
    _database.pop("OPTIONS", {}), env.int("DATABASE_STATEMENT_TIMEOUT_MS", default=0)
)
if _pool_size:
    _options["pool"] = {"min_size": 1, "max_size": _pool_size, "timeout": 10}
DATABASES: dict[str, Any] = {
    "default": {
        **_database,
        "ENGINE": "django_prometheus.db.backends.postgresql",
        # A thread of an ASGI server serves one request, so a connection must not be kept with it: pool
        # instead.
        "CONN_MAX_AGE": 0 if _pool_size else env.int("DATABASE_CONN_MAX_AGE", default=60),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": _options,
    }
}

REDIS_URL = checked_redis("REDIS_URL", _redis_url) if _redis_url else _embedded_redis(0)
"""The broker's Redis: `noeviction`, append-only file. The cache has its own database or server."""
REDIS_CONNECT_SECONDS = env.float("REDIS_CONNECT_SECONDS", default=2.0)
REDIS_SOCKET_SECONDS = env.float("REDIS_SOCKET_SECONDS", default=5.0)

_cache_url = env.str("CACHE_REDIS_URL", default="") or (_redis_url or _embedded_redis(1))
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": checked_redis("CACHE_REDIS_URL", _cache_url),
        "KEY_PREFIX": "arbsite",
        "OPTIONS": {"socket_timeout": REDIS_SOCKET_SECONDS, "socket_connect_timeout": REDIS_CONNECT_SECONDS},
    }
}
