"""Django application configuration of `common`."""

from typing import Any

from django.apps import AppConfig


class CommonConfig(AppConfig):
    """The base of every app; connects logging and metrics to the process it runs in."""

    name = "common"
    verbose_name = "Common"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make workers log like everything else, and offer the database's figures to Prometheus."""
        from celery.signals import setup_logging, worker_init

        from .metrics_collector import register_collector

        setup_logging.connect(_keep_logging, dispatch_uid="common.keep_logging")
        worker_init.connect(_bind_tasks, dispatch_uid="common.bind_tasks")
        register_collector()


def _keep_logging(**_: Any) -> None:
    """Do nothing: having a receiver tells Celery that logging is set up already."""


def _bind_tasks(**_: Any) -> None:
    """Bind each task's id, and the id of the request that asked for it, to what the worker logs."""
    from celery import signals
    from django_structlog.celery.receivers import CeleryReceiver

    receiver = CeleryReceiver()
    for signal, handler in (
        (signals.task_prerun, receiver.receiver_task_prerun),
        (signals.task_retry, receiver.receiver_task_retry),
        (signals.task_success, receiver.receiver_task_success),
        (signals.task_failure, receiver.receiver_task_failure),
        (signals.task_revoked, receiver.receiver_task_revoked),
        (signals.task_unknown, receiver.receiver_task_unknown),
        (signals.task_rejected, receiver.receiver_task_rejected),
    ):
        signal.connect(handler, weak=False)
