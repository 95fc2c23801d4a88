"""Celery: at-least-once delivery made safe by unique effects (docs/adr); queues, limits and the broker.

`tests/arbsite/test_celery.py` asserts these on the live application: with Celery's defaults killed workers
lose jobs.
"""

from urllib.parse import parse_qs, urlsplit

from kombu import Exchange, Queue

from .database import REDIS_CONNECT_SECONDS, REDIS_SOCKET_SECONDS, REDIS_URL
from .env import env

__all__ = [
    "CELERY_ACCEPT_CONTENT", "CELERY_BEAT_MAX_LOOP_INTERVAL", "CELERY_BEAT_SCHEDULER",
    "CELERY_BROKER_CONNECTION_MAX_RETRIES", "CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP",
    "CELERY_BROKER_TRANSPORT_OPTIONS", "CELERY_BROKER_URL", "CELERY_ENABLE_UTC",
    "CELERY_EVENT_SERIALIZER", "CELERY_RESULT_SERIALIZER", "CELERY_TASK_ACKS_LATE",
    "CELERY_TASK_ACKS_ON_FAILURE_OR_TIMEOUT", "CELERY_TASK_CREATE_MISSING_QUEUES",
    "CELERY_TASK_DEFAULT_QUEUE", "CELERY_TASK_IGNORE_RESULT", "CELERY_TASK_QUEUES",
    "CELERY_TASK_REJECT_ON_WORKER_LOST", "CELERY_TASK_ROUTES", "CELERY_TASK_SERIALIZER",
    "CELERY_TASK_SOFT_TIME_LIMIT", "CELERY_TASK_TIME_LIMIT", "CELERY_TASK_TRACK_STARTED",
    "CELERY_TIMEZONE", "CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS",
    "CELERY_WORKER_HIJACK_ROOT_LOGGER", "CELERY_WORKER_MAX_MEMORY_PER_CHILD",
    "CELERY_WORKER_PREFETCH_MULTIPLIER", "CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT",
    "DJANGO_CELERY_BEAT_TZ_AWARE", "QUEUES",
]  # fmt: skip

VISIBILITY_TIMEOUT_SECONDS = 900
"""An unacknowledged message is delivered again after this long."""


def broker_url(redis_url: str) -> str:
    """Return Celery's name for a Redis address: it spells unix sockets differently from redis-py."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    database = parse_qs(parts.query).get("db", ["0"])[0]
    login = f"{parts.netloc}@" if parts.netloc else ""
    return f"redis+socket://{login}{parts.path}?virtual_host={database}"


CELERY_BROKER_URL = broker_url(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": VISIBILITY_TIMEOUT_SECONDS,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": REDIS_SOCKET_SECONDS,
    "socket_connect_timeout": REDIS_CONNECT_SECONDS,
    "socket_keepalive": not CELERY_BROKER_URL.startswith("redis+socket"),
    "health_check_interval": 30,
    "retry_on_timeout": True,
}

CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_ACKS_ON_FAILURE_OR_TIMEOUT = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TRACK_STARTED = False
CELERY_TASK_SERIALIZER = "json"
CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_EVENT_SERIALIZER = "json"
CELERY_TASK_SOFT_TIME_LIMIT = 300
CELERY_TASK_TIME_LIMIT = 360
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_MEMORY_PER_CHILD = env.int("CELERY_WORKER_MAX_MEMORY_KB", default=1_500_000)
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = env.float("CELERY_SOFT_SHUTDOWN_SECONDS", default=20.0)
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True

CELERY_TASK_DEFAULT_QUEUE = "default"
QUEUES = ("scraping", "analysis", "default")
CELERY_TASK_QUEUES = tuple(Queue(name, Exchange(name), routing_key=name) for name in QUEUES)
CELERY_TASK_CREATE_MISSING_QUEUES = False
CELERY_TASK_ROUTES = {
    "scrapers.*": {"queue": "scraping"},
    "opportunities.*": {"queue": "analysis"},
    "pricing.*": {"queue": "default"},
    "jobs.*": {"queue": "default"},
    "common.*": {"queue": "default"},
}
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = 5
DJANGO_CELERY_BEAT_TZ_AWARE = True
