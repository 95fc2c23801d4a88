"""PostgreSQL and Redis: external when their URL is set, embedded under `VAR_DIR` otherwise."""

from .env import env

__all__ = ["CACHES", "DATABASES", "REDIS_URL"]

DATABASES = {
    "default": {
        **env.db_url("DATABASE_URL"),
        "ENGINE": "django_prometheus.db.backends.postgresql",
        "CONN_MAX_AGE": env.int("DATABASE_CONN_MAX_AGE", default=60),
        "CONN_HEALTH_CHECKS": True,
    }
}
REDIS_URL = env.str("REDIS_URL")

CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
