"""Static files: WhiteNoise serves them, Vite builds the dashboard's.

Vite puts a hash into each file's name and the chunks import each other by those names, so Django must not add
a second one (two copies of React would run). Without `STATIC_ROOT` files are served straight from where they
are; an image sets it and runs `collectstatic`, and then everything but the dashboard's files gets Django's
hash.
"""

import re

from .env import BASE_DIR, env

__all__ = [
    "DJANGO_VITE", "FRONTEND_DIST", "SILENCED_SYSTEM_CHECKS", "STATICFILES_DIRS", "STATIC_ROOT", "STATIC_URL",
    "STORAGES", "WHITENOISE_IMMUTABLE_FILE_TEST", "WHITENOISE_USE_FINDERS",
]  # fmt: skip

FRONTEND_DIST = BASE_DIR / "frontend" / "dist"
STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT", default="") or None
STATICFILES_DIRS = [path for path in (FRONTEND_DIST, BASE_DIR / "frontend" / "public") if path.exists()]
WHITENOISE_USE_FINDERS = STATIC_ROOT is None

_STATIC_STORAGE = (
    "arbsite.static_storage.HashedOnceStorage"
    if STATIC_ROOT
    else "django.contrib.staticfiles.storage.StaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _STATIC_STORAGE},
}

_HASHED = re.compile(r"/static/(dashboard/[^/]+-[\w-]{8}\.\w+|.*\.[0-9a-f]{12}\.\w+)$")


def WHITENOISE_IMMUTABLE_FILE_TEST(path: str, url: str) -> bool:  # noqa: N802 - WhiteNoise's name
    """Tell whether a file may be cached for ever: its name changes when its content does."""
    return _HASHED.match(url) is not None


DJANGO_VITE = {
    "default": {
        "dev_mode": env.bool("ARBSITE_VITE_DEV", default=False),
        "dev_server_host": "127.0.0.1",
        "dev_server_port": 5173,
        "manifest_path": FRONTEND_DIST / "manifest.json",
    }
}
# A checkout without a built front end is no error: the page says how to build it, and so does `doctor`.
SILENCED_SYSTEM_CHECKS = ["django_vite.W001"]
