"""Secrets, hosts, cookies, passwords, lockout, content security policy."""

from .env import env

__all__ = ["ALLOWED_HOSTS", "AUTHENTICATION_BACKENDS", "SECRET_KEY"]

SECRET_KEY = env.str("DJANGO_SECRET_KEY", default="insecure-development-only")
ALLOWED_HOSTS = env.list("DJANGO_ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
