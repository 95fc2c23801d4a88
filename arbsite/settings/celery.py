"""Celery: at-least-once delivery made safe by unique effects (docs/adr); queues and limits."""

from .database import REDIS_URL

__all__: list[str] = ["CELERY_BROKER_URL"]

CELERY_BROKER_URL = REDIS_URL
