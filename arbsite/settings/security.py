"""Secrets, hosts, cookies, passwords, lockout, content security policy."""

import hashlib
import hmac
from datetime import timedelta
from typing import Any

from csp.constants import NONE, SELF

from .api import TRUSTED_PROXIES
from .env import env, generated_secret

__all__ = [
    "ACCESS_COOKIE_NAME", "ACCESS_COOKIE_PATH", "ADMIN_CSP_DIRECTIVES", "ALLOWED_HOSTS", "ARBSITE_ENV",
    "AUTHENTICATION_BACKENDS", "AUTH_PASSWORD_VALIDATORS",
    "AXES_COOLOFF_TIME", "AXES_DISABLE_ACCESS_LOG", "AXES_FAILURE_LIMIT", "AXES_IPWARE_PROXY_COUNT",
    "AXES_LOCKOUT_CALLABLE", "AXES_LOCKOUT_PARAMETERS", "AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT",
    "AXES_RESET_ON_SUCCESS", "AXES_VERBOSE", "CONTENT_SECURITY_POLICY", "CSRF_COOKIE_SAMESITE",
    "CSRF_COOKIE_SECURE", "CSRF_FAILURE_VIEW", "CSRF_TRUSTED_ORIGINS", "DATA_UPLOAD_MAX_MEMORY_SIZE",
    "FIELD_ENCRYPTION_KEYS",
    "IS_PRODUCTION", "LOGIN_REDIRECT_URL", "LOGIN_URL", "PASSWORD_HASHERS", "REFRESH_COOKIE_NAME",
    "REFRESH_COOKIE_PATH",
    "SECRET_KEY", "SECRET_KEY_FALLBACKS", "SECURE_CONTENT_TYPE_NOSNIFF",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD", "SECURE_HSTS_SECONDS", "SECURE_PROXY_SSL_HEADER",
    "SECURE_REDIRECT_EXEMPT", "SECURE_REFERRER_POLICY", "SECURE_SSL_REDIRECT", "SESSION_COOKIE_AGE",
    "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_NAME", "SESSION_COOKIE_SAMESITE", "SESSION_COOKIE_SECURE",
    "SIGNUP_ENABLED", "SIMPLE_JWT",
    "USE_X_FORWARDED_HOST", "X_FRAME_OPTIONS",
]  # fmt: skip

ARBSITE_ENV = env.str("ARBSITE_ENV", default="development")
IS_PRODUCTION = ARBSITE_ENV == "production"

SECRET_KEY = env.str("DJANGO_SECRET_KEY", default="") or generated_secret("secret_key")
SECRET_KEY_FALLBACKS = env.list("DJANGO_SECRET_KEY_FALLBACKS", default=[])
# Secrets kept in the database: the first key encrypts, all decrypt; `manage.py rotate_keys` after a change.
# Unset, they follow from the secret key and its fallbacks, so that all hosts agree on them.
FIELD_ENCRYPTION_KEYS = env.list("FIELD_ENCRYPTION_KEYS", default=[]) or [
    hmac.new(key.encode(), b"arbsite.fields", hashlib.sha256).hexdigest()
    for key in (SECRET_KEY, *SECRET_KEY_FALLBACKS)
]
ALLOWED_HOSTS = env.list("DJANGO_ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])

# Cookies and transport. `make run` speaks plain HTTP on the loopback address; production speaks TLS only.
SESSION_COOKIE_NAME = "__Host-arbsite-session" if IS_PRODUCTION else "arbsite-session"
SESSION_COOKIE_AGE = env.int("SESSION_HOURS", default=12) * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = env.bool("SECURE_COOKIES", default=IS_PRODUCTION)
# Token cookies: the prefix `__Host-` would ask for the path "/", and theirs are narrower.
_token_prefix = "__Secure-" if IS_PRODUCTION else ""
ACCESS_COOKIE_NAME = f"{_token_prefix}arbsite-access"
ACCESS_COOKIE_PATH = "/api/"
REFRESH_COOKIE_NAME = f"{_token_prefix}arbsite-refresh"
REFRESH_COOKIE_PATH = "/api/v1/auth/"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
CSRF_FAILURE_VIEW = "common.api.handlers.csrf_failure"
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=IS_PRODUCTION)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000 if IS_PRODUCTION else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_PRODUCTION
SECURE_HSTS_PRELOAD = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
USE_X_FORWARDED_HOST = False
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576

# Passwords and lockout.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
SIGNUP_ENABLED = env.bool("SIGNUP_ENABLED", default=False)
"""Whether strangers may make themselves an account (a viewer's); staff makes accounts in the admin."""

# Tokens: one algorithm, a key of their own. It follows from the secret key, so that all hosts agree on it.
SIMPLE_JWT: dict[str, Any] = {
    "ALGORITHM": "HS256",
    "SIGNING_KEY": env.str("TOKEN_SIGNING_KEY", default="")
    or hmac.new(SECRET_KEY.encode(), b"arbsite.tokens", hashlib.sha256).hexdigest(),
    "ISSUER": "arbsite",
    "LEEWAY": timedelta(seconds=5),  # hosts' clocks differ a little
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=env.int("TOKEN_ACCESS_MINUTES", default=10)),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=env.int("TOKEN_LOGIN_DAYS", default=14)),
}
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "users.backends.RoleBackend",
]
LOGIN_URL = "/admin/login/"
LOGIN_REDIRECT_URL = "/admin/"
AXES_FAILURE_LIMIT = env.int("LOGIN_FAILURE_LIMIT", default=5)
AXES_COOLOFF_TIME = timedelta(minutes=env.int("LOGIN_LOCKOUT_MINUTES", default=15))
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "users.lockout.lockout_response"
AXES_DISABLE_ACCESS_LOG = True
AXES_IPWARE_PROXY_COUNT = TRUSTED_PROXIES
AXES_VERBOSE = False

# Content security policy: nothing inline and nothing from elsewhere. uPlot positions its elements with style
# attributes; the admin's Alpine evaluates expressions, so only /admin may use 'unsafe-eval'.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF, "'unsafe-inline'"],
        "img-src": [SELF, "data:", "https:"],
        "font-src": [SELF, "data:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
ADMIN_CSP_DIRECTIVES = {"script-src": [SELF, "'unsafe-eval'"]}
