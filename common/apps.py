"""Django application configuration of `common`."""

from typing import Any

from django.apps import AppConfig


class CommonConfig(AppConfig):
    """The base of every app; connects logging and metrics to the process it runs in."""

    name = "common"
    verbose_name = "Common"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Keep Celery from adding log handlers of its own, and offer the database's figures to Prometheus."""
        from celery.signals import setup_logging

        from .metrics_collector import register_collector

        setup_logging.connect(_keep_logging, weak=False)
        register_collector()


def _keep_logging(**_: Any) -> None:
    """Do nothing: having a receiver tells Celery that logging is set up already."""
