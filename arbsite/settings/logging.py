"""Structured logs on standard error: JSON lines in production, readable key=value lines otherwise.

Everything goes through one handler at the root, whoever logs and however: structlog, the standard library
(with its `extra`), Django, Celery. Request and task ids are bound by django-structlog and follow work into
its tasks.
"""

import logging
import sys
from typing import Any

import structlog

from common.logging import drop_internal, redact

from .env import env
from .security import IS_PRODUCTION

__all__ = [
    "DJANGO_STRUCTLOG_CELERY_ENABLED", "DJANGO_STRUCTLOG_CELERY_TASK_START_LOG_LEVEL",
    "DJANGO_STRUCTLOG_CELERY_TASK_SUCCESS_LOG_LEVEL", "DJANGO_STRUCTLOG_IP_LOGGING_ENABLED",
    "DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL", "LOGGING", "LOG_FORMAT", "LOG_LEVEL",
]  # fmt: skip

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO").upper()
LOG_FORMAT = env.str("LOG_FORMAT", default="json" if IS_PRODUCTION else "console")

_shared: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    drop_internal,
]
_json: list[Any] = [
    structlog.processors.format_exc_info,
    redact,
    structlog.processors.JSONRenderer(ensure_ascii=False),
]
_console: list[Any] = [
    structlog.processors.format_exc_info,
    redact,
    structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=32),
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "lines": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": _shared,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *(_json if LOG_FORMAT == "json" else _console),
            ],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        # Django's own handlers go, so that nothing is written twice.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        # One line per task run or tick is django-structlog's at DEBUG; these would repeat it.
        "celery.app.trace": {"level": "CRITICAL"},
        "celery.worker.request": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
        "django_celery_beat.schedulers": {"level": "WARNING"},
        "axes": {"level": "WARNING"},
        # Known beforehand, or redis hangs a handler of its own on it as soon as something subscribes.
        "push_response": {"level": "INFO"},
    },
}

structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *_shared,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)

DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_CELERY_TASK_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_CELERY_TASK_SUCCESS_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False  # an address is personal data and proves little behind a proxy
